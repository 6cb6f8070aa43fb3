"""What the commands of a season tell in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

import typer

from admissions.cli.language import spoken
from admissions.model.messages import message

if TYPE_CHECKING:
    from admissions.season.season import Season
    from admissions.season.standing import Application, Key, Standing
    from admissions.season.status import OfferingStatus


def say(code: str, **values: object) -> None:
    """A line of the season's words."""
    typer.echo(message(f"season.{code}", **values).in_(spoken()))


def changes(before: Season, after: Season) -> None:
    """What has become of whom, a line an application; then who has another place on a list."""
    was, becomes = before.standing, after.standing
    told = False
    for key in sorted(becomes.applications):
        then, now = was.applications.get(key), becomes.applications[key]
        if then is None or then.state is not now.state:
            _changed(key, then, now)
            told = True
        if now.extra and not (then is not None and then.extra):
            seats = after.resolved.scenario.seats[key[1]]
            say("extra-seat", person=key[0], offering=key[1], seats=seats)
        if now.first and not (then is not None and then.first):
            say("first-in-line", person=key[0], offering=key[1])
            told = True
    for event in after.events[len(before.events) :]:
        for offering in event.detail.get("places", {}):
            _moved(event.person_id, offering, was, becomes)
            told = True
    if not told and len(after.events) > len(before.events):
        say("nothing-changed")


def left_unnamed(before: Season, after: Season) -> None:
    """How many waiting places ended because a yes did not name them, where the policy asks it."""
    from admissions.season.states import State

    if not after.policy.waiting_needs_yes:
        return
    new = after.events[len(before.events) :]
    yes = {event.person_id for event in new if event.event == "accept"}
    own = {(event.person_id, event.offering_id) for event in new if event.event == "leave"}
    gone = [
        key
        for key, one in before.standing.applications.items()
        if key[0] in yes
        and key not in own
        and one.state is State.WAITING
        and after.standing.applications[key].state is State.LEFT
    ]
    if gone:
        say("left-unnamed", count=len(gone))


def _changed(key: Key, then: Application | None, now: Application) -> None:
    from admissions.season.states import state_wording

    before = state_wording(then.state) if then else "–"
    say("changed", person=key[0], offering=key[1], before=before, after=state_wording(now.state))


def _moved(person: str, offering: str, was: Standing, becomes: Standing) -> None:
    places = [_place(one.order.get(offering, []), person) for one in (was, becomes)]
    say("moved", person=person, offering=offering, before=places[0], after=places[1])


def _place(line: list[str], person: str) -> int | str:
    return line.index(person) + 1 if person in line else "–"


def few_answers_yet(now: Season, lost: int) -> None:
    """A doubt, where more offers are lost by silence than answers were entered since the call.

    Nothing else takes an offer from anybody: were all answers entered?
    """
    from admissions.season.status import answers_since_call

    answers = answers_since_call(now)
    if lost > answers:
        say("few-answers-yet", since=now.standing.called_on, answers=answers, count=lost)


def status_table(found: Mapping[str, OfferingStatus]) -> None:
    """A line an offering, numbers to the right."""
    from rich.table import Table

    from admissions.cli import render
    from admissions.model.words import words

    said = words("season", spoken())
    table = Table(box=None, pad_edge=False)
    for name in ("offering", "seats", "out", "yes", "no", "silent", "free", "next"):
        justify: Literal["left", "right"] = "left" if name in ("offering", "next") else "right"
        table.add_column(said[f"columns.{name}"], justify=justify)
    for name, one in found.items():
        table.add_row(name, *map(str, asdict(one).values()))
    render.show(table)
