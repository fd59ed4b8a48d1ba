// Shows what was pushed, and opens its page. Keeps nothing and loads nothing.
addEventListener("install", () => skipWaiting());

addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // not ours: the browser wants something shown nevertheless
  }
  const title = told.title || "Gerai";
  const shown = { body: told.body || "", tag: told.tag || "gerai", data: told.path || "/saya/pesan/" };
  event.waitUntil(registration.showNotification(title, shown));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data, location.origin);
  const home = new URL("/saya/pesan/", location.origin);
  event.waitUntil(clients.openWindow(wanted.origin === location.origin ? wanted : home));
});
