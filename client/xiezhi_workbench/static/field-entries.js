// What was entered in the field, as this browser keeps it: locked with the key of whoever entered it. Of a row only whose it
// is stands open. Photos and videos are locked once; what is shown of them is opened for as long as it is shown.
"use strict";

(function () {
  const storage = window.xiezhiStorage;
  const STORE = "entries";

  function where(row) { return `${STORE}/${row.key}`; }

  class Entries {
    // `tasks` knows who works here, and has the key.
    constructor(tasks) {
      this.tasks = tasks;
      this.written = Promise.resolve();
    }

    rows() { return storage.all(STORE).catch(() => []); }

    // One's own, opened; `others`: rows that stay closed, of others or of a key that is no more.
    async read() {
      const [own, others] = [[], []];
      for (const row of await this.rows()) {
        const entry = await this.opened(row);
        if (entry) own.push(entry); else others.push(row);
      }
      return { own, others };
    }

    async opened(row) {
      const { seal } = this.tasks;
      if (!seal || row.owner !== seal.owner) return null;
      const told = await seal.open(row.locked, where(row)).catch(() => null);
      return told && Object.assign(told, { shots: told.shots.map((shot) => Object.assign(shot, { locked: row.files[shot.id] })) });
    }

    // One write after the other: what is locked faster does not overtake what was entered before.
    after(work) {
      const written = this.written.then(work);
      this.written = written.catch(() => {});
      return written;
    }

    put(entry) {
      const shots = entry.shots.map(({ locked, ...told }) => told);
      const files = Object.fromEntries(entry.shots.map((shot) => [shot.id, shot.locked]));
      const now = JSON.parse(JSON.stringify(Object.assign({}, entry, { shots })));
      const row = { key: entry.key, owner: entry.owner, files };
      return this.after(async () => storage.put(STORE, Object.assign(row, { locked: await this.tasks.seal.lock(now, where(row)) })));
    }

    remove(key) { return this.after(() => storage.remove(STORE, key)); }

    async shot(id, file, paperType) {
      const locked = await this.tasks.seal.lockFile(file, id);
      return { id, name: file.name, type: file.type, size: file.size, paperType, sha256: "", locked };
    }

    file(shot) { return this.tasks.seal.openFile(shot.locked, shot.type, shot.id); }
  }

  window.xiezhiEntries = { Entries };
})();
