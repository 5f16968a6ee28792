// Sends what was entered in the field: one result after the other, each once, and again until it is there. One that has to
// wait, or never goes as it is, holds up none of the others.
"use strict";

(function () {
  const { send, upload, SignedOut, Away } = window.xiezhiTransfer;
  const AGAIN_S = 15;

  // `tasks` knows whose results are sent, `entries` has them. `watch`: changed(entry), progress(entry, words, done, size), sent(entry), signedOut().
  class Sending {
    constructor(tasks, entries, watch) {
      this.tasks = tasks;
      this.entries = entries;
      this.watch = watch;
      this.busy = false;
      this.again = false;
      this.timer = null;
    }

    async start() {
      clearTimeout(this.timer);
      // The shell has no token until it has heard from the server who is signed in.
      if (!document.body.dataset.csrf) return;
      if (this.busy) { this.again = true; return; }
      this.busy = true;
      try {
        // Of several tabs one sends.
        if (navigator.locks) await navigator.locks.request("xiezhi-field", { ifAvailable: true }, (lock) => lock ? this.sendAll() : null);
        else await this.sendAll();
      } finally {
        this.busy = false;
      }
      if (this.again) { this.again = false; this.start(); }
    }

    async sendAll() {
      const later = new Map();
      for (;;) {
        const entry = (await this.entries.read()).own.find((each) => each.state === "ready" && !later.has(each.key));
        if (!entry) break;
        try {
          await this.sendOne(entry);
        } catch (error) {
          if (error instanceof SignedOut) { this.watch.signedOut(); return; }
          if (error instanceof Away) later.set(entry.key, { entry, error });
          else await this.refuse(entry, error);
        }
      }
      later.forEach(({ entry, error }) => this.watch.progress(entry, error.message, 0, 0));
      const seconds = Array.from(later.values(), ({ error }) => error.seconds || AGAIN_S);
      if (later.size) this.timer = setTimeout(() => this.start(), Math.min(...seconds) * 1000);
    }

    // Refused for good as it is: it can be changed, and goes as another request then.
    async refuse(entry, error) {
      const now = await this.still(entry);
      if (!now) return;
      Object.assign(now, { state: "refused", message: error.message, attempted: false });
      await this.entries.put(now);
      this.watch.changed(now);
    }

    // The entry as it is stored, unless somebody has taken it back to change it, or given it up.
    async still(entry) {
      const stored = (await this.entries.read()).own.find((each) => each.key === entry.key);
      return stored && stored.state === "ready" && stored.requestId === entry.requestId ? stored : null;
    }

    async sendOne(entry) {
      let now = entry;
      for (const shot of entry.shots.filter((each) => !each.sha256)) {
        const sha256 = await this.uploadShot(entry, shot);
        now = await this.still(entry);
        if (!now) return;
        now.shots.find((each) => each.id === shot.id).sha256 = sha256;
        await this.entries.put(now);
      }
      now = await this.still(entry);
      if (!now) return;
      // From here on it may be there, whatever becomes of the answer: it can only be sent again as it is.
      now.attempted = true;
      await this.entries.put(now);
      this.watch.changed(now);
      this.watch.progress(now, "正在提交", 0, 0);
      const { matter, item, sheet } = now.task;
      const documents = now.shots.map((each) => each.sha256);
      await send("/field/reports", Object.assign({ request_id: now.requestId, matter, item, sheet, documents }, now.values));
      await this.entries.remove(now.key);
      this.watch.sent(now);
    }

    async uploadShot(entry, shot) {
      const told = {
        progress: (done, size) => this.watch.progress(entry, `正在上传 ${shot.name}`, done, size),
        hashing: (done, size) => this.watch.progress(entry, `正在校验 ${shot.name}`, done, size),
        waiting: (message) => this.watch.progress(entry, message, 0, 0),
      };
      return upload(entry.task.matter, await this.entries.file(shot), shot.name, shot.paperType, told);
    }
  }

  window.xiezhiSending = { Sending };
})();
