"""What a page must be like for everybody: axe finds nothing, it fits, a keyboard is enough.

axe-core (vendored, for tests) judges what a program can judge of WCAG 2.2 AA, and its own best
practices. Beside it what it does not judge: that nothing is scrolled sideways but a table in its
own frame, and that each control is reached by Tab, in the page's order, and shows that it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark", "forced")
HEIGHT = 800
MOST_STOPS = 400
_RULES = json.dumps({"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]})
_JUDGE = f"""async () => (await axe.run(document, {_RULES})).violations.map(
  one => one.id + ": " + one.nodes.map(node => node.target.join(" ")).slice(0, 3).join(" | "))"""
_SIDEWAYS = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(
    one => one.getBoundingClientRect().right > page.clientWidth + 1 && !one.closest(".scroll"));
  return ["wider than the window: " + wide.slice(0, 3).map(
    one => one.tagName.toLowerCase() + "." + one.className).join(" | ")];
}"""
_REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter(
  one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true})
    && !(one.type === "radio" && !one.checked)).length"""
_FROM_THE_TOP = """() => {
  window.visited = [];
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const seen = node => {
    const style = getComputedStyle(node);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== "none";
  };
  if (!window.visited) window.visited = [];
  const before = window.visited.at(-1);
  if (before === one) return {within: true};
  const again = window.visited.includes(one);
  window.visited.push(one);
  const says = one.tagName.toLowerCase() + "#" + one.id + " " + one.textContent.trim().slice(0, 30);
  return {again, says, shown: seen(one) || (one.parentElement && seen(one.parentElement)),
    backwards: !!before && !again && !!(before.compareDocumentPosition(one) & 2)};
}"""


def how_seen(scheme: str) -> dict[str, Any]:
    """What the browser is told of the person's colours."""
    if scheme == "forced":
        return {"forced_colors": "active"}
    return {"color_scheme": scheme}


def judged(page: Page) -> list[str]:
    """What axe finds on the page, and whether it is too wide."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    return [*page.evaluate(_JUDGE), *page.evaluate(_SIDEWAYS)]


def by_keyboard(page: Page) -> list[str]:
    """What is wrong for somebody who goes through the page by Tab alone."""
    wrong: list[str] = []
    page.evaluate(_FROM_THE_TOP)
    stops = 0
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUSED)
        if found is not None and "within" in found:  # a date's day, month and year
            continue
        if found is None or found["again"]:
            break
        stops += 1
        if not found["shown"]:
            wrong.append(f"the focus does not show on {found['says']}")
        if found["backwards"]:
            wrong.append(f"the focus goes back to {found['says']}")
    reachable = page.evaluate(_REACHABLE)
    if stops < reachable:
        wrong.append(f"{stops} of {reachable} controls are reached by Tab")
    return wrong
