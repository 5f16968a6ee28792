// What a check found wrong while somebody types goes to its fields, and what it does not find any more goes away.
"use strict";

(function () {
  function tell(form) {
    const wrong = new Map(Array.from(form.querySelectorAll("[data-wrong]"), (each) => [each.dataset.wrong, each.textContent]));
    form.querySelectorAll("[data-told]").forEach((place) => {
      const message = wrong.get(place.dataset.told) || "";
      const field = document.getElementById(`f-${place.dataset.told}`);
      place.textContent = message;
      if (!field || !/^(INPUT|SELECT|TEXTAREA)$/.test(field.tagName)) return;
      field.classList.toggle("is-invalid", Boolean(message));
      if (message) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    });
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const form = event.target.id === "told" && event.target.closest("form");
    if (form) tell(form);
  });
})();
