"""The first page of each role: what needs you today."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from admissions_api.tokens import Role
from admissions_pages import leader
from admissions_pages.page import PageRequest
from admissions_pages.tasks import ToDo

_TASKS: Mapping[
    Role, Callable[[PageRequest, Sequence[Mapping[str, Any]]], Awaitable[list[ToDo]]]
] = {
    "leader": leader.tasks,
}


async def first_page(page: PageRequest) -> Response:
    """Counts that are links, for the role that is signed in."""
    rounds = await page.api.all("/v1/rounds")
    waiting = _TASKS.get(page.caller.role)
    found = [] if waiting is None else await waiting(page, rounds)
    return page.show("first.html", tasks=found)
