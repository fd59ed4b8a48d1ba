// The page for the field: fills in reports without a network, keeps them sealed on the phone, and sends each once when
// the line is back. Keys of reports and photos are made here, so that sending again never makes two of them.
(() => {
  const body = document.body.dataset;
  const words = document.getElementById("words").dataset;
  const at = (id) => document.getElementById(id);
  const said = (text, n) => text.replace("{n}", n);
  const lang = (text) => text[body.language] || text.id;
  const made = (id) => at(id).content.cloneNode(true);
  const LONGEST = 1600, MOST = 30;
  const store = new FieldStore();
  let token = "", day = [], current = null, sending = false, again, dirty = Promise.resolve(), taking = Promise.resolve();

  const trouble = (text, place = "trouble") => {
    at(place).textContent = text;
    at(place).hidden = !text;
    if (text) at(place).focus();
  };
  const locked = (text, link, address) => {
    trouble(text);
    at("list").hidden = at("form").hidden = at("line").hidden = true;
    if (link) at("trouble").append(" ", Object.assign(document.createElement("a"), { href: address, textContent: link }));
  };
  const signedOut = async () => {
    await store.lock();
    locked(words.signedOut, words.signIn, `/masuk/?next=${body.scope}`);
  };

  // -- what the server says -----------------------------------------------------------------------------

  const asked = async (address, form) => {
    const sent = form && { method: "POST", body: form, headers: { "X-CSRFToken": token, Accept: "application/json" } };
    return fetch(address, { cache: "no-store", redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(60000), ...sent });
  };
  // "fresh", "away" (no network) or "out": the list of the day, a new key of this form, and whose phone this is now.
  const refresh = async () => {
    let answer;
    try {
      answer = await asked(body.day);
      if (answer.status >= 500) throw new Error(answer.status);
    } catch { return "away"; }
    if (!answer.ok) return "out";
    const told = await answer.json();
    if (store.owner && store.owner !== told.owner) await store.lock(); // somebody else has signed in here
    await store.unlock(told);
    token = told.token;
    day = told.visits;
    await store.put(`day:${told.owner}`, "day", day, true);
    return "fresh";
  };

  // -- the list -----------------------------------------------------------------------------------------

  const keepReport = (report) => store.put(`report:${report.key}`, "report", report, true);
  const number = () => crypto.randomUUID();

  const list = async () => {
    const reports = (await store.mine("report")).sort((a, b) => (a.begun < b.begun ? -1 : 1));
    const cards = day.map((visit) => ({ visit, report: reports.findLast((one) => one.task === visit.task) }));
    for (const report of reports) if (!cards.some((card) => card.report === report)) cards.push({ visit: report.visit, report });
    at("cards").replaceChildren(...cards.map(card));
    if (!cards.length) at("cards").append(Object.assign(document.createElement("p"), { className: "card", textContent: words.none }));
    at("list").hidden = at("form").hidden === false;
    const waiting = reports.filter((one) => one.state === "waiting").length;
    const line = [navigator.onLine ? "" : words.offline, waiting ? said(words.lineWaiting, waiting) : reports.length ? "" : ""];
    if (!waiting && reports.some((one) => one.state === "sent")) line.push(words.allSent);
    if (sending && waiting) line.push(words.sending);
    at("line").textContent = line.filter(Boolean).join(" ");
    at("line").hidden = !at("line").textContent;
    at("line").className = `tag ${waiting || !navigator.onLine ? "tag-warn" : "tag-ok"}`;
  };

  const card = ({ visit, report }) => {
    const made_ = made("card");
    const put = (name, text) => { made_.querySelector(name).textContent = text; };
    const state = report ? report.state : visit.reported ? "reported" : "new";
    put("h2", visit.when || words.untimed);
    put(".what", `${visit.number} · ${lang(visit.service)}`);
    put(".who", visit.holder);
    put(".where", visit.place);
    put(".how .tag", words[`state${state[0].toUpperCase()}${state.slice(1)}`]);
    const mark = made_.querySelector(".how .tag");
    mark.classList.add({ sent: "tag-ok", reported: "tag-ok", refused: "tag-late", new: "tag-info" }[state] || "tag-warn");
    if (report?.why) { put(".why", report.why); made_.querySelector(".why").hidden = false; }
    const button = made_.querySelector(".open"), drop = made_.querySelector(".drop");
    button.textContent = { new: words.open, draft: words.goOn, waiting: words.goOn, refused: words.mend }[state] || words.more;
    button.classList.toggle("button-primary", ["new", "draft", "refused"].includes(state));
    button.hidden = (state === "waiting" && sending) || !visit.points;
    button.addEventListener("click", () => open(visit, report && report.state !== "sent" ? report : null));
    drop.hidden = !["draft", "refused"].includes(state);
    drop.addEventListener("click", async () => { // a second press is meant
      if (drop.dataset.sure) { await forget(report); await list(); return; }
      drop.dataset.sure = "yes";
      drop.textContent = words.sure;
    });
    return made_;
  };
  const forget = (report) => store.drop(`report:${report.key}`, ...report.photos.map((one) => `photo:${one.key}`));

  // -- one report ---------------------------------------------------------------------------------------

  // What is open here is not sent meanwhile: `current` is set at once, and a report that waited is a draft again.
  const open = async (visit, report) => {
    if (sending && report?.state === "waiting") return;
    current = report || { key: number(), task: visit.task, visit, answers: {}, photos: [], place: visit.place, finding: "", text: "", begun: new Date().toISOString() };
    const waited = current.state === "waiting";
    if (current.state !== "draft") current = { ...current, state: "draft", why: "" };
    if (waited) await keepReport(current);
    trouble("", "form-trouble");
    at("saved").textContent = "";
    at("form-title").textContent = `${visit.number} · ${lang(visit.service)}`;
    at("place").value = current.place;
    at("text").value = current.text;
    for (const one of document.getElementsByName("finding")) one.checked = one.value === current.finding;
    at("points").replaceChildren(...visit.points.map((one, place) => FieldPoint.shown(one, place, current.answers, made, words, lang)));
    await photos();
    at("list").hidden = true;
    at("form").hidden = false;
    scrollTo(0, 0);
    at("form-title").tabIndex = -1;
    at("form-title").focus();
  };
  const read = () => {
    current.place = at("place").value;
    current.text = at("text").value;
    current.finding = document.querySelector("[name=finding]:checked")?.value || "";
    for (const box of at("points").querySelectorAll("[name^='answer:']"))
      if (box.type !== "radio" || box.checked) current.answers[box.name.slice(7)] = box.value;
  };
  // One after the other, and said when it is written down.
  const save = () => {
    read();
    const report = structuredClone(current);
    at("saved").textContent = words.keeping;
    dirty = dirty.then(() => keepReport(report)).then(
      () => { at("saved").textContent = words.kept; return true; },
      () => { trouble(words.full, "form-trouble"); return false; },
    );
    return dirty;
  };

  const photos = async () => {
    for (const shown of document.querySelectorAll("ul[data-photos]")) {
      const ours = current.photos.filter((one) => one.point === shown.dataset.photos);
      shown.replaceChildren(...ours.map((one, n) => {
        const row = document.createElement("li");
        const drop = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: words.remove });
        drop.setAttribute("aria-label", `${words.remove} ${said(words.photoN, n + 1)}`);
        drop.addEventListener("click", async () => {
          const before = current.photos;
          current.photos = before.filter((other) => other.key !== one.key);
          if (!(await save())) { current.photos = before; return; } // the kept report still names it
          await store.drop(`photo:${one.key}`);
          await photos();
        });
        row.append(Object.assign(document.createElement("img"), { src: one.small, alt: said(words.photoN, n + 1) }), drop);
        return row;
      }));
    }
  };
  const drawn = (picture, longest) => {
    const share = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, Math.round(picture.width * share)), height: Math.max(1, Math.round(picture.height * share)) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };
  const take = async (file, where) => {
    let picture;
    try { picture = await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { return trouble(words.unread, "form-trouble"); }
    const blob = await new Promise((resolve) => { drawn(picture, LONGEST).toBlob(resolve, "image/jpeg", 0.8); });
    const one = { key: number(), point: where, taken_at: new Date().toISOString(), small: drawn(picture, 160).toDataURL("image/jpeg", 0.6) };
    picture.close();
    try { await store.put(`photo:${one.key}`, "photo", await blob.arrayBuffer(), false, { report: current.key }); } catch { return trouble(words.full, "form-trouble"); }
    current.photos.push(one);
    await save();
    return photos();
  };

  at("form").addEventListener("input", (event) => { if (event.target.type !== "file" && current?.state === "draft") save(); });
  at("form").addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    trouble("", "form-trouble");
    const files = [...event.target.files], where = event.target.dataset.point;
    event.target.value = "";
    taking = taking.then(async () => {
      for (const file of files) {
        if (current.photos.length >= MOST) return trouble(words.tooMany, "form-trouble");
        await take(file, where);
      }
    });
  });
  const leave = async () => {
    current = null;
    at("form").hidden = true;
    await list();
    scrollTo(0, 0);
  };
  at("back").addEventListener("click", async () => {
    await taking;
    await dirty;
    await leave();
  });
  at("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    await taking;
    if (!current || current.state === "waiting") return; // pressed twice
    read();
    const lacks = FieldPoint.lacking(current, words);
    if (lacks) return trouble(lacks, "form-trouble");
    Object.assign(current, { state: "waiting", made_at: new Date().toISOString() });
    if (!(await save())) { current.state = "draft"; return; }
    await leave();
    send();
  });

  // -- sending ------------------------------------------------------------------------------------------

  // "sent", "away", "out", or why the server does not take it.
  const answered = async (address, fields) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    try {
      const answer = await asked(address, form);
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 401) return "out";
      if (answer.status >= 500) return "away";
      if (answer.ok) return "sent";
      const ours = (answer.headers.get("Content-Type") || "").includes("json"); // else a proxy on the way refused it
      return ours ? await answer.json() : { text: said(words.notTaken, answer.status) };
    } catch { return "away"; }
  };
  const one = async (report) => {
    for (const photo of report.photos.filter((p) => !p.sent)) {
      const row = await store.get(`photo:${photo.key}`);
      if (!row) return { text: words.photoLost };
      const picture = new Blob([await store.unseal(row)], { type: "image/jpeg" });
      const told = await answered(body.photo, { task: report.task, key: photo.key, report: report.key, point: photo.point, taken_at: photo.taken_at, photo: picture });
      if (told !== "sent") return told;
      photo.sent = true;
      await keepReport(report);
    }
    const { answers, finding, text, place, made_at } = report;
    const said_ = JSON.stringify({ answers, finding, text, place, made_at, photos: report.photos.map((p) => p.key) });
    return answered(body.report, { task: report.task, key: report.key, report: said_ });
  };
  const send = async () => {
    if (sending) return;
    sending = true;
    clearTimeout(again);
    try {
      const waits = async () => (await store.mine("report")).filter((report) => report.state === "waiting");
      if (!(await waits()).length) return;
      const fresh = await refresh();
      if (fresh === "out") { await signedOut(); return; }
      if (fresh === "away") return;
      for (const report of await waits()) {
        if (current?.key === report.key) continue;
        await list();
        const told = await one(report);
        if (told === "out") { await signedOut(); return; }
        if (told === "away") return;
        if (told === "sent") { // the server has it: only that it was sent stays on the phone
          await keepReport({ ...report, state: "sent", answers: {}, text: "", place: "", photos: [], sent_at: Date.now(), visit: { ...report.visit, holder: "", place: "", points: null } });
          await store.drop(...report.photos.map((photo) => `photo:${photo.key}`));
        } else if (told.code === "report_photo_missing") await keepReport({ ...report, photos: report.photos.map((photo) => ({ ...photo, sent: false })) });
        else await keepReport({ ...report, state: "refused", why: told.text });
      }
    } finally {
      sending = false;
      if (store.key) {
        await list();
        if ((await store.mine("report")).some((report) => report.state === "waiting")) again = setTimeout(send, 15000);
      }
    }
  };

  // -- from the beginning -------------------------------------------------------------------------------

  const begin = async () => {
    if (!FieldStore.possible()) return locked(words.unsafe, words.plain, words.plainAt);
    navigator.serviceWorker?.register(body.keeper, { scope: body.scope }).catch(() => {});
    navigator.storage?.persist?.();
    await store.open();
    const fresh = await refresh();
    if (fresh === "out") return signedOut();
    if (fresh === "away") {
      if (!store.key) return locked(words.locked);
      const kept = await store.get(`day:${store.owner}`);
      day = kept ? await store.read(kept) : [];
    } else {
      for (const report of await store.mine("report")) if (report.state === "sent" && report.sent_at < Date.now() - 86400000) await forget(report);
    }
    await list();
    return send();
  };
  addEventListener("online", () => (store.key ? send().then(list) : begin()));
  addEventListener("offline", () => { if (store.key) list(); });
  begin();
})();
