// Papers dropped on a form or a matter's page, each with its type, its progress, and what is wrong with it.
"use strict";

(function () {
  const { upload, size, Refused } = window.xiezhiTransfer;
  const seals = window.xiezhiSeal;
  const storage = window.xiezhiStorage;
  const KEPT_DAYS = 3;

  function part(row, name) { return row.querySelector(`[data-part="${name}"]`); }

  class Zone {
    constructor(element) {
      this.element = element;
      this.matter = element.dataset.dropzone;
      this.owner = element.dataset.owner;
      this.list = element.querySelector("[data-files]");
      this.row = element.querySelector("template");
      this.form = element.closest("form");
      this.open = 0;
      this.accepted = element.querySelector("input[type=file]").accept.split(",");
      this.listen();
      element.hidden = false;
      const plain = this.form && this.form.querySelector("[data-plain-files]");
      if (plain) plain.hidden = true;
      this.resume().catch(() => {});
    }

    listen() {
      const input = this.element.querySelector("input[type=file]");
      input.addEventListener("change", () => { this.add(input.files); input.value = ""; });
      const target = this.element.querySelector("[data-target]");
      let inside = 0;
      target.addEventListener("dragenter", (event) => { event.preventDefault(); inside += 1; target.classList.add("over"); });
      target.addEventListener("dragleave", () => { inside -= 1; if (!inside) target.classList.remove("over"); });
      target.addEventListener("dragover", (event) => event.preventDefault());
      target.addEventListener("drop", (event) => {
        event.preventDefault();
        inside = 0;
        target.classList.remove("over");
        this.add(event.dataTransfer.files);
      });
      if (this.form) this.form.addEventListener("submit", (event) => this.hold(event), true);
      window.addEventListener("beforeunload", (event) => { if (this.open) event.preventDefault(); });
    }

    // A form with a paper still on its way waits for it.
    hold(event) {
      const note = this.element.querySelector("[data-hold]");
      note.hidden = !this.open;
      if (!this.open) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      note.focus();
    }

    async resume() {
      const kept = await storage.all("uploads").catch(() => []);
      const old = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
      await Promise.all(kept.filter((each) => each.at < old).map((each) => storage.remove("uploads", each.key)));
      const own = kept.filter((each) => each.at >= old && each.matter === this.matter && each.owner === this.owner);
      if (!own.length) return;
      const seal = await seals.of(this.owner);
      for (const each of own) {
        const told = await seal.open(each.locked, `uploads/${each.key}`);
        this.show(await seal.openFile(each.file, told.type, each.key), told.name, told.paperType, each.key);
      }
    }

    // Kept, locked, until it is there, so that it goes on after the page was left; without the key it is not kept.
    async keep(item, paperType) {
      const seal = await seals.of(this.owner);
      const locked = await seal.lock({ name: item.name, type: item.file.type, paperType }, `uploads/${item.key}`);
      const file = await seal.lockFile(item.file, item.key);
      // Taken out meanwhile, it is not kept.
      if (item.row.isConnected) await storage.put("uploads", { key: item.key, at: Date.now(), owner: this.owner, matter: this.matter, locked, file });
    }

    add(files) {
      Array.from(files).forEach((file) => this.show(file, file.name, this.element.querySelector("[data-type]").value, null));
    }

    show(file, name, paperType, key) {
      const row = this.row.content.firstElementChild.cloneNode(true);
      part(row, "name").textContent = name;
      part(row, "size").textContent = size(file.size);
      const type = part(row, "type");
      type.value = paperType;
      type.setAttribute("aria-label", `${name} 的文书类型`);
      part(row, "remove").setAttribute("aria-label", `移除 ${name}`);
      this.list.append(row);
      const item = { row, file, name, key: key || `${Date.now()}-${Math.random()}`, stop: null };
      type.addEventListener("change", () => this.start(item));
      part(row, "again").addEventListener("click", () => this.start(item));
      part(row, "remove").addEventListener("click", () => this.remove(item));
      const ending = `.${name.split(".").pop().toLowerCase()}`;
      if (!this.accepted.includes(ending)) {
        type.hidden = true;
        this.tell(item, "wrong", "不接受这种文件，请转换为 PDF、OFD 或图片后上传");
      } else this.start(item);
    }

    tell(item, tone, message) {
      const said = part(item.row, "said");
      said.className = `tone-${tone}`;
      said.textContent = message;
    }

    async start(item) {
      const type = part(item.row, "type");
      if (item.stop) return;
      if (!type.value) { this.tell(item, "wait", "请选择文书类型，选好后开始上传"); return; }
      item.stop = new AbortController();
      this.open += 1;
      const again = part(item.row, "again");
      const bar = part(item.row, "bar");
      again.hidden = true;
      type.disabled = true;
      bar.hidden = false;
      await this.keep(item, type.value).catch(() => {});
      const show = (word) => (done, whole) => {
        bar.max = whole || 1;
        bar.value = whole ? done : 1;
        this.tell(item, "work", `${word} ${whole ? Math.floor(done * 100 / whole) : 100}%`);
      };
      const told = { progress: show("已上传"), hashing: show("正在校验"), waiting: (message) => this.tell(item, "wait", message) };
      try {
        await this.done(item, await upload(this.matter, item.file, item.name, type.value, told, item.stop.signal));
      } catch (error) {
        if (error.name === "AbortError") return;
        bar.hidden = true;
        this.tell(item, "wrong", error.message);
        again.hidden = false;
        type.disabled = false;
        // Whoever signs in again, or comes back, goes on where it stopped; what was refused is not tried again.
        if (error instanceof Refused) await storage.remove("uploads", item.key).catch(() => {});
      } finally {
        item.stop = null;
        this.open -= 1;
      }
    }

    async done(item, digest) {
      part(item.row, "bar").hidden = true;
      await storage.remove("uploads", item.key).catch(() => {});
      if (this.form) {
        const kept = document.createElement("input");
        kept.type = "hidden";
        kept.name = "documents.kept";
        kept.value = `${digest} ${item.name}`;
        item.row.append(kept);
        this.tell(item, "done", "已上传，随本表提交");
        this.changed();
      } else {
        part(item.row, "remove").hidden = true;
        this.tell(item, "done", "已上传");
      }
      const after = this.element.querySelector("[data-after]");
      if (after) after.hidden = false;
      this.element.querySelector("[data-hold]").hidden = true;
    }

    async remove(item) {
      if (item.stop) item.stop.abort();
      await storage.remove("uploads", item.key).catch(() => {});
      item.row.remove();
      this.changed();
    }

    // What the form carries is another now.
    changed() {
      if (this.form) this.form.dispatchEvent(new Event("papers-changed"));
    }
  }

  document.querySelectorAll("[data-dropzone]").forEach((element) => new Zone(element));
})();
