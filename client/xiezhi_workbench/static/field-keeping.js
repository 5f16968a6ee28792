// Has the shell of 现场办理 kept in the browser, with the files it is made of, so that it opens without a line: the page as
// it is for nobody. Where the browser keeps no page, for want of a certificate that it trusts, it works as long as it
// stays open.
"use strict";

(function () {
  const CACHE = "xiezhi-shell";
  const PAGE = "/field";
  const SHELL = "/field/shell";

  function files(shell) {
    const named = Array.from(new DOMParser().parseFromString(shell, "text/html").querySelectorAll("link[href], script[src], use"));
    const addresses = named.map((each) => (each.getAttribute("href") || each.getAttribute("src")).split("#")[0]);
    return Array.from(new Set(addresses.map((each) => new URL(each, window.location.href).href)));
  }

  async function keep() {
    await navigator.serviceWorker.register("/field-worker.js", { scope: PAGE });
    const cache = await caches.open(CACHE);
    const answer = await fetch(SHELL, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return;
    const wanted = files(await answer.clone().text());
    const kept = (await cache.keys()).map((each) => each.url);
    await cache.addAll(wanted.filter((each) => !kept.includes(each)));
    await cache.put(PAGE, answer);
    // What an earlier version was made of.
    const old = kept.filter((each) => new URL(each).pathname.startsWith("/static/") && !wanted.includes(each));
    await Promise.all(old.map((each) => cache.delete(each)));
  }

  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  if (navigator.serviceWorker) keep().catch(() => {});
})();
