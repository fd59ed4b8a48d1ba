// What an officer pressed, in order, until the server has answered. Each press has a key, so that sending it
// again after a lost line does it once. The list survives a reload; it holds no personal data.
class Outbox {
  constructor(name, { answered, changed }) {
    this.name = name;
    this.answered = answered;
    this.changed = changed;
    this.lost = false;
    this.sending = false;
    this.waiting = JSON.parse(sessionStorage.getItem(name) || "[]");
    addEventListener("online", () => this.send());
  }

  keep() {
    sessionStorage.setItem(this.name, JSON.stringify(this.waiting));
    this.changed(this);
  }

  // The same press twice while the first is not answered is one press.
  add(url, body) {
    if (this.waiting.some((one) => one.url === url && one.body === body)) return;
    this.waiting.push({ url, body, key: crypto.randomUUID ? crypto.randomUUID() : this.number() });
    this.keep();
    this.send();
  }

  number() {  // randomUUID is missing where the page is not served securely
    return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.again);
    while (this.waiting.length) {
      const told = await this.one(this.waiting[0]);
      if (!told) break;
      this.waiting.shift();
      this.lost = false;
      this.keep();
      this.answered(told, this.waiting.length === 0);
    }
    this.sending = false;
    if (this.waiting.length && !this.stopped) this.again = setTimeout(() => this.send(), 2000);
  }

  // The answer, or nothing: then the press stays and is sent again.
  async one(press) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), 8000);
    try {
      const answer = await fetch(press.url, {
        method: "POST", body: press.body, signal: stop.signal, redirect: "manual",
        headers: { "Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": press.key, "Accept": "application/json" },
      });
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 423) {
        this.stopped = answer.status === 423 ? "locked" : "signed out";
        this.changed(this);
        return null;
      }
      if (answer.status >= 500) throw new Error(answer.status);
      return await answer.json();
    } catch {
      this.lost = true;
      this.changed(this);
      return null;
    } finally {
      clearTimeout(late);
    }
  }
}
