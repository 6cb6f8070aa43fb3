"""A page that opens offline: one HTML file with its style inside, the frame of every report."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from admissions.model.version import __version__
from admissions.report.words import Words

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, words: Words, **context: object) -> str:
    """The page that ``template`` (a child of ``base.html``) makes of ``context``.

    Everything in ``context`` is escaped but what is ``Markup``. The page asks for nothing from
    anywhere: its policy allows its own style, known by hash, and nothing else.
    """
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        _environment()
        .get_template(template)
        .render(
            words=words,
            style=Markup(style),  # noqa: S704  our own file
            policy=Markup(policy),  # noqa: S704  quotes and base64 only
            version=__version__,
            **context,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
