// What there is to visit, as this browser keeps it: of the one account that fetched it, and no longer than its session
// lasts. Without a line nobody can ask the server; then the same two limits hold here, counted from what is touched. It is
// locked (seal.js): a tab that has not been given the key shows nothing before it has reached the server.
"use strict";

(function () {
  const { ask, SignedOut } = window.xiezhiTransfer;
  const seals = window.xiezhiSeal;
  const storage = window.xiezhiStorage;
  const TOLD_EVERY_MS = 60 * 1000;
  const SKEW_MS = 5 * 60 * 1000;

  // A clock that was put back ends it too. What an earlier version kept has no limits, and is over.
  function lasts(kept) {
    const now = Date.now();
    return now > kept.touched - SKEW_MS && now < kept.touched + kept.idle && now < kept.until;
  }

  // `owner`: the account that the page was made for; empty in the shell, which learns it from what was kept or fetched.
  class Tasks {
    constructor(owner) {
      Object.assign(this, { owner, known: null, seal: null, begun: 0, latest: 0, told: 0 });
      this.reported = new Map();
    }

    // Takes what is kept, where that may be shown; removes what may not be any more.
    async open() {
      const kept = await storage.all("tasks").catch(() => []);
      await Promise.all(kept.filter((each) => !lasts(each)).map((each) => storage.remove("tasks", each.key).catch(() => {})));
      const own = kept.filter((each) => lasts(each) && (!this.owner || each.owner === this.owner));
      const newest = own.sort((one, other) => other.touched - one.touched)[0];
      if (newest) await this.unlock(newest).catch(() => {});
    }

    async unlock({ locked, ...limits }) {
      this.seal = await seals.kept(limits.owner);
      if (!this.seal) return;
      this.known = Object.assign(limits, await this.seal.open(locked, `tasks/${limits.key}`));
      this.owner = limits.owner;
    }

    // Says whether the answer is the latest. It lacks what was reported since it was asked for.
    async fetch() {
      this.begun += 1;
      const begun = this.begun;
      const told = await ask("/field/tasks");
      if (this.owner && told.owner !== this.owner) throw new SignedOut();
      if (begun < this.latest) return false;
      if (!this.seal) this.seal = await seals.of(told.owner);
      const now = Date.now();
      document.body.dataset.csrf = told.csrf;
      Object.assign(this, { latest: begun, owner: told.owner, told: now });
      this.known = {
        key: told.owner, owner: told.owner, touched: now, idle: told.idle_seconds * 1000, until: now + told.seconds_left * 1000,
        reasons: told.reasons, outcomes: told.outcomes,
        tasks: told.tasks.filter((task) => !(this.reported.get(task.key) >= begun)),
      };
      await this.keep();
      return true;
    }

    async report(task) {
      this.reported.set(task.key, this.begun);
      if (!this.known) return;
      this.known.tasks = this.known.tasks.filter((each) => each.key !== task.key);
      await this.keep();
    }

    over() { return this.known !== null && !lasts(this.known); }

    // Whoever works on the page has not gone away, neither here nor for the server.
    touch() {
      if (!this.known || this.over()) return;
      this.known.touched = Date.now();
      if (this.known.touched < this.told + TOLD_EVERY_MS) return;
      this.told = this.known.touched;
      this.keep();
      fetch("/here", { credentials: "same-origin", redirect: "manual" }).catch(() => {});
    }

    async keep() {
      const { key, owner, touched, idle, until, ...told } = this.known;
      const locked = await this.seal.lock(told, `tasks/${key}`);
      // The session may have ended meanwhile: what is gone does not come back.
      if (this.known) await storage.put("tasks", { key, owner, touched, idle, until, locked }).catch(() => {});
    }

    async forget() {
      this.known = this.seal = null;
      seals.forget();
      if (this.owner) await storage.remove("tasks", this.owner).catch(() => {});
    }
  }

  window.xiezhiTasks = { Tasks };
})();
