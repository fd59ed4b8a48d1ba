// Keys of the inbox and of the case screen, each written on the page. They go, open, mark and take up; none ends a task.
// Never while somebody types; whoever needs single letters otherwise (speech input) turns them off, and it stays so.
(() => {
  const help = document.getElementById("keys");
  if (!help) return;
  const OFF = "keys off";
  const toggle = document.getElementById("keys_off");
  const list = document.getElementById("keys_list");
  const turnOff = toggle.textContent;
  const documents = [...document.querySelectorAll("[data-view]")];
  const rows = [...document.querySelectorAll("[data-row]")];
  const asked = () => { try { return localStorage.getItem(OFF) === "yes"; } catch { return false; } };
  let off = asked();

  documents.slice(0, 9).forEach((link, n) => {
    const key = document.createElement("kbd");
    key.textContent = n + 1;
    link.after(key);
  });
  const hints = [...document.querySelectorAll("main kbd")].filter((key) => !help.contains(key));
  const show = () => {
    hints.forEach((key) => { key.hidden = off; });
    list.hidden = off;
    toggle.textContent = off ? toggle.dataset.on : turnOff;
    help.hidden = false;
  };
  toggle.addEventListener("click", () => {
    off = !off;
    try { localStorage.setItem(OFF, off ? "yes" : "no"); } catch { /* then for this page alone */ }
    show();
  });
  show();

  const go = (to) => {
    if (!to) return;
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const here = rows.indexOf(document.activeElement);
    go(rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1)]);
  };
  const press = (found) => {
    if (found.matches("a")) found.click();
    else if (found.matches("button")) found.form.requestSubmit(found);
    else if (found.matches("input")) go(found);
    else {
      const inside = [...found.querySelectorAll("a, button, summary, input:not([type=hidden]), textarea, select")];
      found.scrollIntoView({ block: "start" });
      inside.find((one) => one.checkVisibility())?.focus({ preventScroll: true });
    }
  };

  addEventListener("keydown", (event) => {
    if (off || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    const key = event.key.toLowerCase();
    if (rows.length && (key === "j" || key === "k")) step(key === "j" ? 1 : -1);
    else if (event.repeat) return;
    else if (key === "?") go(help);
    else if (/^[1-9]$/.test(key) && documents[key - 1]) documents[key - 1].click();
    else if (key === "x" && rows.includes(document.activeElement)) document.activeElement.closest("tr").querySelector("[type=checkbox]")?.click();
    else {
      const found = document.querySelector(`[data-keys~="${CSS.escape(key)}"]`);
      if (!found) return;
      press(found);
    }
    event.preventDefault();
  });
})();
