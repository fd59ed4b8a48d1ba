// Keeps the kiosk's own page, and gives it when the server does not answer (a service worker).
const KEPT = {{ kept|safe }};
const AWAY = {{ away|safe }};
const STORE = "gerai-kiosk";
const PATIENCE = 8000;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then(async (store) => {
    await Promise.all(KEPT.map((path) => store.add(new Request(path, { cache: "reload" }))));
    await skipWaiting();
  }));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

const answered = async (request) => {
  const gone = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(request, { signal: gone });
  if ([502, 503, 504].includes(answer.status)) throw new Error(answer.status);
  return answer;
};
const english = (search) => search.get("b") === "en";

// What was asked for goes along: the visitor taps nothing twice, and the server hears of the number that got lost.
const away = async (request, form) => {
  const asked = form ? new URLSearchParams(await form) : new URL(request.url).searchParams;
  if (form) {
    const along = new URLSearchParams(["s", "b", "key"].flatMap((name) => asked.getAll(name).map((value) => [name, value])));
    return Response.redirect(`${AWAY}?${along}`, 303);
  }
  return caches.match(english(asked) ? `${AWAY}?b=en` : AWAY);
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const here = new URL(request.url);
  if (here.origin !== location.origin) return;
  if (request.mode === "navigate") {
    const form = request.method === "POST" ? request.clone().formData() : null;
    if (here.pathname === AWAY) event.respondWith(away(request, null));
    else event.respondWith(answered(request).catch(() => away(request, form)));
  } else if (request.method === "GET" && here.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));  // their names change with them
  }
});
