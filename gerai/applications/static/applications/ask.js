// The officer's screen follows what the applicant does on the phone. Without scripts it reloads every ten seconds.
const ask = document.getElementById("ask");

async function look() {
  try {
    const answer = await fetch(ask.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected || (await answer.json()).state !== ask.dataset.state) return location.reload();
  } catch {
    // no connection at the moment: the next look tells
  }
  setTimeout(look, document.hidden ? 10000 : 2000);
}

setTimeout(look, 2000);
