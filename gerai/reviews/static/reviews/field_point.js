// One point of a checklist: how it is asked on the phone, and what a report still lacks of them all.
const FieldPoint = {
  // The part of the form for one point, with what was answered; `made` gives a copy of a template by its name.
  shown(one, place, answers, made, words, lang) {
    const made_ = made(one.kind === "text" ? "text-point" : one.kind);
    const title = made_.querySelector("legend, label");
    title.textContent = `${place + 1}. ${lang(one.text)}${one.unit ? ` (${lang(one.unit)})` : ""}`;
    for (const box of made_.querySelectorAll("input, textarea")) {
      box.name = `answer:${one.key}`;
      if (box.type === "radio") box.checked = answers[one.key] === box.value;
      else {
        box.value = answers[one.key] || "";
        box.id = title.htmlFor = `answer-${one.key}`;
      }
    }
    const section = made_.querySelector("section");
    if (one.law) section.append(Object.assign(document.createElement("p"), { className: "muted", textContent: one.law }));
    if (one.photo) {
      const asks = made("photo");
      const input = asks.querySelector("input"), label = asks.querySelector("label");
      label.textContent = words.photo;
      input.dataset.point = one.key;
      input.id = label.htmlFor = `photo-${one.key}`;
      asks.querySelector("ul").dataset.photos = one.key;
      section.append(asks);
    }
    return made_;
  },

  // A sentence that says what to do, or "".
  lacking(report, words) {
    for (const [place, one] of report.visit.points.entries()) {
      const answer = (report.answers[one.key] || "").trim();
      const wrong = one.kind === "number" && answer && !Number.isFinite(Number(answer.replace(",", ".")));
      if (wrong || (one.kind === "yes_no" && !answer)) return words.lacks.replace("{n}", place + 1);
      if (one.photo && answer && answer !== "na" && !report.photos.some((photo) => photo.point === one.key)) return words.lacksPhoto.replace("{n}", place + 1);
    }
    return report.finding && report.text.trim().length >= 5 ? "" : words.lacksEnd;
  },
};
