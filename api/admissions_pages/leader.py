"""The leader's pages: own staff, an order of them with a live preview, sending it, the receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from admissions_api.clock import from_stamp, now
from admissions_pages.asking import path
from admissions_pages.moving import moved
from admissions_pages.page import PageRequest, ShownError
from admissions_pages.season import state_words
from admissions_pages.tasks import ToDo

TOGETHER = "together:"
"""What stands before an offering in the name of the field that says how many go together."""


@dataclass(frozen=True)
class Draft:
    """An order that is being tried: everybody in it, how many may be away, and who goes together.

    ``lists``: orders for single offerings, which these pages leave as they are. ``together``: at
    least so many at an offering, or none. ``version``: of what was sent last, so that nobody's
    later change is overwritten unseen.
    """

    persons: tuple[str, ...]
    away: str
    version: str
    lists: tuple[Mapping[str, Any], ...] = ()
    together: tuple[tuple[str, int], ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether ``away`` is no number that can be sent."""
        return bool(self.away) and not (self.away.isdecimal() and len(self.away) <= 6)

    @property
    def too_many(self) -> bool:
        """Whether more are to go together than may be away."""
        if self.wrong or not self.away:
            return False
        return any(at_least > int(self.away) for _, at_least in self.together)

    def body(self) -> dict[str, Any]:
        """What the API is sent."""
        away = int(self.away) if self.away and not self.wrong else None
        order = {"offering_id": None, "person_ids": list(self.persons)}
        groups = [{"offering_id": name, "at_least": number} for name, number in self.together]
        return {"orders": [order, *self.lists], "groups": groups, "max_students": away}


async def tasks(page: PageRequest, rounds: Sequence[Mapping[str, Any]]) -> list[ToDo]:
    """What waits for a leader: an order to send, and afterwards what became of own staff."""
    found = []
    for one in rounds:
        staff = await page.api.found(_at(page, one["id"]))
        if staff is None:
            continue
        where, title, people = f"/leader/{one['id']}", one["title"], len(staff["staff"])
        if one["state"] == "published":
            offered = sum(
                wish["outcome"] == "offered"
                for who in staff["staff"]
                for wish in who["applications"]
            )
            said = page.say("pages-leader.task-decided", count=offered, title=title)
            found.append(ToDo(where, said, offered))
        elif is_open(one):
            key = "pages-leader.task-sent" if staff["preferences"] else "pages-leader.task-unsent"
            more = page.say(key, deadline=page.when(one["deadline"]))
            said = page.say("pages-leader.task-order", count=people, title=title)
            found.append(ToDo(where, said, people, more))
    return found


def is_open(one: Mapping[str, Any]) -> bool:
    """Whether leaders may still send."""
    return bool(one["state"] == "open" and now() < from_stamp(one["deadline"]))


async def staff(page: PageRequest) -> Response:
    """Own staff on one page, with the order that counts now."""
    one, sent = await _round_and_sent(page)
    return await _shown(page, one, sent, _draft_of_sent(sent))


async def order(page: PageRequest) -> Response:
    """The order that is being tried, with somebody moved if asked for; nothing is sent."""
    one, sent = await _round_and_sent(page)
    draft = _draft_of_form(page, sent)
    tried = replace(draft, persons=moved(draft.persons, str(page.held.get("move", ""))))
    return await _shown(page, one, sent, tried, tried=True)


async def send(page: PageRequest) -> Response:
    """Sends the order that is on the page, unless somebody has sent another meanwhile."""
    one, sent = await _round_and_sent(page)
    draft = _draft_of_form(page, sent)
    if draft.wrong or draft.too_many:
        return await _shown(page, one, sent, draft, tried=True)
    where = f"{_at(page, one['id'])}/preferences"
    headers = {"if-match": f'"{draft.version}"'}
    await page.api.ask("PUT", where, body=draft.body(), headers=headers)
    return page.go(f"/leader/{one['id']}/receipt")


async def receipt(page: PageRequest) -> Response:
    """What was sent last: to keep, or to print."""
    one, sent = await _round_and_sent(page)
    if not sent["version"]:
        raise ShownError(404, "no-page")
    known = await page.api.found(_at(page, one["id"]))
    draft = _draft_of_sent(sent)
    return page.show(
        "leader-receipt.html",
        round=one,
        sent=sent,
        draft=draft,
        open=is_open(one),
        uncounted=[] if known is None else _uncounted(known["staff"], draft),
    )


def _at(page: PageRequest, round_id: str) -> str:
    return path("rounds", round_id, "services", page.caller.scope)


