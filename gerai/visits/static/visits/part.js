// A part of the page that the server tells again and again. Only what is new is put in, and what somebody was
// doing there stays: opened details and the focus.
const Part = {
  // Every answer carries fresh form tokens: they are no news.
  bare: (html) => html.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "").replace(/ open=""/g, "").trim(),

  // Whether anything was new.
  put(box, html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    if (Part.bare(fresh.innerHTML) === Part.bare(box.innerHTML)) return false;
    const words = (one) => one.textContent.trim();
    const open = new Set([...box.querySelectorAll("details[open] > summary")].map(words));
    const stops = () => [...box.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select")];
    const focused = stops().indexOf(document.activeElement);
    const same = focused < 0 ? "" : words(document.activeElement);
    box.replaceChildren(fresh.content);
    for (const summary of box.querySelectorAll("details > summary")) summary.parentElement.open ||= open.has(words(summary));
    const again = stops();
    if (focused >= 0) (again.find((one) => words(one) === same) || again[Math.min(focused, again.length - 1)])?.focus({ preventScroll: true });
    return true;
  },
};
