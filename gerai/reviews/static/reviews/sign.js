// One tick for all: only where there are scripts, so that without them nothing is shown that does nothing.
const all = document.getElementById("all");
const each = [...document.querySelectorAll("input[name=task]")];
all.closest("label").hidden = each.length < 2;
all.addEventListener("change", () => each.forEach((box) => { box.checked = all.checked; }));
each.forEach((box) => box.addEventListener("change", () => { all.checked = each.every((one) => one.checked); }));
