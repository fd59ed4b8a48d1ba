// Follow a visit or a counter: on each hint, fetch the part that changes. Nothing else is kept here.
(() => {
  const part = document.getElementById("live");
  const lost = document.getElementById("lost");
  const refresh = async () => {
    try {
      const answer = await fetch(part.dataset.url, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) throw new Error(answer.status);
      const text = await answer.text();
      const before = part.innerHTML;
      if (text.trim() !== before.trim()) {
        part.innerHTML = text;
        if (text.includes("data-called") && !before.includes("data-called") && navigator.vibrate) navigator.vibrate([300, 150, 300]);
      }
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
})();
