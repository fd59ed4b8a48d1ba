// A document of the case opens beside the answers. Each opening is one request, so that the ledger tells of it once.
// Without this file, on a narrow screen and with a modifier key, the same link opens a tab of its own.
(() => {
  const viewer = document.getElementById("viewer");
  const frame = document.getElementById("viewer_frame");
  const title = document.getElementById("viewer_title");
  const wide = matchMedia("(min-width: 60rem)");
  let shown = null;

  const close = () => {
    if (!shown) return;
    viewer.hidden = true;
    frame.replaceChildren();
    shown.removeAttribute("aria-current");
    shown.focus();
    shown = null;
  };

  const open = (link) => {
    shown?.removeAttribute("aria-current");
    shown = link;
    link.setAttribute("aria-current", "true");
    title.textContent = link.dataset.proves;
    document.getElementById("viewer_tab").href = link.href;
    const picture = link.dataset.view.startsWith("image/");
    const made = document.createElement(picture ? "img" : "iframe");
    made[picture ? "alt" : "title"] = link.dataset.proves;
    made.src = link.href;
    frame.replaceChildren(made);
    viewer.hidden = false;
    title.focus();
    viewer.scrollIntoView({ block: "nearest" });
  };

  addEventListener("click", (event) => {
    const link = event.target.closest("a[data-view]");
    if (!link || !wide.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (link === shown) close(); else open(link);
  });
  document.getElementById("viewer_close").addEventListener("click", close);
  addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
})();
