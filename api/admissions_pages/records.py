"""What an office and the coordinator record in a season: tried first, with what it would change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from admissions.model.facts_described import FACTS
from admissions.model.tables import APPLICANTS
from admissions.season.record_faults import EVENTS
from admissions.season.records import OF_FACTS
from admissions.season.states import HAND_MADE, OTHER_REASON, REASONS
from admissions_api.clock import today
from admissions_api.routes.season_entries import OFFICES
from admissions_pages.asking import PageAnswer, RefusedError, path
from admissions_pages.page import FORM_TOKEN, PageRequest
from admissions_pages.season import offerings_of, own_place, season_path, state_words

LAST_EVENTS = 50
NEW_PERSON = "facts-"
CONFIRMED = "confirmed"
"""The field that says which trial is confirmed: the mark of its event."""
_REFUSED_IN_PLACE = (403, 409, 422)
_FIELDS = ("event", "person_id", "offering_id", "fact", "value", "on", "preference")
CHANGEABLE = tuple(c.name for c in APPLICANTS.columns if c.name not in ("person_id", "service_id"))
"""The facts of a person that a correction may name."""


async def records(page: PageRequest) -> Response:
    """What was entered last, and a form to record something; a link may fill in whom it is of."""
    return await _shown(page, {name: page.request.query_params.get(name, "") for name in _FIELDS})


async def record(page: PageRequest) -> Response:
    """Tries what the form states; what was tried so, and is confirmed unchanged, is recorded.

    A refusal stands above the form as it was.
    """
    held = {name: str(page.held.get(name, "")).strip() for name in (*_FIELDS, "reason", "because")}
    event = _event(page, held)
    trying = page.held.get(CONFIRMED) != _mark_of(event)
    body = {"events": [event], "dry_run": trying}
    sent = await page.api.ask("POST", season_path(page, "events"), body=body, refusing=False)
    if not sent.good and sent.status not in _REFUSED_IN_PLACE:
        raise RefusedError(sent)
    return await _shown(page, held, sent=sent, trying=trying, mark=_mark_of(event))


def _mark_of(event: Mapping[str, Any]) -> str:
    """By what a confirmation knows what was tried."""
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()


def _event(page: PageRequest, held: Mapping[str, str]) -> dict[str, Any]:
    """One event as the API takes it."""
    event: dict[str, Any] = {name: held[name] for name in _FIELDS[:3]}
    if held["event"] in OF_FACTS and held["fact"]:
        event |= {"fact": held["fact"], "value": held["value"]}
    if held["on"]:
        event["on"] = held["on"]
    if held["event"] == "late-application":
        event["facts"] = _new_person(page)
        if held["preference"]:
            event["preference"] = held["preference"]
    event["reason"] = _reason(held)
    return event


def _new_person(page: PageRequest) -> dict[str, str]:
    """The facts of somebody who is not in the round yet; none where no field is filled in."""
    stated = {
        name.removeprefix(NEW_PERSON): str(value).strip()
        for name, value in page.held.items()
        if name.startswith(NEW_PERSON)
    }
    return {name: value for name, value in stated.items() if value}


def _reason(held: Mapping[str, str]) -> str:
    """The reason as the season takes it: from the list where one is needed, else in own words."""
    if held["event"] not in HAND_MADE:
        return held["because"]
    if held["reason"] in REASONS:
        return held["reason"]
    return f"{OTHER_REASON}{held['because']}"


async def _shown(
    page: PageRequest,
    held: Mapping[str, str],
    *,
    sent: PageAnswer | None = None,
    trying: bool = False,
    mark: str = "",
) -> Response:
    good = sent is not None and sent.good
    first = await page.api.get(season_path(page, "events"), limit=1)
    offset = max(0, first["total"] - LAST_EVENTS)
    last = await page.api.get(season_path(page, "events"), limit=LAST_EVENTS, offset=offset)
    return page.show(
        "season-records.html",
        status=200 if sent is None else sent.status,
        round=await page.api.get(path("rounds", page.of("round_id"))),
        place=own_place(page),
        events=EVENTS if page.caller.role == "coordinator" else OFFICES,
        offerings=offerings_of(page),
        facts={name: FACTS[name].title.in_(page.language) for name in CHANGEABLE if name in FACTS},
        columns=[c for c in APPLICANTS.columns if c.name != "person_id"],
        reasons=REASONS,
        held={**dict.fromkeys((*_FIELDS, "reason", "because"), ""), **held},
        given=dict(page.held),
        said=None if sent is None else sent.json(),
        good=good,
        trying=trying,
        mark=mark,
        confirmed=CONFIRMED,
        stated=[(n, v) for n, v in page.held.multi_items() if n not in (FORM_TOKEN, CONFIRMED)],
        state=lambda name: state_words(page, name),
        today=today().isoformat(),
        last=last["items"][::-1],
        total=first["total"],
    )
