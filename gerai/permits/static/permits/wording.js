// The preview follows what is typed. Without scripts the button "Lihat" shows it.
const form = document.querySelector("#wording");
let waiting = 0, asked = null;

async function look() {
  asked?.abort();
  asked = new AbortController();
  const sent = new FormData(form);
  sent.set("act", "preview");
  try {
    const answer = await fetch(location.href, { method: "POST", body: sent, signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#hasil");
    const focused = document.activeElement?.id;
    if (fresh) document.querySelector("#hasil").replaceChildren(...fresh.childNodes);
    if (focused) document.getElementById(focused)?.focus();
  } catch (error) {
    if (error.name !== "AbortError") console.warn(error);
  }
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 600);
});

// A problem leads to its line.
form.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-line]");
  if (!link) return;
  event.preventDefault();
  const field = form.querySelector(link.hash);
  const lines = field.value.split("\n"), at = Number(link.dataset.line) - 1;
  const start = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[at] ?? "").length);
});
