// What every page does in the browser: keys, rows, forms that are sent once. No inline handlers anywhere (CSP).
"use strict";

(function () {
  const rows = () => Array.from(document.querySelectorAll("[data-row]"));
  const current = () => document.querySelector("[data-row].current");

  function go(row) {
    if (!row) return;
    rows().forEach((each) => each.classList.toggle("current", each === row));
    const link = row.querySelector("[data-open]");
    if (link) link.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    const at = all.indexOf(current());
    go(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)]);
  }

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox";
  }

  const keys = {
    "/": () => { const box = document.querySelector("[data-search]"); if (box) { box.focus(); box.select(); } },
    j: () => move(1),
    k: () => move(-1),
    x: () => { const box = current() && current().querySelector("[data-select]"); if (box) box.click(); },
    "?": () => showKeys(),
  };

  function showKeys() {
    const dialog = document.getElementById("keys");
    if (dialog) bootstrap.Modal.getOrCreateInstance(dialog).show();
  }

  document.addEventListener("keydown", (event) => {
    // While an input method composes, keys belong to it (229: engines that do not say isComposing).
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "Enter" && current() && event.target === document.body) {
      const link = current().querySelector("[data-open]");
      if (link) link.click();
      return;
    }
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest && event.target.closest("[data-row]");
    if (row) rows().forEach((each) => each.classList.toggle("current", each === row));
  });

  // Chosen rows: how many, all at once.
  function tell() {
    const chosen = document.querySelectorAll("[data-select]:checked").length;
    document.querySelectorAll("[data-chosen]").forEach((each) => { each.textContent = String(chosen); });
    document.querySelectorAll("[data-needs-chosen]").forEach((each) => { each.disabled = chosen === 0; });
  }

  document.addEventListener("change", (event) => {
    const target = event.target;
    if (target.matches("[data-select-all]")) {
      document.querySelectorAll("[data-select]").forEach((each) => { each.checked = target.checked; });
    }
    if (target.matches("[data-select-all], [data-select]")) tell();
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest && event.target.closest("[data-show-keys], [data-toggle-side], [data-print], [data-back]");
    if (!target) return;
    if (target.matches("[data-show-keys]")) showKeys();
    if (target.matches("[data-print]")) window.print();
    if (target.matches("[data-back]") && history.length > 1) { event.preventDefault(); history.back(); }
    if (target.matches("[data-toggle-side]")) {
      const open = document.getElementById("side").classList.toggle("open");
      target.setAttribute("aria-expanded", String(open));
    }
  });

  // A form is sent once; the request id in it makes a second sending harmless anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.download) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((each) => { delete each.dataset.sent; });
    tell();
  });
  document.addEventListener("htmx:afterRequest", () => {
    document.querySelectorAll("form[data-sent]").forEach((each) => { delete each.dataset.sent; });
  });

  // Typing keeps the session alive as a click does: whoever writes a long text has not gone away.
  let told = Date.now();
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || form.method !== "post" || Date.now() - told < 60000) return;
    told = Date.now();
    fetch("/here", { credentials: "same-origin", redirect: "manual" }).catch(() => {});
  });

  // Live: told that something has changed, the page asks for its changing parts again. One stream for a tab that is
  // looked at, none for one that is not: browsers allow few connections to one host.
  let stream = null;
  let opened = false;

  function listen() {
    const place = document.querySelector("[data-live]");
    if (stream || document.hidden || !window.EventSource || !place) return;
    stream = new EventSource(place.dataset.live);
    stream.addEventListener("changed", refresh);
    stream.addEventListener("ended", () => window.location.reload());
    // Nobody told what changed before it was open: while the page itself was on its way, or the line was broken.
    stream.onopen = () => { if (opened) refresh(); else renew(); opened = true; };
    // A browser tries again by itself, but not after an answer that is no stream: then nobody is signed in any more, which
    // the page learns when it asks for its parts.
    stream.onerror = () => {
      if (!stream || stream.readyState !== EventSource.CLOSED) return;
      hush();
      refresh();
      window.setTimeout(listen, 10000);
    };
  }

  function renew() { htmx.trigger(document.body, "xiezhi:changed"); }

  function refresh() {
    renew();
    document.querySelectorAll("[data-stale]").forEach((each) => { each.hidden = false; });
  }

  // A part that is fetched again takes its links away: whoever stood on one, stands on the new one.
  let stood = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const at = document.activeElement;
    const href = at && event.detail.target.contains(at) ? at.getAttribute("href") : "";
    stood = href ? `a[href="${CSS.escape(href)}"]` : "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    const link = stood && document.activeElement === document.body ? document.querySelector(`#content ${stood}`) : null;
    stood = "";
    if (link) link.focus({ preventScroll: true });
  });

  function hush() {
    if (stream) stream.close();
    stream = null;
  }

  document.addEventListener("visibilitychange", () => { if (document.hidden) hush(); else listen(); });
  window.addEventListener("pagehide", hush);
  window.addEventListener("pageshow", listen);

  // What htmx sends carries the session's token too.
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["x-csrf-token"] = document.body.dataset.csrf || "";
  });
  document.addEventListener("htmx:afterSwap", tell);

  // What is wider than its place is pushed sideways by keyboard too.
  function reach() {
    document.querySelectorAll(".scroll").forEach((each) => { if (each.scrollWidth > each.clientWidth) each.tabIndex = 0; });
  }
  window.addEventListener("load", reach);
  window.addEventListener("resize", reach);
  document.addEventListener("htmx:afterSwap", reach);
})();
