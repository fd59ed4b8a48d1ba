// The floor now: on each hint fetch the part that changes, at most every three seconds; forms below stay as they are.
(() => {
  const part = document.getElementById("live");
  const lost = document.getElementById("lost");
  const least = 3000;
  let last = 0;
  let waiting = null;
  const refresh = async () => {
    waiting = null;
    last = Date.now();
    try {
      const answer = await fetch(part.dataset.url, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const text = await answer.text();
      const focused = part.contains(document.activeElement) && document.activeElement.closest("form");
      if (!focused) Part.put(part, text);
      lost.hidden = true;
    } catch { lost.hidden = false; }
  };
  const soon = () => { waiting ??= setTimeout(refresh, Math.max(0, least - (Date.now() - last))); };
  const source = new EventSource(`/live/${part.dataset.mall}`);
  source.onmessage = soon;
  source.onerror = () => { lost.hidden = false; };
  source.onopen = () => { lost.hidden = true; };
  setInterval(soon, 30000);
})();
