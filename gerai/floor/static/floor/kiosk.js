// Back to the start after 40 seconds without a touch, asked about for 20 more (ruling "Privacy and security").
(() => {
  const ask = document.getElementById("still-here");
  let timer;
  const home = () => { location.href = "/kios/"; };
  const idle = () => {
    if (ask) ask.hidden = false;
    timer = setTimeout(home, 20000);
  };
  const awake = () => {
    clearTimeout(timer);
    if (ask) ask.hidden = true;
    timer = setTimeout(idle, 40000);
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, awake, { passive: true });
  awake();
})();
