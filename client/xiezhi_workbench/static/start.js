// A form that starts a matter: its rows and fields are drawn anew; papers on their way count with their types.
"use strict";

(function () {
  // A row more, a court chosen: what lacks is another now.
  document.addEventListener("htmx:afterRequest", (event) => {
    const target = event.detail.target;
    const begin = document.querySelector("[data-begin]");
    if (begin) { begin.removeAttribute("data-begin"); begin.focus(); }
    if (target && (target.id === "said" || target.id === "dossier") && document.getElementById("told")) htmx.trigger("#told", "said-changed");
  });

  // The fields are drawn anew by an answer that does not know what was entered while it was on its way: that stays.
  const said = (each) => (each.type === "checkbox" ? each.checked : each.value);
  const controls = () => Array.from(document.querySelectorAll("#said :is(input, select, textarea)[id]"));
  const asked = new WeakMap();
  let since = [];

  document.addEventListener("htmx:beforeSend", (event) => {
    if (event.detail.target.id === "said") asked.set(event.detail.xhr, new Map(controls().map((each) => [each.id, said(each)])));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const then = event.detail.target.id === "said" && asked.get(event.detail.xhr);
    since = then ? controls().filter((each) => then.has(each.id) && then.get(each.id) !== said(each)) : [];
  });
  document.addEventListener("htmx:afterSettle", () => {
    const entered = since;
    since = [];
    entered.forEach((old) => {
      const now = document.getElementById(old.id);
      if (!now || said(now) === said(old)) return;
      if (old.type === "checkbox") now.checked = old.checked; else now.value = old.value;
      now.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  // Of a paper that the drop zone has uploaded, the form carries hash and name; its type is needed for what lacks.
  function types(form) {
    return Array.from(form.querySelectorAll("[data-files] li"), (row) => {
      const kept = row.querySelector("[name='documents.kept']");
      const type = row.querySelector("[data-part=type]");
      return kept && type ? `${kept.value.split(" ")[0]} ${type.value}` : "";
    }).filter(Boolean);
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target.closest && event.target.closest("[data-start]");
    if (form) types(form).forEach((each) => event.detail.formData.append("documents.type", each));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-start]");
    if (!form) return;
    form.querySelectorAll("[name='documents.type']").forEach((each) => each.remove());
    types(form).forEach((each) => {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "documents.type", value: each });
      form.append(field);
    });
  });
})();
