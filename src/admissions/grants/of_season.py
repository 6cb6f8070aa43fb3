"""The grants of a season: its seats call by call, and the requests of the employers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from admissions.grants.fill import Book, Request
from admissions.grants.rulebook import GrantsRulebook
from admissions.intake.findings import Findings
from admissions.intake.grant_requests import RequestRow
from admissions.model.messages import message
from admissions.model.vocabulary import VOCABULARIES
from admissions.ranking import lottery
from admissions.season.season import Season
from admissions.season.standing import Standing

Key = tuple[str, str]


def grants_of(season: Season, rulebook: GrantsRulebook, rows: Sequence[RequestRow] | None) -> Book:
    """The grants as the season stands; ``rows``: what employers ask for, by a file.

    Without ``rows`` each employer asks, for every seat that the person was offered, or, where there
    was none, for the person's first wish. Raises InputError for rows that speak of nobody.
    """
    calls = list(_held_by_call(season))
    requests = (
        _assumed(season, rulebook, [key for _, held in calls for key in sorted(held)])
        if rows is None
        else _stated(season, rulebook, rows)
    )
    book = Book(rulebook, requests)
    for call, held in calls:
        book.after(call, held)
    return book


def _held_by_call(season: Season) -> Iterator[tuple[int, frozenset[Key]]]:
    """The seats held when the answers to each call are in, when the next is made, and now."""
    for number, event in enumerate(season.events):
        if event.event == "call":
            before = replace(season, events=season.events[:number])
            yield event.call - 1, _held(before.standing)
        if event.event in ("start", "call"):
            then = replace(season, events=season.events[: number + 1])
            yield event.call, _held(then.standing)
    yield season.standing.call, _held(season.standing)


def _held(standing: Standing) -> frozenset[Key]:
    return frozenset(key for key, one in standing.applications.items() if one.holds)


def _assumed(season: Season, rulebook: GrantsRulebook, offered: Sequence[Key]) -> list[Request]:
    standing = season.standing
    keys = dict.fromkeys(offered)
    with_seat = {person for person, _ in keys}
    for person in standing.persons:
        if person not in with_seat:
            first = standing.of(person)[0]
            keys[first.key] = None
    return list(_requests(season, [(key, rulebook.asked.value, False) for key in keys]))


def _stated(season: Season, rulebook: GrantsRulebook, rows: Sequence[RequestRow]) -> list[Request]:
    standing, findings = season.standing, Findings()
    seen: dict[Key, int] = {}
    found = []
    for row in rows:
        key = (row.person_id, row.offering_id)
        if key in seen:
            said = message("grants.asked-twice", row=seen[key])
            findings.error(row.file, said, row=row.row, column="person_id", value=row.person_id)
        elif not standing.of(row.person_id):
            said = message("season.nobody", person=row.person_id)
            findings.error(row.file, said, row=row.row, column="person_id", value=row.person_id)
        elif key not in standing.applications:
            own = [one.offering_id for one in standing.of(row.person_id)]
            person, offering = key
            said = message("season.no-application", person=person, offering=offering, own=own)
            findings.error(row.file, said, row=row.row, column="offering_id", value=offering)
        seen.setdefault(key, row.row)
        asked = rulebook.asked.value if row.amount is None else row.amount
        found.append((key, asked, row.granted_before))
    findings.stop_if_any()
    return list(_requests(season, found))


def _requests(season: Season, asked: Sequence[tuple[Key, int, bool]]) -> Iterator[Request]:
    applicants = season.round_now.applicants
    ids = applicants["person_id"].tolist()
    names = VOCABULARIES["sector"]
    sector = {one: names[code] for one, code in zip(ids, applicants["sector"], strict=True)}
    places = lottery.places(ids, season.resolved.scenario.seed, None).tolist()
    draw = dict(zip(ids, places, strict=True))
    for (person, offering), amount, before in asked:
        yield Request(person, offering, sector[person], amount, draw[person], before)
