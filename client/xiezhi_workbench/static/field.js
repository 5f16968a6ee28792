// 现场办理: the visits, a form for each, and what is not yet sent. Everything entered is kept at once in this browser; it is
// shown to whoever entered it, as long as his session lasts.
"use strict";

(function () {
  const { size, SignedOut, Away } = window.xiezhiTransfer;
  const { Tasks } = window.xiezhiTasks;
  const { Sending } = window.xiezhiSending;
  const { Unsent } = window.xiezhiUnsent;
  const { Entries } = window.xiezhiEntries;
  const root = document.querySelector("[data-field]");
  const tasks = new Tasks(root.dataset.owner);
  const LOOK_MS = 10 * 1000;
  const AGAIN_MS = 15 * 1000;
  const VIDEO_MOST = 1024 * 1024 * 1024;
  const DONE = "DONE";
  const stored = new Entries(tasks);
  let entries = new Map();
  // How often an entry became another here: what was read of the store before that is old.
  let changes = 0;
  let again = null;
  let asking = null;
  function find(name) { return root.querySelector(`[data-${name}]`); }
  function part(element, name) { return element.querySelector(`[data-part="${name}"]`); }
  function made(name) { return root.querySelector(`template[data-template="${name}"]`).content.firstElementChild.cloneNode(true); }
  function key(task) { return `${tasks.owner}/${task.key}`; }
  function newId() { return crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16)); }
  function nowText() { return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 16); }

  function put(entry) { changes += 1; entries.set(entry.key, entry); }
  function take(entry) { changes += 1; entries.delete(entry.key); }

  const keep = (entry) => {
    put(entry);
    return stored.put(entry).catch(() => trouble("本机存储空间不足，内容没有保存，请先发送或者清理空间"));
  };

  function trouble(message) {
    find("trouble").hidden = !message;
    find("trouble").textContent = message;
  }

  const sending = new Sending(tasks, stored, {
    changed: (entry) => { put(entry); list(); mark(entry); },
    progress: (entry, words, done, whole) => { unsent.tell(entry, words, done, whole); },
    sent: (entry) => { gone(entry); windows.postMessage({ key: entry.key, owner: entry.owner, task: entry.task }); },
    signedOut: () => close(),
  });

  // Of several windows one sends; what is sent is gone from all.
  const windows = new BroadcastChannel("xiezhi-field");
  windows.addEventListener("message", (event) => { if (event.data.owner === tasks.owner) gone(event.data); });

  function line() {
    const state = find("line");
    state.textContent = navigator.onLine ? "" : "离线：填写的内容保存在本机，恢复网络后自动发送";
    state.className = `line-state ${navigator.onLine ? "" : "tone-wait"}`;
  }

  const unsent = new Unsent(find("unsent"), root.querySelector('template[data-template="unsent"]'), { edit, drop });
  function list() { unsent.draw(tasks.known ? Array.from(entries.values()) : []); }

  function rowOf(entry) { return Array.from(root.querySelectorAll(".visit")).find((each) => each.dataset.key === entry.key); }

  function mark(entry) {
    const row = rowOf(entry);
    if (!row) return;
    const held = entry.state === "ready";
    row.classList.toggle("ready", held);
    part(row, "kept").hidden = !entries.has(entry.key);
    Array.from(part(row, "form").elements).forEach((each) => { each.disabled = held; });
  }

  function gone(entry) {
    take(entry);
    tasks.report(entry.task);
    const row = rowOf(entry);
    if (row) row.remove();
    root.querySelectorAll(".area").forEach((area) => area.querySelector(".visit") || area.remove());
    find("empty").hidden = !tasks.known || shown().length > 0;
    list();
  }

  async function edit(entry) {
    Object.assign(entry, { state: "draft", message: "", requestId: newId() });
    await keep(entry);
    list();
    mark(entry);
    const row = rowOf(entry);
    if (row) { row.querySelector("details").open = true; row.scrollIntoView(); row.querySelector("select").focus(); }
  }

  async function drop(entry) {
    if (!window.confirm("放弃后，填写的内容和照片从本机删除，不能恢复。确定放弃吗？")) return;
    take(entry);
    await stored.remove(entry.key);
    list();
    show();
  }

  function entryOf(task) {
    return entries.get(key(task)) || { key: key(task), owner: tasks.owner, task, values: {}, shots: [], state: "draft", message: "", requestId: newId(), attempted: false };
  }

  function fill(select, options, empty) {
    select.textContent = "";
    [["", empty], ...options].forEach(([value, word]) => select.add(new Option(word, value)));
  }

  function visit(task) {
    const row = made("visit");
    const entry = entryOf(task);
    row.dataset.key = entry.key;
    ["act", "subject", "address", "number", "left", "words", "sender", "risk"].forEach((name) => { part(row, name).textContent = task[name] || (name === "address" ? "未注明地址" : ""); });
    part(row, "left").classList.add(`tone-${task.tone}`);
    part(row, "urgent").hidden = !task.urgent;
    part(row, "risk").hidden = part(row, "risk-head").hidden = !task.risk;
    const form = part(row, "form");
    fill(form.outcome, tasks.known.outcomes, "请选择");
    fill(form.reason, tasks.known.reasons[task.matter] || [], "请选择");
    form.place.value = task.address;
    Object.entries(entry.values).forEach(([name, value]) => { form.elements[name].value = value; });
    why(row);
    entry.shots.forEach((shot) => picture(row, entry, shot));
    row.querySelector("details").addEventListener("toggle", () => { if (!form.done_at.value) form.done_at.value = nowText(); });
    form.addEventListener("input", () => { why(row); draft(row, task); });
    ["photo", "video"].forEach((name) => part(row, name).addEventListener("change", (event) => shoot(row, task, event.target)));
    form.addEventListener("submit", (event) => { event.preventDefault(); finish(row, task); });
    return row;
  }

  function why(row) {
    const form = part(row, "form");
    part(row, "why").hidden = !form.outcome.value || form.outcome.value === DONE;
    if (part(row, "why").hidden) form.reason.value = "";
  }

  async function draft(row, task) {
    const entry = entryOf(task);
    const form = part(row, "form");
    ["outcome", "reason", "done_at", "place", "note"].forEach((name) => { entry.values[name] = form.elements[name].value; });
    // It may be on another sheet by now.
    entry.task = task;
    // What was refused is another request once it is changed.
    if (entry.state === "refused") Object.assign(entry, { message: "", requestId: newId() });
    entry.state = "draft";
    await keep(entry);
    part(row, "kept").hidden = false;
    list();
    return entry;
  }

  async function shoot(row, task, input) {
    const chosen = Array.from(input.files);
    input.value = "";
    const wrong = chosen.filter((file) => !["image/jpeg", "image/png", "video/mp4"].includes(file.type) || file.size > VIDEO_MOST);
    complain(row, wrong.length ? `${wrong.map((file) => file.name).join("、")}：只接受 JPEG、PNG 照片和 1 GB 以内的 MP4 视频，请在相机设置中改用“兼容性最佳”` : "");
    const entry = await draft(row, task);
    for (const file of chosen.filter((each) => !wrong.includes(each))) {
      const shot = await stored.shot(newId(), file, file.type === "video/mp4" ? "OTHER" : "PHOTO");
      entry.shots.push(shot);
      picture(row, entry, shot);
    }
    await keep(entry);
    list();
  }

  async function preview(image, shot) {
    image.src = URL.createObjectURL(await stored.file(shot));
    image.onload = () => URL.revokeObjectURL(image.src);
    image.hidden = false;
  }

  function picture(row, entry, shot) {
    const shown = made("shot");
    part(shown, "name").textContent = `${shot.name} ${size(shot.size)}`;
    if (shot.type.startsWith("image/")) preview(part(shown, "picture"), shot).catch(() => {});
    else part(shown, "video").hidden = false;
    part(shown, "remove").setAttribute("aria-label", `移除 ${shot.name}`);
    part(shown, "remove").addEventListener("click", async () => {
      const now = entries.get(entry.key);
      now.shots = now.shots.filter((each) => each.id !== shot.id);
      shown.remove();
      await keep(now);
      list();
    });
    part(row, "shots").append(shown);
  }

  function complain(row, message) {
    const wrong = part(row, "wrong");
    wrong.hidden = !message;
    wrong.textContent = message;
    if (message) wrong.focus();
  }

  async function finish(row, task) {
    const form = part(row, "form");
    const lacks = !form.outcome.value ? "请选择结果" : !part(row, "why").hidden && form.outcome.value === "NOT_DONE" && !form.reason.value ? "请选择未办成的原因" : !form.done_at.value ? "请填写到场时间" : "";
    complain(row, lacks);
    if (lacks) return;
    const entry = await draft(row, task);
    entry.state = "ready";
    await keep(entry);
    row.querySelector("details").open = false;
    mark(entry);
    list();
    sending.start();
  }

  // Something entered stays to be seen, even where it is not on the list any more.
  function shown() {
    const listed = new Set(tasks.known.tasks.map(key));
    const entered = Array.from(entries.values()).filter((entry) => !listed.has(entry.key));
    return [...tasks.known.tasks, ...entered.map((entry) => entry.task)];
  }

  function show() {
    const areas = find("areas");
    areas.textContent = "";
    const sections = new Map();
    shown().forEach((task) => {
      if (!sections.has(task.area)) {
        const section = made("area");
        section.querySelector("h2").textContent = task.area || "未注明区域";
        sections.set(task.area, section);
        areas.append(section);
      }
      sections.get(task.area).querySelector("ol").append(visit(task));
    });
    find("empty").hidden = shown().length > 0;
    entries.forEach(mark);
  }

  // What is on the table is not torn away from under the hands: only what nobody has open is drawn anew.
  function refresh() {
    asking = asking || ask().finally(() => { asking = null; });
    return asking;
  }

  async function ask() {
    clearTimeout(again);
    trouble("");
    const closed = !tasks.known;
    try {
      if (!await tasks.fetch()) return;
      if (closed) await own();
      find("signed-out").hidden = true;
      if (!root.querySelector(".visit details[open]")) show();
      list();
      sending.start();
    } catch (error) {
      if (error instanceof SignedOut) close();
      else if (!(error instanceof Away)) trouble(error.message);
      else missed();
    }
  }

  // The page as it was opened can wait for the next click; the shell can send nothing before it has reached the server.
  function missed() {
    if (!document.body.dataset.csrf) again = setTimeout(refresh, AGAIN_MS);
    else if (!tasks.known) trouble("网络中断，还没有取得需要现场办理的事项，恢复后点击“刷新”");
  }

  // Nobody is signed in any more, as far as can be told: nothing is shown, and what was entered waits for its owner.
  async function close() {
    await tasks.forget();
    const all = await stored.rows();
    entries = new Map();
    find("areas").textContent = "";
    find("empty").hidden = find("others").hidden = true;
    find("signed-out").hidden = false;
    find("kept").textContent = all.length ? `本机有 ${all.length} 项内容尚未发送，重新登录前不显示；` : "";
    list();
  }

  async function own() {
    let before, read;
    do {
      before = changes;
      read = await stored.read();
    } while (before !== changes);
    entries = new Map(read.own.map((each) => [each.key, each]));
    others(read.others);
  }

  function others(of) {
    find("others").hidden = of.length === 0;
    find("others-words").textContent = `本机还有其他人填写、尚未发送的 ${of.length} 项结果，已加密，须由其本人登录后发送。`;
    find("others-clear").onclick = async () => {
      if (!window.confirm("其他人填写的内容将从本机删除，不能恢复。确定清除吗？")) return;
      await Promise.all(of.map((row) => stored.remove(row.key)));
      find("others").hidden = true;
    };
  }

  async function begin() {
    line();
    await tasks.open();
    if (tasks.known) await own();
    if (tasks.known) { show(); list(); }
    else if (!tasks.owner) await close();
    await refresh();
  }

  function look() { if (tasks.over()) close(); }
  function touch() { look(); tasks.touch(); }
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
  ["pointerdown", "keydown"].forEach((name) => document.addEventListener(name, touch, true));
  window.addEventListener("online", () => { line(); refresh(); });
  window.addEventListener("offline", () => { line(); list(); });
  find("refresh").addEventListener("click", refresh);
  begin();
})();
