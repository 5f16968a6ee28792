// Persons under watch that were seen: told by the node as they come; what they say is text, never markup.
"use strict";

(function () {
  const section = document.querySelector("[data-hits]");
  if (!section || !window.EventSource) return;
  const list = section.querySelector("[data-hit-list]");
  const stream = new EventSource(section.dataset.hits);

  stream.addEventListener("hit", (event) => {
    const hit = JSON.parse(event.data);
    const line = document.createElement("li");
    const when = document.createElement("time");
    when.textContent = hit.seen_at ? new Date(hit.seen_at).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false }) : "";
    const words = document.createElement("span");
    words.textContent = [hit.person, hit.place, hit.text, "办理项 " + hit.item].filter(Boolean).join("　");
    line.append(when, words);
    list.prepend(line);
    section.querySelector("[data-no-hits]").hidden = true;
  });
  stream.addEventListener("ended", () => stream.close());
  window.addEventListener("pagehide", () => stream.close());
})();
