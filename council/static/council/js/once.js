// A form that is on its way is not sent a second time by a double click.
(function () {
  "use strict";
  const LONG = 10000; // milliseconds; a form may answer with a download, and its page stays
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (Date.now() - (sent.get(form) || -LONG) < LONG) event.preventDefault();
    else sent.set(form, Date.now());
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) sent.delete(form);
  });
})();
