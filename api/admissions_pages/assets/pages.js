/* What pages do beyond plain HTML; each works without this too. */
"use strict";

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
