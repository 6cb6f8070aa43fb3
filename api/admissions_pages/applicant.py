"""The applicant's pages: own wishes and their order, own facts, the decision, the answer to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from admissions.model.choices import CHOICES, choice_words
from admissions.model.facts_described import FACTS
from admissions.model.tables import APPLICANTS
from admissions.model.values import yes_no
from admissions.season.states import State, state_wording
from admissions_api.clock import from_stamp, now
from admissions_pages.asking import PageAnswer, RefusedError, path
from admissions_pages.letters import to_oneself
from admissions_pages.moving import moved
from admissions_pages.page import PageRequest
from admissions_pages.season import answers_to
from admissions_pages.tasks import ToDo

_TITLES = {column.name: column.title for column in APPLICANTS.columns}
_REFUSED_IN_PLACE = (403, 409, 422)


async def tasks(page: PageRequest, rounds: Sequence[Mapping[str, Any]]) -> list[ToDo]:
    """The rounds in which this person has applied, and what is to be answered."""
    found = []
    for one in rounds:
        own = await page.api.found(_at(page, one["id"]))
        if own is None:
            continue
        stands = await _stands(page, one["id"])
        where = f"/applicant/{one['id']}"
        open_offers = [wish for wish in stands.values() if wish["state"] == State.OFFERED]
        if open_offers:
            by = page.day(min(wish["deadline"] for wish in open_offers))
            said = page.say(
                "pages-applicant.task-answer", count=len(open_offers), title=one["title"]
            )
            more = page.say("pages-applicant.answer-by", deadline=by)
            found.append(ToDo(where, said, len(open_offers), more))
            continue
        key = "pages-applicant.task-decided" if own["published"] else "pages-applicant.task-waits"
        more = _outcome(page, own["wishes"], stands) if own["published"] else _until(page, one)
        found.append(ToDo(where, page.say(key, title=one["title"]), None, more))
    return found


async def own(page: PageRequest) -> Response:
    """Own wishes, each with its decision, its waiting number and what can be answered."""
    return await _shown(page)


async def order(page: PageRequest) -> Response:
    """Tries another order of own wishes, or saves it."""
    wishes = tuple(dict.fromkeys(str(wish) for wish in page.held.getlist("wish")))
    if "save" not in page.held:
        return await _shown(page, tried=moved(wishes, str(page.held.get("move", ""))))
    where = f"{_at(page, page.of('round_id'))}/wishes"
    sent = await page.api.ask("PUT", where, body={"offering_ids": wishes}, refusing=False)
    if not sent.good and sent.status not in _REFUSED_IN_PLACE:
        raise RefusedError(sent)
    return await _shown(page, sent=sent, done="pages-applicant.saved")


async def answer(page: PageRequest) -> Response:
    """Answers an offer, or leaves a waiting list; a yes may name waiting places to keep."""
    named = [str(page.held.get("offering", "")), *map(str, page.held.getlist("keep"))]
    given = {"person_id": page.caller.scope, "answer": str(page.held.get("answer", ""))}
    said = [{**given, "offering_id": name} for name in dict.fromkeys(named)]
    where = path("rounds", page.of("round_id"), "answers")
    sent = await page.api.ask("POST", where, body={"answers": said}, refusing=False)
    if not sent.good and sent.status not in _REFUSED_IN_PLACE:
        raise RefusedError(sent)
    return await _shown(page, sent=sent, done="pages-applicant.answered")


async def _shown(
    page: PageRequest,
    *,
    tried: Sequence[str] | None = None,
    sent: PageAnswer | None = None,
    done: str = "",
) -> Response:
    one = await page.api.get(path("rounds", page.of("round_id")))
    found = await page.api.get(_at(page, one["id"]), language=page.language)
    wishes = found["wishes"]
    if tried is not None:
        place = {offering: number for number, offering in enumerate(tried, 1)}
        wishes = sorted(wishes, key=lambda wish: place.get(wish["offering_id"], len(place) + 1))
    refused = sent is not None and not sent.good
    return page.show(
        "applicant.html",
        status=sent.status if sent is not None and refused else 200,
        round=one,
        person_id=found["person_id"],
        published=found["published"],
        wishes=wishes,
        stands=await _stands(page, one["id"]) if found["published"] else {},
        facts=[{**fact, **_fact(page, fact)} for fact in found["facts"] if fact["name"] in _TITLES],
        institutions=found["institutions"],
        letters=await to_oneself(page) if found["published"] else [],
        open=one["state"] == "open" and now() < from_stamp(one["deadline"]),
        tried=tried is not None,
        done=done if sent is not None and sent.good else "",
        refused=sent.json() if sent is not None and refused else None,
        state=lambda name: state_wording(State(name)).in_(page.language),
        answers_to=answers_to,
    )


def _at(page: PageRequest, round_id: str) -> str:
    return path("rounds", round_id, "applicants", page.caller.scope)


async def _stands(page: PageRequest, round_id: str) -> dict[str, dict[str, Any]]:
    """Own applications as they stand in the season, by offering; none before it has begun."""
    where = path("rounds", round_id, "offers", page.caller.scope)
    found = await page.api.found(where, language=page.language)
    return {one["offering_id"]: one for one in found or ()}


def _fact(page: PageRequest, fact: Mapping[str, str]) -> dict[str, str]:
    """What a fact is called, and its value, as people read them."""
    name, value = fact["name"], fact["value"]
    title = _TITLES[name].in_(page.language)
    if name in CHOICES and value in [one.value for one in CHOICES[name]]:
        return {"title": title, "said": choice_words(name, value, page.language)}
    if name in FACTS and FACTS[name].measure == "yes-no" and value in ("yes", "no"):
        return {"title": title, "said": yes_no(value == "yes", page.language)}
    return {"title": title, "said": page.number(value)}


def _until(page: PageRequest, one: Mapping[str, Any]) -> str:
    if one["state"] != "open":
        return ""
    return page.say("pages-applicant.order-until", deadline=page.when(one["deadline"]))


def _outcome(
    page: PageRequest, wishes: Sequence[Mapping[str, Any]], stands: Mapping[str, Mapping[str, Any]]
) -> str:
    """The best that a person is told first: where they are, else an offer, else the lists."""
    held = [one for one in stands.values() if one["state"] in (State.ACCEPTED, State.ENROLLED)]
    if held:
        return str(held[0]["sentence"])
    states = {name: one["state"] for name, one in stands.items()}
    now_by = {wish["offering_id"]: wish["outcome"] for wish in wishes} | states
    offered = [name for name, state in now_by.items() if state == "offered"]
    if offered:
        return page.say("pages-applicant.offered", offering=page.offering(offered[0]))
    waiting = sum(state == "waiting" for state in now_by.values())
    if waiting:
        return page.say("pages-applicant.waiting", count=waiting)
    return page.say("pages-applicant.no-offer")
