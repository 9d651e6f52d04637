// Warns two minutes before the session ends, wherever one is typing; nothing that was typed is lost.
(function () {
  "use strict";
  const WARN = 120; // seconds
  const part = document.querySelector("[data-session]");
  if (!part || !window.HTMLDialogElement) return;
  const dialog = part.querySelector("dialog");
  const at = (name) => part.querySelector(`[data-session-${name}]`);
  const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
  let timer = 0;
  let before = null;
  let deadline = Date.now() + Number(part.dataset.secondsLeft) * 1000;

  function ask(method) {
    return fetch(part.dataset.clock, {
      method, redirect: "manual", credentials: "same-origin", headers: { "X-CSRFToken": token },
    }).then((answer) => (answer.ok ? answer.json() : { seconds_left: 0 }));
  }

  function say(...names) {
    for (const name of ["near", "last", "over", "stay", "close"]) at(name).hidden = !names.includes(name);
    dialog.setAttribute("aria-describedby", at(names[0]).id);
    if (!dialog.open) {
      before = document.activeElement;
      dialog.showModal();
    }
    at(names[1]).focus();
  }

  function plan(answer) {
    deadline = Date.now() + answer.seconds_left * 1000;
    if (answer.ends_at) at("ends").textContent = answer.ends_at;
    window.clearTimeout(timer);
    const left = answer.seconds_left;
    timer = window.setTimeout(look, Math.max(left > WARN ? left - WARN : left, 1) * 1000);
  }

  // Somebody may have gone on in another tab: the server knows, and asking prolongs nothing.
  function look() {
    ask("GET").then((answer) => {
      if (answer.seconds_left <= 0) return say("over", "close");
      plan(answer);
      if (answer.seconds_left <= WARN + 1) say("near", "stay");
      else if (dialog.open) dialog.close();
    }, () => { timer = window.setTimeout(look, 15000); });
  }

  dialog.addEventListener("submit", (event) => {
    if (event.submitter !== at("stay")) return;
    event.preventDefault();
    ask("POST").then((answer) => {
      if (answer.seconds_left <= 0) return say("over", "close");
      plan(answer);
      if (answer.seconds_left <= WARN) say("last", "close");
      else dialog.close();
    });
  });
  dialog.addEventListener("close", () => { if (before && before.focus) before.focus(); });
  // A laptop that slept has missed its timers.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() > deadline - WARN * 1000) look();
  });
  const first = Number(part.dataset.secondsLeft);
  if (first > WARN) plan({ seconds_left: first });
  else look();
})();
