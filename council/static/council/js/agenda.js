// Rows of the agenda are dragged to their place; without this script the buttons beside them do the same.
"use strict";

(() => {
  const form = document.getElementById("board");
  const order = form?.querySelector("input[name=order]");
  if (!order) {
    return;
  }
  let dragged = null;
  form.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-item]");
    event.dataTransfer.effectAllowed = "move";
  });
  form.addEventListener("dragover", (event) => {
    const row = event.target.closest("[data-item]");
    if (!dragged || !row || row === dragged || row.parentNode !== dragged.parentNode) {
      return;
    }
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    row[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
  form.addEventListener("drop", (event) => event.preventDefault());
  form.addEventListener("dragend", () => {
    if (!dragged) {
      return;
    }
    dragged = null;
    order.disabled = false;
    order.value = Array.from(form.querySelectorAll("[data-item]"), (row) => row.dataset.item).join(",");
    form.submit();
  });
})();
