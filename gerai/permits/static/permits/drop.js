// A file dropped anywhere on the page is checked at once. Without scripts it is chosen and sent by the button.
const form = document.querySelector("#periksa-berkas");
const place = form.querySelector(".permit-drop");
const input = form.querySelector("input[type=file]");
const files = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
place.hidden = false;

addEventListener("dragover", (event) => {
  if (!files(event)) return;
  event.preventDefault();
  place.classList.add("permit-over");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) place.classList.remove("permit-over");
});
addEventListener("drop", (event) => {
  if (!files(event)) return;
  event.preventDefault();
  place.classList.remove("permit-over");
  input.files = event.dataTransfer.files;
  if (input.files.length) form.requestSubmit();
});
