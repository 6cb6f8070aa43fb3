"""The first page of each role: what needs you today."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from admissions_api.tokens import Role
from admissions_pages import analyst, applicant, auditor, coordinator, leader, office
from admissions_pages.page import PageRequest
from admissions_pages.tasks import ToDo

_TASKS: Mapping[
    Role, Callable[[PageRequest, Sequence[Mapping[str, Any]]], Awaitable[list[ToDo]]]
] = {
    "analyst": analyst.tasks,
    "applicant": applicant.tasks,
    "auditor": auditor.tasks,
    "coordinator": coordinator.tasks,
    "leader": leader.tasks,
    "office": office.tasks,
}


async def first_page(page: PageRequest) -> Response:
    """Counts that are links, for the role that is signed in."""
    rounds = await page.api.all("/v1/rounds")
    return page.show("first.html", tasks=await _TASKS[page.caller.role](page, rounds))
