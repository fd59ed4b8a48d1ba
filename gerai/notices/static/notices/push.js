// Switches pushed messages on in this browser. Without this script, or where the browser cannot, nothing changes.
const form = document.getElementById("push_form");
const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function show(id) {
  for (const one of ["push_refused", "push_failed"]) document.getElementById(one).hidden = one !== id;
}

async function switchOn(button) {
  if ((await Notification.requestPermission()) !== "granted") return show("push_refused");
  button.disabled = true;
  try {
    const known = await navigator.serviceWorker.register(form.dataset.worker);
    const key = bytes(form.dataset.key);
    await ready(known);
    const made = await known.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "subscription", value: JSON.stringify(made) });
    form.append(field);
    form.submit();
  } catch {
    button.disabled = false;
    show("push_failed");
  }
}

function ready(known) {
  const worker = known.installing || known.waiting;
  if (!worker) return Promise.resolve();
  return new Promise((done) => {
    worker.addEventListener("statechange", () => worker.state === "activated" && done());
  });
}

if (form && can) {
  const button = form.querySelector("button[name=subscription]");
  if (button) {
    button.hidden = false;
    document.getElementById("push_cannot").hidden = true;
    button.addEventListener("click", () => switchOn(button));
  }
  if (!("on" in form.dataset)) {
    // Somebody else's, or switched off elsewhere: this browser shall hear of it no more.
    const known = await navigator.serviceWorker.getRegistration(form.dataset.worker);
    await (await known?.pushManager.getSubscription())?.unsubscribe();
  }
}
