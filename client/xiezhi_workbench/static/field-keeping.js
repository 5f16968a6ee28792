// Has the page of 现场办理 kept in the browser, with the files it is made of, so that it opens without a line. Where the
// browser keeps no page, for want of a certificate that it trusts, the page works as long as it stays open.
"use strict";

(function () {
  const CACHE = "xiezhi-field";
  const PAGE = "/field";

  function files() {
    const named = Array.from(document.querySelectorAll("link[href], script[src], use"));
    const addresses = named.map((each) => (each.href && each.href.baseVal) || each.href || each.src).map((each) => each.split("#")[0]);
    return Array.from(new Set(addresses.map((each) => new URL(each, window.location.href).href)));
  }

  async function keep() {
    await navigator.serviceWorker.register("/field-worker.js", { scope: PAGE });
    const cache = await caches.open(CACHE);
    const wanted = files();
    const kept = (await cache.keys()).map((each) => each.url);
    await cache.addAll(wanted.filter((each) => !kept.includes(each)));
    const answer = await fetch(PAGE, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return;
    await cache.put(PAGE, answer);
    // What an earlier version was made of.
    const old = kept.filter((each) => new URL(each).pathname.startsWith("/static/") && !wanted.includes(each));
    await Promise.all(old.map((each) => cache.delete(each)));
  }

  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  if (navigator.serviceWorker) keep().catch(() => {});
})();
