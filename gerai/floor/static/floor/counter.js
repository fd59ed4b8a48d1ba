// Every action of the counter is a key, shown on its button. The list follows the floor without a click.
(() => {
  addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, a, summary, button")) return;
    const button = document.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });
  const follow = async () => {
    if (document.hidden) return;
    try {
      const text = await (await fetch(location.href)).text();
      const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("live-list");
      if (fresh) document.getElementById("live-list").innerHTML = fresh.innerHTML;
    } catch { /* the line is down: the next round tries again */ }
  };
  setInterval(follow, 5000);
})();
