// A box that is not let in: ask for a code, then ask every two seconds whether the manager has typed it.
(() => {
  const ask = document.getElementById("ask");
  const claim = document.getElementById("claim");
  if (!claim) {
    setTimeout(() => ask.requestSubmit(), 500);
    return;
  }
  const look = async () => {
    try {
      const answer = await fetch(claim.action, { method: "POST", body: new FormData(claim), headers: { Accept: "application/json" } });
      if (answer.status === 410) return ask.requestSubmit(); // the code has run out
      if (answer.ok && (await answer.json()).paired) return location.reload();
    } catch { /* the server is away: the next round tries again */ }
    setTimeout(look, 2000);
  };
  look();
})();
