"""The first page of each role: what needs you today."""

from __future__ import annotations

from starlette.responses import Response

from admissions_pages.page import Page


async def first_page(page: Page) -> Response:
    """Counts that are links, for the role that is signed in."""
    rounds = await page.api.all("/v1/rounds")
    return page.show("first.html", rounds=rounds, tasks=[])
