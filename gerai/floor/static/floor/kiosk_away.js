// The kiosk alone: it gives the spare numbers that the server lent it, remembers whom it gave which, and goes back to
// the server's pages as soon as it answers (kiosk.js brings in there what was given here).
(() => {
  const body = document.body;
  const at = (id) => document.getElementById(id);
  const language = body.dataset.language;
  const asked = new URL(location.href).searchParams;
  const read = (name) => JSON.parse(localStorage.getItem(name) || "null");
  const spare = read("spare");
  const held = spare && Date.now() < spare.until ? spare : { numbers: [], services: [], often: [] };
  const before = new Set((read("given") || []).map((one) => one.number));
  held.numbers = held.numbers.filter((number) => !before.has(number)); // given already, and not yet brought in
  let timer;

  const title = (step) => { at("title").textContent = at("title").dataset[step]; };
  const rest = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(start, seconds * 1000);
  };
  const choice = (name, below, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kiosk-choice";
    button.append(Object.assign(document.createElement("strong"), { textContent: name }));
    if (below) button.append(Object.assign(document.createElement("span"), { textContent: below }));
    button.addEventListener("click", act);
    return button;
  };
  const show = (step, choices) => {
    title(step);
    const grid = document.createElement("div");
    grid.className = "kiosk-choices";
    grid.append(...choices);
    at("choices").replaceChildren(grid);
    at("choices").hidden = false;
    for (const id of ["number", "told", "none", "paper", "done"]) at(id).hidden = true;
    at("again").hidden = step === "start";
  };

  const word = (service) => service.name[language] || service.name.id;
  const agency = (short) => {
    show("agency", held.services.filter((s) => s.agency === short).map((s) => choice(word(s), "", () => give([s]))));
    rest(40);
  };
  function start() {
    clearTimeout(timer);
    if (!held.numbers.length) {
      show("none", []);
      at("none").hidden = false;
      return;
    }
    const often = held.often.map((code) => held.services.find((s) => s.code === code)).filter(Boolean);
    const agencies = [...new Set(held.services.map((s) => s.agency))];
    show("start", [
      ...often.map((s) => choice(word(s), s.agency, () => give([s]))),
      ...agencies.map((short) => choice(short, "", () => agency(short))),
    ]);
  }

  const give = (services, key = "") => {
    const number = held.numbers.shift();
    if (number === undefined) return start();
    localStorage.setItem("given", JSON.stringify([...(read("given") || []),
      { number, entrance: held.entrance, services: services.map((s) => s.code), at: Date.now(), language, key }]));
    title("number");
    at("number").textContent = `${held.entrance} ${number}`;
    at("chosen").replaceChildren(...services.map((s) => Object.assign(document.createElement("li"), { textContent: word(s) })));
    for (const id of ["number", "told", "paper", "done"]) at(id).hidden = false;
    for (const id of ["choices", "again", "none"]) at(id).hidden = true;
    if (body.dataset.printer !== "yes") window.print();
    rest(60);
  };

  at("again").addEventListener("click", start);
  at("done").addEventListener("click", start);
  // A printer that hangs on the server is away with it; paper is then what the browser prints.
  at("paper").addEventListener("click", () => window.print());
  at("tongue").addEventListener("click", (event) => {
    event.preventDefault();
    location.replace(event.currentTarget.href);
  });
  document.addEventListener("pointerdown", () => { if (!at("told").hidden) rest(60); });

  const wanted = asked.getAll("s").map((code) => held.services.find((s) => s.code === code)).filter(Boolean);
  history.replaceState(null, "", language === "en" ? "?b=en" : location.pathname);
  if (asked.get("key") && wanted.length && held.numbers.length) give(wanted, asked.get("key"));
  else start();

  const back = async () => {
    try {
      const answer = await fetch(body.dataset.beat, { cache: "no-store" });
      if ((answer.ok || answer.status === 401) && at("told").hidden) location.replace(body.dataset.home);
    } catch { /* still away */ }
  };
  setInterval(back, 5000);
  addEventListener("online", back);
})();
