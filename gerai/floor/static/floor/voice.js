// The hall's voice: hearing without leaving the page, and recording with the microphone where the browser can.
// The recording goes the way a file goes; from the answer only what changed is taken over.
(() => {
  const table = document.querySelector("[data-record]");
  const told = document.getElementById("told");
  const LONGEST = 8000; // ms
  const can = Boolean(navigator.mediaDevices && window.MediaRecorder);
  let busy = null; // the recorder at work
  let player = null;

  const tell = (text, wrong) => {
    told.textContent = text;
    told.className = text ? (wrong ? "error-summary" : "notice") : "visually-hidden";
  };
  const hear = (url) => {
    player?.pause();
    player = new Audio(url);
    player.play().catch((error) => { if (error.name !== "AbortError") tell(table.dataset.broken, true); });
  };

  const save = async (form, sound) => {
    const data = new FormData(form);
    data.set("sound", sound, "sound");
    tell(table.dataset.saving);
    try {
      const answer = await fetch(form.getAttribute("action") || location.pathname, { method: "POST", body: data });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const refused = page.querySelector(".error-summary, .error");
      if (!answer.ok) { tell(refused ? refused.textContent.trim() : table.dataset.lost, true); return; }
      const row = form.closest("tr");
      if (!row) { location.reload(); return; }
      row.replaceWith(page.getElementById(row.id));
      document.getElementById("sum").replaceWith(page.getElementById("sum"));
      const fresh = document.getElementById(row.id);
      offer(fresh);
      tell("");
      fresh.querySelector("[data-take]").focus();
      hear(fresh.querySelector("[data-hear]").href);
    } catch { tell(table.dataset.lost, true); }
  };

  const take = async (form, button) => {
    if (busy) { busy.stop(); return; }
    if (!form.words.value.trim()) { form.words.reportValidity(); return; }
    let microphone;
    try {
      microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch { tell(table.dataset.refused, true); return; }
    const parts = [];
    busy = new MediaRecorder(microphone);
    busy.ondataavailable = (event) => parts.push(event.data);
    busy.onstop = () => {
      const type = busy.mimeType;
      busy = null;
      microphone.getTracks().forEach((track) => track.stop());
      button.firstChild.data = table.dataset.record;
      button.classList.remove("button-sea");
      save(form, new Blob(parts, { type }));
    };
    busy.start();
    const own = busy;
    setTimeout(() => { if (busy === own) own.stop(); }, LONGEST);
    player?.pause();
    tell("");
    button.firstChild.data = table.dataset.stop;
    button.classList.add("button-sea");
  };

  const offer = (place) => {
    if (!can) return;
    for (const form of place.querySelectorAll("[data-recorder]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.dataset.take = "";
      button.append(table.dataset.record);
      const name = form.querySelector("button .visually-hidden");
      if (name) button.append(name.cloneNode(true));
      button.addEventListener("click", () => take(form, button));
      const details = form.closest("details");
      if (details) details.before(button); else form.querySelector("button").before(button);
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-hear]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    hear(link.href);
  });
  if (can) document.querySelector('[data-words="record"]').hidden = false;
  offer(document);
})();
