// Sends what was entered in the field: one result after the other, each once, and again until it is there.
"use strict";

(function () {
  const { send, upload, SignedOut, Away } = window.xiezhiTransfer;
  const storage = window.xiezhiStorage;
  const AGAIN_S = 15;

  // `watch`: changed(entry), progress(entry, words, done, size), sent(entry), signedOut(), signedIn().
  class Sending {
    constructor(owner, watch) {
      this.owner = owner;
      this.watch = watch;
      this.busy = false;
      this.timer = null;
      window.addEventListener("online", () => this.start());
    }

    async start() {
      clearTimeout(this.timer);
      if (this.busy) return;
      this.busy = true;
      try {
        // Of several tabs one sends.
        if (navigator.locks) await navigator.locks.request("xiezhi-field", { ifAvailable: true }, (lock) => lock ? this.sendAll() : null);
        else await this.sendAll();
      } finally {
        this.busy = false;
      }
    }

    async sendAll() {
      for (;;) {
        const [entry] = (await storage.all("entries")).filter((each) => each.owner === this.owner && each.state === "ready");
        if (!entry) return;
        try {
          await this.sendOne(entry);
        } catch (error) {
          if (error instanceof SignedOut) { this.watch.signedOut(); return; }
          if (error instanceof Away) {
            this.watch.progress(entry, error.message, 0, 0);
            this.timer = setTimeout(() => this.start(), (error.seconds || AGAIN_S) * 1000);
            return;
          }
          // Refused for good as it is: it can be changed, and goes as another request then.
          Object.assign(entry, { state: "refused", message: error.message, attempted: false });
          await storage.put("entries", entry);
          this.watch.changed(entry);
        }
      }
    }

    async sendOne(entry) {
      for (const shot of entry.shots.filter((each) => !each.sha256)) {
        const told = {
          progress: (done, size) => this.watch.progress(entry, `正在上传 ${shot.name}`, done, size),
          hashing: (done, size) => this.watch.progress(entry, `正在校验 ${shot.name}`, done, size),
          waiting: (message) => this.watch.progress(entry, message, 0, 0),
        };
        shot.sha256 = await upload(entry.task.matter, shot.file, shot.name, shot.paperType, told);
        await storage.put("entries", entry);
      }
      // From here on it may be there, whatever becomes of the answer: it can only be sent again as it is.
      entry.attempted = true;
      await storage.put("entries", entry);
      this.watch.progress(entry, "正在提交", 0, 0);
      const { matter, item, sheet } = entry.task;
      const documents = entry.shots.map((each) => each.sha256);
      await send("/field/reports", Object.assign({ request_id: entry.requestId, matter, item, sheet, documents }, entry.values));
      await storage.remove("entries", entry.key);
      this.watch.sent(entry);
    }
  }

  window.xiezhiSending = { Sending };
})();
