// What is typed into a form is saved by itself a few seconds later. Refused or overtaken, it is left to the reader.
"use strict";

(() => {
  const IDLE = 4000; // milliseconds without a key

  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const told = form.querySelector("[data-autosaved]");
    let timer, running, again, stopped;

    const save = async () => {
      if (stopped) return;
      if (running) {
        again = true;
        return;
      }
      running = true;
      again = false;
      form.removeAttribute("data-typed");
      try {
        const answer = await fetch(form.action || location.href, {
          method: "POST",
          body: new FormData(form),
          headers: { Accept: "application/json" },
          credentials: "same-origin",
        });
        const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
        if (answer.ok && said) {
          form.querySelector("input[name$='seen']").value = said.seen;
          if (!form.hasAttribute("data-typed")) form.dispatchEvent(new Event("autosaved"));
        } else {
          form.setAttribute("data-typed", "");
          // Somebody else was faster: pressing the button shows both texts.
          stopped = answer.status === 409;
        }
        told.textContent = said ? said.said : told.dataset.failed;
      } catch {
        form.setAttribute("data-typed", "");
        told.textContent = told.dataset.failed;
      } finally {
        running = false;
        if (again) save();
      }
    };

    form.addEventListener("input", () => {
      form.setAttribute("data-typed", "");
      clearTimeout(timer);
      timer = setTimeout(save, IDLE);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      stopped = true;
    });
  }
})();
