// 退出 clears what the one who leaves has kept in this browser, after asking where that would lose something. What others
// have not sent yet stays: only where there is none may the server have the whole store emptied (Clear-Site-Data). What
// somebody else was to visit goes as soon as another is signed in.
"use strict";

(function () {
  const storage = window.xiezhiStorage;

  async function kept(store, owner) {
    const all = await storage.all(store);
    return { own: all.filter((each) => each.owner === owner), others: all.filter((each) => each.owner !== owner) };
  }

  // Says whether whoever leaves agrees.
  async function clear(form) {
    const owner = form.dataset.owner;
    const [entries, uploads] = await Promise.all([kept("entries", owner), kept("uploads", owner)]);
    const lost = [[entries.own.length, "项现场结果"], [uploads.own.length, "份文书"]].filter(([count]) => count);
    const words = lost.map(([count, what]) => `${count} ${what}`).join("、");
    if (words && !window.confirm(`本机还有 ${words}没有发送，退出登录后将被清除。确定退出吗？`)) return false;
    await Promise.all(entries.own.map((each) => storage.remove("entries", each.key)));
    await Promise.all(uploads.own.map((each) => storage.remove("uploads", each.key)));
    // What there is to visit can be fetched again, by whoever may.
    await storage.clear("tasks");
    storage.key.remove();
    form.elements.clear.value = entries.others.length + uploads.others.length ? "" : "yes";
    return true;
  }

  async function dropTasksOfOthers() {
    const form = document.querySelector('form[action="/sign-out"]');
    const { others } = await kept("tasks", form.dataset.owner);
    await Promise.all(others.map((each) => storage.remove("tasks", each.key)));
    const key = storage.key.get();
    if (key && key.owner !== form.dataset.owner) storage.key.remove();
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/sign-out") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // A browser that keeps nothing has nothing to clear.
    if (await clear(form).catch(() => true)) form.submit();
  }, true);
  dropTasksOfOthers().catch(() => {});
})();
