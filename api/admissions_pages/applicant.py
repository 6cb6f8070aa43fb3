"""The applicant's pages: own wishes, the decision, the place on the waiting list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from admissions_pages.asking import path
from admissions_pages.page import PageRequest
from admissions_pages.tasks import ToDo


async def tasks(page: PageRequest, rounds: Sequence[Mapping[str, Any]]) -> list[ToDo]:
    """The rounds in which this person has applied."""
    found = []
    for one in rounds:
        own = await page.api.found(_at(page, one["id"]))
        if own is None:
            continue
        key = "pages-applicant.task-decided" if own["published"] else "pages-applicant.task-waits"
        said = page.say(key, title=one["title"])
        more = _outcome(page, own["wishes"]) if own["published"] else ""
        found.append(ToDo(f"/applicant/{one['id']}", said, None, more))
    return found


async def own(page: PageRequest) -> Response:
    """Own wishes, each with its decision and waiting number once the round is published."""
    one = await page.api.get(path("rounds", page.of("round_id")))
    found = await page.api.get(_at(page, one["id"]), language=page.language)
    return page.show("applicant.html", round=one, **found)


def _at(page: PageRequest, round_id: str) -> str:
    return path("rounds", round_id, "applicants", page.caller.scope)


def _outcome(page: PageRequest, wishes: Sequence[Mapping[str, Any]]) -> str:
    """The best that a person is told first: an offer, else the waiting list, else neither."""
    offered = [wish for wish in wishes if wish["outcome"] == "offered"]
    if offered:
        where = page.offering(offered[0]["offering_id"])
        return page.say("pages-applicant.offered", offering=where)
    waiting = sum(wish["outcome"] == "waiting" for wish in wishes)
    if waiting:
        return page.say("pages-applicant.waiting", count=waiting)
    return page.say("pages-applicant.no-offer")
