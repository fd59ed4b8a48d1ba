// Printing needs the browser; without scripts its own menu does it.
const button = document.querySelector("#print");
button.hidden = false;
button.addEventListener("click", () => window.print());
