// Keeps the page for the field and its files, and nothing else: no other page, no answer with anybody's data.
const PAGE = {{ page|safe }};
const FILES = {{ files|safe }};
const STORE = "gerai-lapangan";
const PATIENCE = 8000;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then(async (store) => {
    await Promise.all([PAGE, ...FILES].map((path) => store.add(new Request(path, { cache: "reload" }))));
    await skipWaiting();
  }));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

// From the network while there is one, so that page and language are today's; that copy is kept. A page that the
// server sends elsewhere (signed out) is not kept.
const page = async (request) => {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if ([502, 503, 504].includes(answer.status)) throw new Error(answer.status);
    if (answer.ok && !answer.redirected) {
      const store = await caches.open(STORE);
      await store.put(PAGE, answer.clone());
    }
    return answer;
  } catch {
    return (await caches.match(PAGE)) || Response.error();
  }
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const here = new URL(request.url);
  if (here.origin !== location.origin || request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (here.pathname === PAGE) event.respondWith(page(request));
  } else if (FILES.includes(here.pathname)) {
    event.respondWith(caches.match(here.pathname).then((kept) => kept || fetch(request)));
  }
});
