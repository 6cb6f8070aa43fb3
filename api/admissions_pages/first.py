"""The first page of each role: what needs you today."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from admissions_api.tokens import Role
from admissions_pages import leader
from admissions_pages.page import Page
from admissions_pages.tasks import Task

_TASKS: Mapping[Role, Callable[[Page, Sequence[Mapping[str, Any]]], Awaitable[list[Task]]]] = {
    "leader": leader.tasks,
}


async def first_page(page: Page) -> Response:
    """Counts that are links, for the role that is signed in."""
    rounds = await page.api.all("/v1/rounds")
    waiting = _TASKS.get(page.caller.role)
    found = [] if waiting is None else await waiting(page, rounds)
    return page.show("first.html", tasks=found)
