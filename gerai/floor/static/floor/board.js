// The board. A hint or a reconnection makes it fetch the state and ask for its turn to speak. The server keeps
// the order and knows what was said; what we have said is told until the server has heard it, also after a reload.
(() => {
  const body = document.body;
  const [part, lost, button, caption, told, clock, form] =
    ["live", "lost", "sound", "caption", "told", "clock", "turn"].map((id) => document.getElementById(id));
  const KEPT = `gerai-said-${body.dataset.device}`;
  let said = JSON.parse(localStorage.getItem(KEPT) || "[]");
  let busy = false;
  let again = false;
  let silent = body.dataset.speaks !== "yes";
  let shown = part.querySelector(".board-call").dataset.key;
  let ahead = 0; // of our clock, seconds

  const keep = () => localStorage.setItem(KEPT, JSON.stringify(said));
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const line = (up) => { lost.hidden = up; };
  const ask = async (url, options) => {
    const answer = await fetch(url, { cache: "no-store", ...options });
    if (answer.status === 401 || answer.status === 403) location.reload(); // shut out: the page says how to pair
    if (!answer.ok) throw new Error(answer.status);
    return answer;
  };

  const call = () => {
    const box = part.querySelector(".board-call");
    if (!box.dataset.key || box.dataset.key === shown) return;
    shown = box.dataset.key;
    box.classList.add("fresh");
    body.classList.remove("calling");
    requestAnimationFrame(() => body.classList.add("calling"));
    told.textContent = box.innerText.replace(/\s+/g, " ");
  };
  const refresh = async () => {
    try {
      const text = await (await ask(body.dataset.state)).text();
      if (text !== part.dataset.last) {
        const fresh = part.querySelector(".fresh") !== null;
        part.innerHTML = text;
        part.dataset.last = text;
        if (fresh && part.querySelector(".board-call").dataset.key === shown) part.querySelector(".board-call").classList.add("fresh");
        ahead = Date.now() / 1000 - Number(part.querySelector("[data-now]").dataset.now);
        call();
      }
      line(true);
    } catch { line(false); }
  };

  // Each answers whether anything was heard: a hall takes what a board has said for said.
  const browser = (one) => new Promise((done) => {
    let heard = false;
    const enough = setTimeout(() => done(heard), 3000 + one.text.length * 90); // also where the browser has no voice
    if (!window.speechSynthesis) return;
    const words = new SpeechSynthesisUtterance(one.text);
    words.lang = one.language === "en" ? "en-GB" : "id-ID";
    words.onstart = () => { heard = true; };
    words.onend = () => { clearTimeout(enough); done(true); };
    words.onerror = () => { clearTimeout(enough); done(false); };
    speechSynthesis.speak(words);
  });
  const play = (one) => new Promise((done, refused) => {
    const clip = new Audio(one.clip);
    const enough = setTimeout(() => done(true), 25000);
    clip.onended = () => { clearTimeout(enough); done(true); };
    clip.onerror = () => { clearTimeout(enough); browser(one).then(done); };
    clip.play().catch((error) => {
      if (error.name !== "NotAllowedError") return; // no such clip: onerror speaks
      clearTimeout(enough);
      refused(error);
    });
  });
  const say = async (turn) => {
    part.querySelector(`[data-key="${turn.key}"]`)?.classList.add("speaking");
    let heard = false;
    try {
      for (const one of turn.parts) {
        caption.textContent = one.text;
        caption.lang = one.language;
        caption.hidden = false;
        heard = (await play(one)) || heard;
      }
      return heard;
    } finally {
      caption.hidden = true;
      part.querySelector(".speaking")?.classList.remove("speaking");
    }
  };
  const turns = async () => {
    if (silent) return;
    if (busy) { again = true; return; }
    busy = true;
    try {
      do {
        again = false;
        const telling = [...said];
        const data = new FormData(form);
        for (const key of telling) data.append("done", key);
        const turn = await (await ask(body.dataset.turn, { method: "POST", body: data })).json();
        said = said.filter((key) => !telling.includes(key));
        keep();
        if (turn.wait) { await wait(1000); again = true; }
        if (!turn.key) continue;
        if (!(await say(turn))) { silent = true; break; } // mute: when its turn is over another board of the hall says it
        said.push(turn.key);
        keep();
        again = true;
      } while (again);
    } catch (error) {
      if (error.name === "NotAllowedError") { silent = true; button.hidden = false; } // the browser wants a touch first
    } finally { busy = false; }
  };
  button.addEventListener("click", () => { silent = false; button.hidden = true; turns(); });

  const look = () => { refresh(); turns(); };
  const connect = () => {
    const source = new EventSource(`/live/${body.dataset.mall}/${body.dataset.device}`);
    source.onmessage = look;
    for (const word of ["revoked", "reload"]) source.addEventListener(word, () => location.reload());
    source.onerror = () => {
      line(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
    };
  };
  const tick = () => {
    const now = new Date(Date.now() - ahead * 1000);
    clock.textContent = new Intl.DateTimeFormat("id-ID", { timeZone: clock.dataset.zone, hour: "2-digit", minute: "2-digit" }).format(now);
  };
  const run = async () => {
    connect();
    look();
    setInterval(look, 20000);
    setInterval(tick, 1000);
    await new Promise(() => {}); // as long as the page lives
  };
  // Two windows of one board: only one of them speaks.
  if (navigator.locks) {
    const speaks = !silent;
    silent = true;
    navigator.locks.request(`voice-${body.dataset.device}`, () => { silent = !speaks; turns(); return new Promise(() => {}); });
  }
  addEventListener("offline", () => line(false));
  addEventListener("online", look);
  run();
})();
