// What was entered in the field and is not sent yet: one line for each, with how far it is and what can be done.
"use strict";

(function () {
  function part(element, name) { return element.querySelector(`[data-part="${name}"]`); }

  function words(entry) {
    if (entry.state === "refused") return `未被受理：${entry.message}`;
    if (entry.state === "draft") return "填写中，尚未提交发送";
    return navigator.onLine ? "等待发送" : "等待网络";
  }

  class Unsent {
    // `edit` and `drop` are told the entry that somebody wants to change, or to give up.
    constructor(section, row, { edit, drop }) {
      Object.assign(this, { section, row, edit, drop });
      this.list = section.querySelector("[data-unsent-list]");
    }

    draw(entries) {
      this.list.textContent = "";
      this.section.hidden = entries.length === 0;
      this.section.querySelector("[data-unsent-count]").textContent = String(entries.length);
      entries.forEach((entry) => this.add(entry));
    }

    add(entry) {
      const row = this.row.content.firstElementChild.cloneNode(true);
      row.dataset.entry = entry.key;
      const { act, subject, number, item } = entry.task;
      const shots = entry.shots.length ? `，照片视频 ${entry.shots.length} 个` : "";
      part(row, "what").textContent = `${act} ${subject}（${number} 第 ${item} 项${shots}）`;
      // What may have arrived already can only be sent again as it is.
      part(row, "edit").hidden = entry.state === "draft" || entry.attempted;
      part(row, "edit").addEventListener("click", () => this.edit(entry));
      part(row, "drop").hidden = entry.attempted && entry.state === "ready";
      part(row, "drop").addEventListener("click", () => this.drop(entry));
      this.list.append(row);
      this.tell(entry, words(entry), 0, 0);
    }

    tell(entry, message, done, whole) {
      const row = Array.from(this.list.children).find((each) => each.dataset.entry === entry.key);
      if (!row) return;
      part(row, "state").textContent = message;
      part(row, "state").className = entry.state === "refused" ? "tone-wrong" : "tone-wait";
      const bar = part(row, "bar");
      bar.hidden = !whole;
      bar.max = whole || 1;
      bar.value = done;
    }
  }

  window.xiezhiUnsent = { Unsent };
})();
