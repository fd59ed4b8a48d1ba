// While the bank's word is awaited, look every four seconds and show the page anew once it has come.
const invoice = document.querySelector("#invoice[data-watch]");
if (invoice) {
  const look = setInterval(async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("#invoice");
      if (now && now.dataset.status !== invoice.dataset.status) {
        clearInterval(look);
        location.reload();
      }
    } catch (error) {
      // No connection now; the next look may succeed.
    }
  }, 4000);
}
