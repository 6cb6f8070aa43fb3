/* What pages do beyond plain HTML; each works without this too. */
"use strict";

/* A slider beside a field: each follows the other; without this there is the field alone. */
const fieldOf = (slide) => document.getElementById(slide.dataset.for);
const showSliders = () => {
  for (const slide of document.querySelectorAll("input[type=range][data-for]")) {
    slide.value = fieldOf(slide).value.replace(",", ".");
    slide.hidden = false;
  }
};
document.addEventListener("DOMContentLoaded", showSliders);
document.addEventListener("htmx:afterSwap", showSliders);
document.addEventListener("input", (event) => {
  const slide = event.target;
  if (slide.matches("input[type=range][data-for]")) {
    fieldOf(slide).value = slide.value;
  }
});

/* After a part of a page was replaced, the focus goes back to the control that asked for it. */
let asked = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  asked = document.activeElement && document.activeElement.id;
});
document.addEventListener("htmx:afterSwap", () => {
  const again = asked && document.getElementById(asked);
  if (again && document.activeElement !== again) {
    again.focus({ preventScroll: true });
  }
});

/* A status is said again only when it is another one. */
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const said = (node) => node.textContent.trim();
  if (said(event.detail.fragment) === said(event.detail.target)) {
    event.detail.shouldSwap = false;
  }
});
