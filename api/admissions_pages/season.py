"""The year after publication: who has answered, what is entered, and each application's history.

An office works on its own offerings, the coordinator on all; the pages are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from admissions.season.states import ANSWERS, NEXT, State, state_wording
from admissions_api.clock import today
from admissions_api.institutions import own_offerings
from admissions_pages.asking import PageAnswer, RefusedError, path
from admissions_pages.page import PageRequest, rulebooks
from admissions_pages.tasks import ToDo

A_PAGE = 50
_KEPT = ("offering", "state")
_REFUSED_IN_PLACE = (403, 409, 422)
"""Refusals that stand on the page of what was sent, so that nothing has to be filled in again."""


def own_place(page: PageRequest) -> str:
    """Where the season's pages of this role are."""
    return f"/{page.caller.role}/{page.of('round_id')}/season"


def season_path(page: PageRequest, *steps: str) -> str:
    """An address of the round's season in the API."""
    return path("rounds", page.of("round_id"), *steps)


async def status_of(page: PageRequest, round_id: str) -> dict[str, Any] | None:
    """Where the season of a round stands; None while it has not begun."""
    found: dict[str, Any] | None = await page.api.found(path("rounds", round_id, "status"))
    return found


def state_words(page: PageRequest, state: str) -> str:
    """What people call a state."""
    return state_wording(State(state)).in_(page.language)


def answers_to(state: str) -> list[str]:
    """What can be answered in ``state``."""
    return [answer for answer in ANSWERS if State(state) in NEXT[answer]]


def offerings_of(page: PageRequest) -> Sequence[str]:
    """The offerings whose applications this role works on."""
    if page.caller.role == "office":
        return own_offerings(page.caller.scope)
    return sorted(rulebooks())


async def season_tasks(page: PageRequest, one: Mapping[str, Any]) -> list[ToDo]:
    """What needs this role today in the season of a published round."""
    status = await status_of(page, one["id"])
    place, title = f"/{page.caller.role}/{one['id']}/season", one["title"]
    if status is None:
        if page.caller.role == "office":
            return []
        return [ToDo(place, page.say("pages-season.task-begin", title=title))]
    silent = f"{place}/applications?state=offered"
    counts = {
        "task-overdue": (silent, len(status["overdue"])),
        "task-due": (silent, len(status["due_soon"])),
        "task-silent": (silent, sum(one["silent"] for one in status["offerings"].values())),
    }
    if page.caller.role == "coordinator":
        waited_for = [one["free"] for one in status["offerings"].values() if one["next"]]
        counts["task-free"] = (place, sum(waited_for))
    return [
        ToDo(where, page.say(f"pages-season.{name}", count=count, title=title), count)
        for name, (where, count) in counts.items()
        if count
    ]


async def applications(page: PageRequest) -> Response:
    """Applications as they stand, a page at a time, each with a place for its answer."""
    return await _applications(page)


async def answer(page: PageRequest) -> Response:
    """Enters the answers on the page, all or none; what is wrong stands in its row."""
    said = _answers(page)
    if not said:
        return await _applications(page, wrong="pages-season.no-answer")
    on = str(page.held.get("on", "")).strip()
    rows = [{**row, "answered_on": on} if on else row for row in said]
    sent = await page.api.ask(
        "POST", season_path(page, "answers"), body={"answers": rows}, refusing=False
    )
    if not sent.good and sent.status not in _REFUSED_IN_PLACE:
        raise RefusedError(sent)
    return await _applications(page, sent=sent, said=said)


async def history(page: PageRequest) -> Response:
    """One person's applications, what has happened to each, and the decisions they read."""
    person = page.of("person_id")
    found = await page.api.get(season_path(page, "offers", person), language=page.language)
    one = await page.api.get(path("rounds", page.of("round_id")))
    letters: list[Any] = []
    if page.caller.role == "office":
        told = path("allocations", one["published"], "explanations", person)
        letters = await page.api.get(told, language=page.language)
    return page.show(
        "season-person.html",
        round=one,
        place=own_place(page),
        person=person,
        applications=found,
        letters=letters,
        state=lambda state: state_words(page, state),
    )


def _answers(page: PageRequest) -> list[dict[str, str]]:
    """The answers that the form states: a row's own, else the one for all that are picked."""
    picked = {str(key) for key in page.held.getlist("pick")}
    for_all = str(page.held.get("for-all", ""))
    found = []
    for key in dict.fromkeys(str(key) for key in page.held.getlist("key")):
        own = str(page.held.get(f"answer:{key}", "")) or (for_all if key in picked else "")
        offering, _, person = key.partition(":")
        if own:
            found.append({"person_id": person, "offering_id": offering, "answer": own})
    return found


async def _applications(
    page: PageRequest,
    *,
    sent: PageAnswer | None = None,
    said: Sequence[Mapping[str, str]] = (),
    wrong: str = "",
) -> Response:
    query = page.request.query_params
    offering, state = query.get("offering", ""), query.get("state", "")
    every = await page.api.all(season_path(page, "offers"))
    found = [
        row for row in every if offering in ("", row["offering_id"]) and state in ("", row["state"])
    ]
    pages = max(1, -(-len(found) // A_PAGE))
    number = page_number(query.get("page", "1"), pages)
    kept = {name: value for name, value in query.items() if name in _KEPT and value}
    refused = sent is not None and not sent.good
    return page.show(
        "season-applications.html",
        status=sent.status if sent is not None and refused else 422 if wrong else 200,
        round=await page.api.get(path("rounds", page.of("round_id"))),
        place=own_place(page),
        rows=found[(number - 1) * A_PAGE : number * A_PAGE],
        total=len(found),
        page_number=number,
        pages=pages,
        at=lambda n: "?" + urlencode({**kept, "page": n}),
        here="?" + urlencode({**kept, "page": number}),
        offerings=offerings_of(page),
        states=[one.value for one in State if any(row["state"] == one.value for row in every)],
        chosen=offering,
        chosen_state=state,
        every_answer=ANSWERS,
        state=lambda name: state_words(page, name),
        answers_to=answers_to,
        wrong=wrong,
        entered=None if sent is None or refused else sent.json(),
        refused=sent.json() if sent is not None and refused else None,
        faults=_faults(sent, said) if sent is not None and refused else {},
        given={_key(row): row["answer"] for row in said} if refused or wrong else {},
        key=_key,
        on=str(page.held.get("on", "")),
        today=today().isoformat(),
    )


def page_number(asked: str, pages: int) -> int:
    """The page that is asked for, one of those there are."""
    return min(max(int(asked) if asked.isdecimal() and len(asked) < 9 else 1, 1), pages)


def _key(row: Mapping[str, str]) -> str:
    return f"{row['offering_id']}:{row['person_id']}"


def _faults(sent: PageAnswer, said: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """What is wrong with each answer that was sent; the API counts them from 1."""
    found: dict[str, list[str]] = {}
    for error in sent.json()["errors"]:
        row = error["row"]
        if row is not None and 1 <= row <= len(said):
            found.setdefault(_key(said[row - 1]), []).append(error["expected"])
    return found
