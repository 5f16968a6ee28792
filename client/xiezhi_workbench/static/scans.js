// Scans on a table: pages of pictures and PDF in order, turned, split by type; bound and uploaded by the workbench.
"use strict";

(function () {
  const { ask } = window.xiezhiTransfer;
  const root = document.querySelector("[data-scans]");
  const list = root.querySelector("[data-sheets]");
  const row = root.querySelector("template");
  const said = root.querySelector("[data-said]");
  const send = root.querySelector("[data-send]");
  const files = [];
  let sheets = [];
  let held = null;
  let changed = false;

  function part(element, name) { return element.querySelector(`[data-part="${name}"]`); }

  function tell(tone, message) {
    said.className = `scan-said tone-${tone}`;
    said.textContent = message;
  }

  async function add(chosen) {
    const wrong = [];
    for (const file of Array.from(chosen)) {
      tell("work", `正在读取 ${file.name}…`);
      try {
        if (files.reduce((sum, each) => sum + each.size, file.size) > Number(root.dataset.largest)) throw new Error("加入后超过 200 MB，请先上传已整理的部分");
        const body = new FormData();
        body.append("file", file);
        const { pages } = await ask(`${root.dataset.scans}/leaf`, { method: "POST", body });
        if (sheets.length + pages.length > Number(root.dataset.most)) throw new Error(`超过 ${root.dataset.most} 页，请分批整理`);
        files.push(file);
        pages.forEach((picture, page) => sheets.push(sheet(file, files.length - 1, page, picture, pages.length)));
        changed = true;
      } catch (error) {
        wrong.push(`${file.name}：${error.message}`);
      }
    }
    tell(wrong.length ? "wrong" : "work", wrong.join("；"));
    lay();
  }

  function sheet(file, number, page, picture, pages) {
    const element = row.content.firstElementChild.cloneNode(true);
    const made = { element, file: number, page, turn: 0, name: pages > 1 ? `${file.name} 第 ${page + 1} 页` : file.name };
    const image = part(element, "picture");
    if (picture) { image.src = `data:image/jpeg;base64,${picture}`; image.hidden = false; } else part(element, "blank").hidden = false;
    part(element, "from").textContent = made.name;
    const acts = { before: () => move(made, -1), after: () => move(made, 1), turn: () => turn(made), remove: () => remove(made) };
    Object.entries(acts).forEach(([name, act]) => part(element, name).addEventListener("click", (event) => { act(); event.currentTarget.focus(); }));
    part(element, "type").addEventListener("change", lay);
    element.addEventListener("keydown", (event) => key(event, made));
    element.addEventListener("dragstart", (event) => { held = made; element.classList.add("held"); event.dataTransfer.effectAllowed = "move"; });
    element.addEventListener("dragend", () => { held = null; element.classList.remove("held"); });
    element.addEventListener("dragover", (event) => { if (held) { event.preventDefault(); element.classList.add("over"); } });
    element.addEventListener("dragleave", () => element.classList.remove("over"));
    element.addEventListener("drop", (event) => {
      element.classList.remove("over");
      if (!held || held === made) return;
      event.preventDefault();
      event.stopPropagation();
      place(held, sheets.indexOf(made));
    });
    return made;
  }

  function key(event, made) {
    if (event.target !== made.element || event.isComposing) return;
    const acts = { r: () => turn(made), Delete: () => remove(made) };
    const moves = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
    const act = event.altKey && moves[event.key] ? () => move(made, moves[event.key]) : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
    if (sheets.includes(made)) made.element.focus();
  }

  function place(made, at) {
    sheets = sheets.filter((each) => each !== made);
    sheets.splice(at, 0, made);
    changed = true;
    lay();
  }

  function move(made, step) {
    const at = sheets.indexOf(made) + step;
    if (at >= 0 && at < sheets.length) place(made, at);
  }

  function turn(made) {
    made.turn = (made.turn + 90) % 360;
    part(made.element, "picture").className = `turn-${made.turn}`;
    part(made.element, "number").dataset.turn = made.turn;
    changed = true;
    lay();
  }

  function remove(made) {
    const at = sheets.indexOf(made);
    sheets = sheets.filter((each) => each !== made);
    made.element.remove();
    lay();
    const next = sheets[Math.min(at, sheets.length - 1)];
    if (next) next.element.focus();
  }

  // The papers that the table would give: pages by type, each page without one with that before it.
  function papers() {
    const found = new Map();
    let type = "";
    sheets.forEach((each) => {
      type = part(each.element, "type").value || type;
      if (!found.has(type)) found.set(type, []);
      found.get(type).push(each);
    });
    return found;
  }

  function word(type) { return Array.from(row.content.querySelector("select").options).find((each) => each.value === type).text; }

  function lay() {
    sheets.forEach((each, at) => {
      if (list.children[at] !== each.element) list.insertBefore(each.element, list.children[at] || null);
      const number = `第 ${at + 1} 页`;
      part(each.element, "number").textContent = number;
      each.element.setAttribute("aria-label", `${number}，${each.name}${each.turn ? `，已旋转 ${each.turn} 度` : ""}`);
      const type = part(each.element, "type");
      type.options[0].text = at ? "同前一页" : "文书类型";
      type.setAttribute("aria-label", `${number}起的文书类型`);
      each.element.classList.toggle("first", Boolean(type.value));
      ["before", "after", "turn", "remove"].forEach((name) => part(each.element, name).setAttribute("aria-label", `${part(each.element, name).textContent}${number}`));
    });
    const found = papers();
    root.querySelector("[data-end]").hidden = sheets.length === 0;
    root.querySelector("[data-summary]").textContent = found.has("")
      ? "请先选择第一页的文书类型"
      : `将上传：${Array.from(found, ([type, pages]) => `${word(type)} ${pages.length} 页`).join("、")}`;
    send.disabled = found.has("") || sheets.length === 0;
  }

  async function bind() {
    const body = new FormData();
    const used = files.map((file, number) => ({ file, number })).filter(({ number }) => sheets.some((each) => each.file === number));
    const order = new Map(used.map(({ number }, at) => [number, at]));
    used.forEach(({ file }) => body.append("file", file));
    const plan = Array.from(papers(), ([type, pages]) => ({ type, sheets: pages.map((each) => [order.get(each.file), each.page, each.turn]) }));
    body.append("plan", JSON.stringify(plan));
    send.disabled = true;
    tell("work", "正在合成并上传…");
    try {
      const answer = await ask(root.dataset.scans, { method: "POST", body });
      sheets.forEach((each) => each.element.remove());
      sheets = [];
      files.length = 0;
      changed = false;
      lay();
      tell("done", `已上传：${answer.papers.map((each) => each.name).join("、")}。在本事项的表单中勾选后随操作提交。`);
    } catch (error) {
      tell("wrong", `${error.message}。页面仍然保留，可以再次点击“合成并上传”。`);
      send.disabled = false;
    }
    said.focus();
  }

  const target = root.querySelector("[data-target]");
  const input = root.querySelector("input[type=file]");
  input.addEventListener("change", () => { const chosen = Array.from(input.files); input.value = ""; add(chosen); });
  target.addEventListener("dragover", (event) => { event.preventDefault(); target.classList.add("over"); });
  target.addEventListener("dragleave", () => target.classList.remove("over"));
  target.addEventListener("drop", (event) => { event.preventDefault(); target.classList.remove("over"); if (!held) add(event.dataTransfer.files); });
  send.addEventListener("click", bind);
  window.addEventListener("beforeunload", (event) => { if (changed && sheets.length) event.preventDefault(); });
})();
