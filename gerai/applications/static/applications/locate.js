// "Use my location": only where the browser can tell it, so that without scripts nothing is shown that does nothing.
// One listener for all, because rows with a point come and go.
if (navigator.geolocation) {
  document.documentElement.dataset.locates = "";
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-locate]");
    if (!button) return;
    const input = document.getElementById(button.dataset.locate);
    const status = document.getElementById(`${button.dataset.locate}_status`);
    status.textContent = button.dataset.busy;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        input.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
        status.textContent = button.dataset.found.replace("{n}", Math.round(coords.accuracy));
      },
      () => { status.textContent = button.dataset.failed; },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
    );
  });
}
