"""Pictures: a Vega-Lite specification becomes an SVG that can be read aloud and set in a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

_OPENING = re.compile(r'^<svg [^>]*viewBox="([^"]*)"[^>]*>')

CONFIG: Mapping[str, Any] = {
    "aria": False,
    "background": None,
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "text": {"fontSize": 13, "color": "var(--text)", "align": "left", "baseline": "middle"},
}
"""How every picture looks. Colours are the page's variables, so a picture follows light and dark.

Nothing in it is placed by the measured width of a text, which depends on a machine's fonts.
"""


def shortened(text: str, longest: int) -> str:
    """``text`` with at most ``longest`` characters; "…" stands for the rest."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def picture(
    ident: str,
    title: str,
    description: str,
    *,
    layers: list[dict[str, Any]],
    width: int,
    height: int,
    above: int = 0,
) -> Markup:
    """The Vega-Lite ``layers`` as an ``<svg>`` of ``width`` by ``height`` units for an HTML page.

    ``above`` units more are left free on top. ``title`` names the picture and ``description`` says
    what it shows, for those who do not see it. ``ident`` is unique in the page. Same layers, same
    bytes.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(
        {
            "config": dict(CONFIG),
            "layer": layers,
            "width": width,
            "height": height,
            "padding": {"left": 2, "top": above, "right": 2, "bottom": 2},
            "autosize": "none",
        },
        allowed_base_urls=[],
    )
    opening = _OPENING.match(drawn)
    if opening is None:
        raise ValueError("the picture has no viewBox")
    return Markup(  # noqa: S704  Vega escapes the texts of its marks; ours are escaped here
        f'<svg viewBox="{opening[1]}" role="img" aria-labelledby="{escape(ident)}-title" '
        f'aria-describedby="{escape(ident)}-desc">'
        f'<title id="{escape(ident)}-title">{escape(title)}</title>'
        f'<desc id="{escape(ident)}-desc">{escape(description)}</desc>'
        f'<g aria-hidden="true">{drawn[opening.end() : -len("</svg>")]}</g></svg>'
    )
