// What the phone keeps: sealed (AES-GCM) with a key that the server gives to this officer only, and that leaves the
// phone when they sign out. Without the key nothing here can be read; reports that were not sent wait for their officer.
class FieldStore {
  static NAME = "gerai-lapangan";

  static possible() {
    return Boolean(globalThis.isSecureContext && globalThis.indexedDB && globalThis.crypto?.subtle);
  }

  async open() {
    this.database = await new Promise((resolve, reject) => {
      const asked = indexedDB.open(FieldStore.NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("kept", { keyPath: "id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    const held = await this.get("key");
    if (held && held.until > Date.now()) Object.assign(this, { key: held.key, owner: held.owner });
    else if (held) await this.lock();
    return this;
  }

  // Resolves when it is written down, not when it was asked for.
  act(mode, what) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction("kept", mode, { durability: "strict" });
      const asked = what(transaction.objectStore("kept"));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
  get(id) { return this.act("readonly", (kept) => kept.get(id)); }
  drop(...ids) { return this.act("readwrite", (kept) => { for (const id of ids) kept.delete(id); }); }
  all() { return this.act("readonly", (kept) => kept.getAll()); }

  async unlock({ owner, key, seconds }) {
    const raw = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
    this.key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    this.owner = owner;
    const held = { id: "key", key: this.key, owner, until: Date.now() + seconds * 1000 };
    await this.act("readwrite", (kept) => kept.put(held));
  }

  // The key and what was only to be read are gone; what was not sent stays, sealed.
  async lock() {
    const read = (await this.all()).filter((one) => one.kind === "day").map((one) => one.id);
    await this.drop("key", ...read);
    this.key = this.owner = undefined;
  }

  async put(id, kind, plain, words, more = {}) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = words ? new TextEncoder().encode(JSON.stringify(plain)) : plain;
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: this.place(id) }, this.key, bytes);
    const row = { id, kind, owner: this.owner, iv, sealed, ...more };
    await this.act("readwrite", (kept) => kept.put(row));
  }
  place(id) { return new TextEncoder().encode(id); }

  async unseal(row) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData: this.place(row.id) }, this.key, row.sealed);
  }
  async read(row) {
    return JSON.parse(new TextDecoder().decode(await this.unseal(row)));
  }

  // This officer's rows of one kind, opened.
  async mine(kind) {
    if (!this.key) return [];
    const rows = (await this.all()).filter((one) => one.kind === kind && one.owner === this.owner);
    return Promise.all(rows.map((row) => this.read(row)));
  }
}

// On the page where one signs out: the key leaves first. Without scripts nothing was kept either.
document.querySelector("form[data-locks]")?.addEventListener("submit", async (event) => {
  if (!FieldStore.possible()) return;
  event.preventDefault();
  const form = event.currentTarget;
  try {
    await (await new FieldStore().open()).lock();
  } finally {
    form.submit();
  }
});
