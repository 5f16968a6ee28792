// Papers on their way up: hashed, cut into pieces, and taken up again wherever the server says that they stopped.
"use strict";

(function () {
  const SMALLEST = 512 * 1024;
  const LARGEST = 32 * 1024 * 1024;
  const READ_AT_ONCE = 4 * 1024 * 1024;
  const LONGEST_WAIT_S = 30;
  const MOST_TRIES = 8;

  // It will not succeed as it is: the message says what to do.
  class Refused extends Error {}
  // Nobody is signed in any more, or somebody else: nothing is lost, but somebody has to sign in.
  class SignedOut extends Error {
    constructor() { super("登录已失效，请重新登录后继续"); }
  }
  // The line is broken or the server busy: the same is tried again.
  class Away extends Error {
    constructor(message, seconds) { super(message || "网络中断，恢复后自动继续"); this.seconds = seconds; }
  }

  async function ask(path, options) {
    const headers = Object.assign({ "x-csrf-token": document.body.dataset.csrf || "" }, options && options.headers);
    let answer;
    try {
      answer = await fetch(path, Object.assign({ credentials: "same-origin", redirect: "manual" }, options, { headers }));
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Away();
    }
    if (answer.type === "opaqueredirect") throw new SignedOut();
    const json = (answer.headers.get("content-type") || "").startsWith("application/json");
    const told = json ? await answer.json().catch(() => { throw new Away(); }) : {};
    if (answer.ok && json) return told;
    // Our own refusals are JSON; the page of a forged form means that another session has begun.
    if (!json && answer.status === 403) throw new SignedOut();
    if (!json && answer.status === 413) throw new Refused("文件太大，请拆分后上传");
    if (told.again || (!json && answer.status >= 500)) throw new Away(told.message, told.retry_after);
    const refusal = new Refused(Object.values(told.fields || {})[0] || told.message || "未能提交，请刷新页面后再试");
    refusal.fields = told.fields || {};
    throw refusal;
  }

  function send(path, content) {
    return ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(content) });
  }

  async function hash(file, progress, signal) {
    const digest = sha256.create();
    for (let at = 0; at < file.size; at += READ_AT_ONCE) {
      if (signal && signal.aborted) throw new DOMException("", "AbortError");
      digest.update(await file.slice(at, at + READ_AT_ONCE).arrayBuffer());
      progress(Math.min(at + READ_AT_ONCE, file.size), file.size);
    }
    return digest.hex();
  }

  // Waits, but not longer than the line is away.
  function wait(seconds, signal) {
    return new Promise((resolve, reject) => {
      const over = () => { clearTimeout(timer); window.removeEventListener("online", over); resolve(); };
      const timer = setTimeout(over, seconds * 1000);
      window.addEventListener("online", over);
      if (signal) signal.addEventListener("abort", () => { over(); reject(new DOMException("", "AbortError")); });
    });
  }

  async function rest(matter, place, file, told, signal) {
    const size = Math.min(LARGEST, Math.max(SMALLEST, Math.ceil(file.size / 32)));
    let at = place.offset;
    for (;;) {
      told.progress(at, file.size);
      const path = `/matters/${encodeURIComponent(matter)}/uploads/${encodeURIComponent(place.upload)}?offset=${at}`;
      const body = file.slice(at, at + size);
      const answer = await ask(path, { method: "PUT", headers: { "content-type": "application/octet-stream" }, body, signal });
      if (answer.done) return;
      if (answer.offset <= at) throw new Away();
      at = answer.offset;
      told.reached();
    }
  }

  // Gives the hash, once the paper is at the server. `told`: progress(done, size), hashing(done, size), waiting(message).
  async function upload(matter, file, name, paperType, told, signal) {
    const digest = file.xiezhiHash || await hash(file, told.hashing, signal);
    file.xiezhiHash = digest;
    let tries = 0;
    told.reached = () => { tries = 0; };
    for (;;) {
      try {
        const wanted = { sha256: digest, size: file.size, name, paper_type: paperType };
        const place = await send(`/matters/${encodeURIComponent(matter)}/uploads`, wanted);
        if (!place.present) await rest(matter, place, file, told, signal);
        told.progress(file.size, file.size);
        return digest;
      } catch (error) {
        if (!(error instanceof Away)) throw error;
        tries += 1;
        // As long as the browser knows that it is offline, nothing counts as tried.
        if (!navigator.onLine) tries = 0;
        if (tries >= MOST_TRIES) throw new Away(`${error.message}，多次未成功，请稍后重试`);
        told.waiting(error.message);
        await wait(error.seconds || Math.min(LONGEST_WAIT_S, 2 ** tries), signal);
      }
    }
  }

  // A file that is dropped beside its place must not take the place of the page.
  ["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => {
    if (Array.from(event.dataTransfer.types).includes("Files")) event.preventDefault();
  }));

  function size(bytes) {
    if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
    return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  }

  window.xiezhiTransfer = { ask, send, upload, size, Refused, SignedOut, Away };
})();
