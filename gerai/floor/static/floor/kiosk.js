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
    keys.setAttribute("role", "toolbar"); // a screen reader says it as one thing with its name
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
    // By keyboard they are one stop, arrows move inside: the services stand right behind it.
    const letters = [...keys.children];
    const stop = (at) => letters.forEach((one, n) => { one.tabIndex = n === at ? 0 : -1; });
    stop(0);
    keys.addEventListener("focusin", (event) => stop(letters.indexOf(event.target)));
    keys.addEventListener("keydown", (event) => {
      const here = letters.indexOf(document.activeElement);
      const to = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      letters.at(to % letters.length).focus();
    });
    box.form.after(keys);
    box.addEventListener("focus", () => { keys.hidden = false; });
    if (box.dataset.letters || document.activeElement === box) keys.hidden = false; // touched before this script stood
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
        const { trouble, told: words } = await answer.json();
        tell(words, !trouble);
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

  // So that numbers go on while the server is away: a page of our own (the keeper), and numbers lent for today.
  const read = (name) => JSON.parse(localStorage.getItem(name) || "null");
  const tell = (refused) => {
    const box = document.getElementById("refused");
    box.textContent = refused.map((one) => `${one.number}: ${one.text}`).join(" ");
    box.hidden = !refused.length;
    setTimeout(() => { box.hidden = true; }, 60000);
  };
  const borrow = async () => {
    let answer = await fetch(body.dataset.spare);
    if (answer.status === 401) localStorage.clear();
    if (!answer.ok) return;
    const given = read("given") || [];
    if (given.length) {
      const { token } = await answer.json();
      const told = given.map((one) => ({ ...one, ago: Math.round((Date.now() - one.at) / 1000) }));
      answer = await fetch(body.dataset.spare, { method: "POST", headers: { "X-CSRFToken": token }, body: JSON.stringify({ given: told }) });
      if (!answer.ok) return;
    }
    const lent = await answer.json();
    localStorage.setItem("spare", JSON.stringify({ ...lent, until: Date.now() + lent.seconds * 1000 }));
    localStorage.setItem("given", JSON.stringify((read("given") || []).filter((one) => !given.some((g) => g.number === one.number))));
    if (lent.refused.length) tell(lent.refused);
  };
  const keep = () => borrow().catch(() => {});
  if (location.pathname === body.dataset.home) {
    navigator.serviceWorker?.register(body.dataset.keeper, { scope: body.dataset.home }).catch(() => {});
    keep();
    setInterval(keep, 15 * 60 * 1000);
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
