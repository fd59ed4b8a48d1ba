// Follow a visit or a counter: on each hint, fetch the part that changes. Nothing else is kept here.
(() => {
  const part = document.getElementById("live");
  const lost = document.getElementById("lost");
  const when = () => part.querySelector("[data-called]")?.dataset.called;
  let called = when();
  const refresh = async () => {
    try {
      const answer = await fetch(part.dataset.url, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) throw new Error(answer.status);
      Part.put(part, await answer.text());
      if (when() && when() !== called) navigator.vibrate?.([300, 150, 300]); // also when called again
      called = when();
      lost.hidden = true;
    } catch { lost.hidden = false; }
  };
  // A thousand phones hear the same hint: each asks a moment later, and once for all hints that came meanwhile.
  let asking = 0;
  const soon = () => { asking = asking || setTimeout(() => { asking = 0; refresh(); }, Math.random() * 400); };
  const source = new EventSource(`/live/${part.dataset.mall}`);
  source.onmessage = soon;
  source.onerror = () => { lost.hidden = false; };
  source.onopen = soon; // what happened while the line was down brings no hint any more
  addEventListener("offline", () => { lost.hidden = false; }); // the browser knows before the connection does
  addEventListener("online", refresh);
  setInterval(refresh, 30000);
  // Whoever waits with the page open is not called to a dark screen; and shows it to others with one tap.
  const awake = () => { if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {}); };
  addEventListener("visibilitychange", awake);
  awake();
  const share = document.getElementById("share");
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener("click", () => navigator.share({ title: document.title, url: location.href }).catch(() => {}));
  }
})();
