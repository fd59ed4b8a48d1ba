// The counter: every action is a key, shown on its button. The screen follows the floor by hints; a lost line
// loses nothing. Without this file the same forms work by clicking.
(() => {
  const screen = document.getElementById("screen");
  const line = document.getElementById("line");
  const said = document.getElementById("said");
  const IDLE = 10 * 60 * 1000;
  let touched = Date.now();
  let told = touched;

  // -- what is shown ----------------------------------------------------------------------------------------
  const shown = {};
  for (const part of screen.children) shown[part.dataset.part] = part.innerHTML;

  // The space bar rests a moment when somebody is called: a double press must not end their turn.
  let resting = 0;
  const wake = () => {
    clearTimeout(resting);
    delete screen.dataset.rests;
  };
  const rest = () => {
    clearTimeout(resting);
    screen.dataset.rests = "yes";
    resting = setTimeout(wake, 400);
  };

  const busy = (part) => part.querySelector("details[open]") && part.contains(document.activeElement);
  const show = (html, force) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const name = part.dataset.part;
      const here = screen.querySelector(`[data-part="${name}"]`);
      if (Part.bare(shown[name]) === Part.bare(part.innerHTML) || (!force && busy(here))) continue;
      const scrolled = here.querySelector("ol")?.scrollTop;
      const who = here.querySelector(".serving")?.textContent;
      const inside = here.contains(document.activeElement);
      shown[name] = part.innerHTML;
      here.innerHTML = part.innerHTML;
      if (scrolled) here.querySelector("ol").scrollTop = scrolled;
      if (inside) document.getElementById("isi").focus({ preventScroll: true });
      const now = here.querySelector(".serving")?.textContent;
      if (now && now !== who) rest();
      else if (who && !now) wake();
    }
  };

  const tell = (box) => {
    const count = box.waiting.length;
    line.hidden = !box.lost && !box.stopped;
    line.textContent = box.stopped === "signed out" ? line.dataset.signIn
      : !count ? line.dataset.none : count === 1 ? line.dataset.one : line.dataset.many.replace("#", count);
    if (box.stopped === "locked") location.reload();
    screen.classList.toggle("waits", count > 0);
  };

  let answers = 0;
  const answered = (answer, last) => {
    answers += 1;
    said.hidden = !answer.text;
    said.textContent = answer.text || "";
    if (!answer.screen) { if (last && !answer.code) location.reload(); return; }
    if (last) show(answer.screen, true);
  };

  const box = new Outbox(`outbox ${screen.dataset.duty}`, { answered, changed: tell });
  tell(box);
  box.send();

  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-plain") || !form.closest("main")) return;
    event.preventDefault();
    const by = event.submitter;
    const body = new URLSearchParams(new FormData(form, by));
    form.closest("details")?.removeAttribute("open");
    box.add(by?.hasAttribute("formaction") ? by.formAction : form.action, body.toString());
  });

  // -- keys -------------------------------------------------------------------------------------------------
  const press = (button) => {
    if (!button || button.disabled) return false;
    if (button.matches("summary, details")) {
      const panel = button.closest("details");
      panel.open = !panel.open;
      if (panel.open) (panel.querySelector("[data-digit]") || panel.querySelector("input:not([type=hidden]), select") || panel.querySelector("button"))?.focus();
      if (panel.open) panel.scrollIntoView({ block: "nearest" });
    } else if (button.form) {
      button.form.requestSubmit(button);
    } else {
      button.click();
    }
    return true;
  };
  addEventListener("keydown", (event) => {
    touched = Date.now();
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const panel = document.querySelector("details.panel[open]");
    if (event.key === "Escape" && panel) { panel.open = false; document.getElementById("isi").focus(); return; }
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const space = event.key === " ";
    if ((space || event.key === "Enter") && event.target.closest("a, summary, button, input")) return;
    const key = space ? "space" : event.key.toLowerCase();
    if (space && screen.dataset.rests) { event.preventDefault(); return; }
    const digit = /^\d$/.test(key) && panel?.querySelector(`[data-digit="${key}"]`);
    if (press(digit || document.querySelector(`[data-keys~="${CSS.escape(key)}"]`))) event.preventDefault();
  });
  addEventListener("pointerdown", () => { touched = Date.now(); });

  // -- following the floor ----------------------------------------------------------------------------------
  let following = false;
  let wanted = false;
  const follow = async () => {
    if (following) { wanted = true; return; }
    following = true;
    wanted = false;
    const before = answers;
    try {
      const alive = touched > told;
      const answer = await fetch(`${screen.dataset.state}${alive ? "?touched=1" : ""}`, { redirect: "manual" });
      if (answer.status === 205 || answer.type === "opaqueredirect") {
        if (!box.waiting.length) location.reload();
      } else if (answer.ok) {
        if (alive) told = Date.now();
        const html = await answer.text();
        box.lost = false;
        if (before !== answers) wanted = true;  // asked before a press was answered: it shows the past
        else if (!box.waiting.length) show(html, false);
        tell(box);
        box.send();
      }
    } catch {
      box.lost = true;
      tell(box);
    }
    setTimeout(() => { following = false; if (wanted) follow(); }, 1000);  // at most once a second
  };
  const source = new EventSource(`/live/${screen.dataset.mall}`);
  source.onmessage = follow;
  source.onerror = () => { box.lost = true; tell(box); };
  addEventListener("online", follow);
  addEventListener("offline", () => { box.lost = true; tell(box); });

  setInterval(() => {
    if (Date.now() - touched > IDLE) document.querySelector(`form[action="${screen.dataset.lock}"]`).submit();
    else if (!document.hidden) follow();
  }, 30000);
})();
