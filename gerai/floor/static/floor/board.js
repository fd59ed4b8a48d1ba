// The board: on each hint fetch the state; say each new call once, one after the other.
(() => {
  const part = document.getElementById("live");
  const lost = document.getElementById("lost");
  const button = document.getElementById("sound");
  const said = new Set();
  const calls = [];
  let speaking = false;
  let sound = false;

  const fallback = (text) => new Promise((done) => {
    if (!window.speechSynthesis) return done();
    const words = new SpeechSynthesisUtterance(text);
    words.lang = "id-ID";
    words.onend = words.onerror = done;
    speechSynthesis.speak(words);
  });
  const play = (call) => new Promise((done) => {
    const clip = new Audio(call.voice);
    clip.onended = done;
    clip.onerror = () => fallback(call.text).then(done);
    clip.play().catch(() => fallback(call.text).then(done));
  });
  const speak = async () => {  // never two at once
    if (speaking || !sound) return;
    speaking = true;
    while (calls.length) await play(calls.shift());
    speaking = false;
  };
  const look = (first) => {
    const number = part.querySelector("[data-call]");
    if (!number || said.has(number.dataset.call)) return;
    said.add(number.dataset.call);
    if (first) return;
    number.closest(".board-call").classList.add("fresh");
    calls.push({ voice: number.dataset.voice, text: part.querySelector(".board-call").innerText });
    speak();
  };
  const refresh = async () => {
    try {
      const answer = await fetch(part.dataset.url);
      if (!answer.ok) throw new Error(answer.status);
      part.innerHTML = await answer.text();
      lost.hidden = true;
      look(false);
    } catch { lost.hidden = false; }
  };
  button.addEventListener("click", () => { sound = true; button.hidden = true; speak(); });
  look(true);
  const source = new EventSource(`/live/${part.dataset.mall}`);
  source.onmessage = refresh;
  source.onerror = () => { lost.hidden = false; };
  setInterval(refresh, 20000);
})();