async def _round_and_sent(page: PageRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    one = await page.api.get(path("rounds", page.of("round_id")))
    return one, await page.api.get(f"{_at(page, one['id'])}/preferences")


def _draft_of_sent(sent: Mapping[str, Any]) -> Draft:
    said = sent["preferences"]
    orders = said["orders"]
    named = [person for o in orders if o["offering_id"] is None for person in o["person_ids"]]
    away = said["max_students"]
    return Draft(
        tuple(named),
        "" if away is None else str(away),
        str(sent["version"]),
        tuple(o for o in orders if o["offering_id"] is not None),
        tuple((group["offering_id"], group["at_least"]) for group in said["groups"] or ()),
    )


def _draft_of_form(page: PageRequest, sent: Mapping[str, Any]) -> Draft:
    held = page.held
    persons = tuple(dict.fromkeys(str(person) for person in held.getlist("person")))
    away = str(held.get("away", "")).strip()
    together = {
        name.removeprefix(TOGETHER): str(value)
        for name, value in held.items()
        if name.startswith(TOGETHER)
    }
    stated = [(name, int(n)) for name, n in together.items() if n.isdecimal() and len(n) < 5]
    return Draft(
        persons,
        away,
        str(held.get("version", "")),
        _draft_of_sent(sent).lists,
        tuple((name, number) for name, number in stated if number > 1),
    )


async def _shown(
    page: PageRequest,
    one: Mapping[str, Any],
    sent: Mapping[str, Any],
    draft: Draft,
    *,
    tried: bool = False,
) -> Response:
    """The page; only its draft where a part of the page was asked for."""
    where = _at(page, one["id"])
    known = await page.api.found(where)
    if known is None:
        return page.show("leader-not-yet.html", round=one)
    draft = _everybody(draft, [who["person_id"] for who in known["staff"]])
    seen = {"now": known["staff"], "then": known["staff"], "groups": known["groups"]}
    if tried and not (draft.wrong or draft.too_many):
        seen = (await page.api.ask("POST", f"{where}/previews", body=draft.body())).json()
    context: dict[str, Any] = {
        "round": one,
        "sent": sent,
        "draft": draft,
        "tried": tried,
        "open": is_open(one),
        "staff": _in_order(seen, draft),
        "warnings": seen["groups"],
        "groups": _possible_groups(known["staff"], draft),
        "uncounted": _uncounted(known["staff"], _draft_of_sent(sent)),
        "states": await _states(page, one["id"]) if one["state"] == "published" else {},
        "state": lambda name: state_words(page, name),
        "part": tried and "hx-request" in page.request.headers,
    }
    return page.show("leader-draft.html" if context["part"] else "leader.html", **context)


def _everybody(draft: Draft, own: Sequence[str]) -> Draft:
    """The draft with those of own staff who are not named after those who are, and nobody else."""
    named = [person for person in draft.persons if person in own]
    rest = [person for person in own if person not in named]
    return replace(draft, persons=(*named, *rest))


def _members(staff: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """How many of own staff are qualified, by offering."""
    return Counter(
        wish["offering_id"] for who in staff for wish in who["applications"] if wish["qualified"]
    )


def _uncounted(staff: Sequence[Mapping[str, Any]], sent: Draft) -> list[tuple[str, int, int]]:
    """Each wish for several together that does not count: how many were to be, how many can."""
    members = _members(staff)
    return [(name, most, members[name]) for name, most in sent.together if most > members[name]]


def _possible_groups(
    staff: Sequence[Mapping[str, Any]], draft: Draft
) -> list[tuple[str, int, int | None]]:
    """Each offering that two or more of own staff can get: how many can, and how many must."""
    members, wanted = _members(staff), dict(draft.together)
    return [
        (offering, count, wanted.get(offering))
        for offering, count in sorted(members.items())
        if count > 1
    ]


async def _states(page: PageRequest, round_id: str) -> dict[tuple[str, str], str]:
    """What own staff's applications have come to in the season; none before it has begun."""
    where = path("rounds", round_id, "offers")
    if await page.api.found(where, limit=1) is None:
        return {}
    every = await page.api.all(where)
    return {(one["person_id"], one["offering_id"]): one["state"] for one in every}


def _in_order(seen: Mapping[str, Any], draft: Draft) -> list[dict[str, Any]]:
    """Own staff in the draft's order, each with what becomes of them, and why."""
    now_by = {who["person_id"]: who for who in seen["now"]}
    then_by = {who["person_id"]: who for who in seen["then"]}
    going = Counter(who["seat"] for who in seen["then"])
    parted = {name for name, at_least in draft.together if going[name] < at_least}
    return [
        {
            **then_by[person],
            "before": now_by[person],
            "why": _why(now_by[person], then_by[person], parted),
        }
        for person in draft.persons
        if person in then_by
    ]


def _why(before: Mapping[str, Any], after: Mapping[str, Any], parted: Collection[str] = ()) -> str:
    """Why somebody has this seat or none: the key of the words.

    ``parted``: the offerings to which too few would go together, so that nobody does.
    """
    wishes = after["applications"]
    above = {wish["offering_id"] for wish in wishes if wish["above_cut_off"]}
    was = {wish["offering_id"] for wish in before["applications"] if wish["above_cut_off"]}
    if after["seat"] is not None:
        return "colleague-behind" if after["seat"] in above - was else "seat"
    if not any(wish["qualified"] for wish in wishes):
        return "not-qualified"
    if above & set(parted):
        return "group"
    if above:
        return "maximum"
    return "colleague-ahead" if was else "below"
