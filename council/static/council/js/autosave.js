// What is typed into a form is saved by itself a few seconds later. Refused or overtaken, it is left to the reader.
"use strict";

(() => {
  const IDLE = 4000; // milliseconds without a key
  const kept = []; // of each form: whether something waits to be saved, and how it is saved

  const keep = (form) => {
    const told = form.querySelector("[data-autosaved]");
    let timer, running, again, stopped, typed;

    const once = async () => {
      typed = again = false;
      try {
        const answer = await fetch(form.action || location.href, {
          method: "POST",
          body: new FormData(form),
          headers: { Accept: "application/json" },
          credentials: "same-origin",
        });
        const json = answer.headers.get("Content-Type")?.startsWith("application/json");
        const said = json ? await answer.json() : null;
        if (answer.ok && said) {
          form.querySelector("input[name$='seen']").value = said.seen;
          if (!typed) form.dispatchEvent(new Event("autosaved"));
        } else {
          // Somebody else was faster: pressing the button shows both texts.
          stopped = answer.status === 409;
        }
        told.textContent = said ? said.said : told.dataset.failed;
      } catch {
        told.textContent = told.dataset.failed;
      }
    };

    const save = () => {
      clearTimeout(timer);
      if (stopped) return Promise.resolve();
      again = Boolean(running);
      running = (running || Promise.resolve()).then(once).finally(() => {
        if (!again) running = null;
      });
      return running;
    };

    form.addEventListener("input", () => {
      typed = true;
      clearTimeout(timer);
      timer = setTimeout(save, IDLE);
    });
    return {
      form,
      save,
      waits: () => typed && !stopped,
      underWay: () => running,
      rest: () => clearTimeout(timer),
    };
  };

  for (const form of document.querySelectorAll("form[data-autosave]")) kept.push(keep(form));

  // A button leads to a new page: what was typed elsewhere is saved first, and what is under way here ends first.
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    form.addEventListener("submit", (event) => {
      const own = kept.find((one) => one.form === form);
      own?.rest();
      const others = kept.filter((one) => one !== own && one.waits()).map((one) => one.save());
      const first = own?.underWay() ? [...others, own.underWay()] : others;
      if (!first.length) return;
      event.preventDefault();
      const button = event.submitter;
      Promise.all(first).then(() => form.requestSubmit(button));
    });
  }
})();
