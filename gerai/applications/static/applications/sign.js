// A box to sign in, with finger, pen or mouse. What is drawn goes with the form as a picture.
const form = document.getElementById("sign");
const pad = document.getElementById("pad");
const pen = pad.getContext("2d");
let drawn = 0;

function clear() {
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, pad.width, pad.height);
  drawn = 0;
}

function place(event) {
  const box = pad.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * pad.width, ((event.clientY - box.top) / box.height) * pad.height];
}

pad.addEventListener("pointerdown", (event) => {
  pad.setPointerCapture(event.pointerId);
  document.getElementById("empty").hidden = true;
  pen.beginPath();
  pen.moveTo(...place(event));
});
pad.addEventListener("pointermove", (event) => {
  if (!pad.hasPointerCapture(event.pointerId)) return;
  for (const step of event.getCoalescedEvents?.() ?? [event]) pen.lineTo(...place(step));
  pen.stroke();
  drawn += 1;
});
document.getElementById("clear").addEventListener("click", clear);
form.addEventListener("submit", (event) => {
  document.getElementById("empty").hidden = drawn > 3;
  if (drawn <= 3) return event.preventDefault();
  form.elements.picture.value = pad.toDataURL("image/png");
});

Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#123" });
clear();
for (const one of [pad, document.getElementById("pad_buttons")]) one.hidden = false;
