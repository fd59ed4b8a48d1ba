// The kiosk: back to the start after 40 seconds without a touch, asked about for 20 more (ruling "Privacy and
// security"); letters to touch; printing; one answer to many taps. Nothing about a visitor is kept.
(() => {
  const body = document.body;
  const ask = document.getElementById("still-here");
  const yes = document.getElementById("still-here-yes");
  const lost = document.getElementById("lost");
  let timer;
  const home = () => location.replace(body.dataset.home);
  const idle = () => {
    if (location.pathname === body.dataset.home && !location.search) return awake(); // at the start already
    ask.hidden = false;
    yes.focus();
    timer = setTimeout(home, 20000);
  };
  const awake = () => {
    clearTimeout(timer);
    ask.hidden = true;
    timer = setTimeout(idle, 40000);
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, awake, { passive: true });
  document.querySelector("main").addEventListener("scroll", awake, { passive: true });
  yes.addEventListener("click", awake);
  ask.addEventListener("keydown", (event) => { if (event.key === "Tab") event.preventDefault(); });
  awake();

  // Links replace the page, so that "back" never shows what somebody before has chosen.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    location.replace(link.href);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) return event.preventDefault();
    if (event.target.id !== "print") event.target.dataset.sent = "yes";
  });

  const box = document.getElementById("q");
  if (box) {
    const keys = document.createElement("div");
    keys.className = "kiosk-keys";
    keys.hidden = true;
    keys.setAttribute("role", "group");
    keys.setAttribute("aria-label", box.dataset.keys);
    const key = (label, name, act, wide) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      if (name) button.setAttribute("aria-label", name);
      if (wide) button.className = "wide";
      button.addEventListener("click", () => { box.value = act(box.value).slice(0, 60); });
      keys.append(button);
    };
    for (const letter of box.dataset.letters || "qwertyuiopasdfghjkl-zxcvbnm123") key(letter, letter === "-" ? "-" : "", (text) => text + letter);
    if (!box.dataset.letters) key(box.dataset.space, "", (text) => `${text} `, true);
    key(box.dataset.erase, "", (text) => text.slice(0, -1), true);
    box.form.after(keys);
    box.addEventListener("focus", () => { keys.hidden = false; });
    if (box.dataset.letters) keys.hidden = false;
  }

  const ticket = document.getElementById("ticket");
  if (ticket) {
    const form = document.getElementById("print");
    const told = document.getElementById("printed");
    const tell = (text, good) => {
      told.textContent = text;
      told.className = `kiosk-said tag ${good ? "tag-ok" : "tag-warn"}`;
      told.hidden = false;
    };
    const print = async () => {
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
        const { trouble } = await answer.json();
        if (!trouble) tell(ticket.dataset.done, true);
        else tell(trouble === "paper_out" ? ticket.dataset.out : ticket.dataset.fail, false);
      } catch { tell(ticket.dataset.fail, false); }
    };
    const own = ticket.dataset.printer === "yes";
    form.addEventListener("submit", (event) => { event.preventDefault(); print(); });
    const paper = document.getElementById("paper");
    if (paper) {
      paper.hidden = false;
      paper.addEventListener("click", () => window.print());
    }
    if (ticket.dataset.new === "yes") { // once, not again on a reload
      const here = new URL(location.href);
      here.searchParams.delete("baru");
      history.replaceState(null, "", here);
      if (own) print();
      else window.print();
    }
  }

  const beat = async () => {
    try {
      const answer = await fetch(body.dataset.beat, { cache: "no-store" });
      if (answer.status === 401) return home();
      lost.hidden = answer.ok;
    } catch { lost.hidden = false; }
  };
  setInterval(beat, 30000);
  addEventListener("online", beat);
  addEventListener("offline", () => { lost.hidden = false; });
  const source = new EventSource(`/live/${body.dataset.mall}/${body.dataset.device}`);
  source.addEventListener("revoked", home);
})();
