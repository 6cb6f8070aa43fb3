"""The auditor's page: the chain of who did what, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from admissions_pages.page import PageRequest
from admissions_pages.tasks import ToDo

SHOWN = 200


async def tasks(page: PageRequest, rounds: Sequence[Mapping[str, Any]]) -> list[ToDo]:
    """How many entries there are to read."""
    entries = (await page.api.get("/v1/audit/head"))["entries"]
    return [ToDo("/audit", page.say("pages-auditor.entries", count=entries), entries)]


async def chain(page: PageRequest) -> Response:
    """The newest entries of the chain, and the hash to note somewhere else."""
    head = await page.api.get("/v1/audit/head")
    first = max(0, head["entries"] - SHOWN)
    rows = (await page.api.get("/v1/audit", limit=SHOWN, offset=first))["items"]
    return page.show("audit.html", head=head, rows=rows[::-1])
