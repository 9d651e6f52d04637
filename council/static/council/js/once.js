// A form that is on its way is not sent a second time by a double click.
(function () {
  "use strict";
  const LONG = 60000; // milliseconds; after that it has failed, or was stopped, and may be sent again
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
