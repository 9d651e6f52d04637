// Leaving a page on which something was typed and not saved asks first.
"use strict";

(() => {
  const typed = new Set();
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    form.addEventListener("input", () => typed.add(form));
    form.addEventListener("submit", () => typed.delete(form));
    form.addEventListener("autosaved", () => typed.delete(form));
  }
  window.addEventListener("beforeunload", (event) => {
    if (typed.size) {
      event.preventDefault();
    }
  });
})();
