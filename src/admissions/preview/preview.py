"""A preview: what an order of own staff does to own staff, by own data and published cut-offs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from admissions.preview.cut_offs import Snapshot
from admissions.preview.keys import Key
from admissions.preview.staff import Orders, Staff, StaffApplication

STEP = 5
"""Chances are told in steps of so many per cent."""


@dataclass(frozen=True)
class PreviewedApplication:
    """One application under an order.

    ``above``: it clears the cut-off as it stands. ``chance``: that it gives the seat, in per cent,
    rounded; None where the snapshot does not have the offering.
    """

    application: StaffApplication
    above: bool
    chance: int | None


@dataclass(frozen=True)
class PreviewedPerson:
    """What becomes of one of own staff.

    ``seat``: the offering whose seat they get by the cut-offs as they stand, or None. ``chance``:
    of a seat at all, in per cent, rounded.
    """

    person_id: str
    seat: str | None
    chance: int
    applications: tuple[PreviewedApplication, ...]


@dataclass(frozen=True)
class GroupWish:
    """The wish for ``at_least`` of own staff at an offering together, or none.

    ``within``: who of them gets the seat there by the cut-offs as they stand.
    """

    offering: str
    at_least: int
    within: tuple[str, ...]

    @property
    def costs(self) -> bool:
        """Whether somebody of them would not get the seat, for too few of them do."""
        return 0 < len(self.within) < self.at_least


class Thresholds:
    """A snapshot made ready to hold keys against: each cut-off as its position among all."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.draws = snapshot.draws
        self.offerings = frozenset(snapshot.offerings)
        self._open = np.zeros(snapshot.draws + 1, dtype=np.int64)
        self._ranked = {
            (offering, region): _ranked((last, *at.drawn[region]))
            for offering, at in snapshot.offerings.items()
            for region, last in at.last.items()
        }

    def cleared(self, offering: str, region: str, key: Key | None) -> NDArray[np.bool_]:
        """Whether ``key`` clears the cut-off as it stands (first) and in each draw.

        A region from which nobody applied has none: whoever is qualified clears it.
        """
        if key is None or offering not in self.offerings:
            return np.zeros(self.draws + 1, dtype=np.bool_)
        ranks, ordered = self._ranked.get((offering, region), (self._open, []))
        passed: NDArray[np.bool_] = ranks <= bisect_right(ordered, key)
        return passed


def _ranked(stated: Sequence[Key | None]) -> tuple[NDArray[np.int64], list[Key]]:
    """Each cut-off's position among the different ones, 0 = none; and those, smallest first."""
    ordered = sorted({key for key in stated if key is not None})
    position = {key: number for number, key in enumerate(ordered, 1)}
    return np.array([position[k] if k is not None else 0 for k in stated], dtype=np.int64), ordered


def preview(
    staff: Staff, snapshot: Thresholds, orders: Orders, max_students: int | None
) -> tuple[PreviewedPerson, ...]:
    """What becomes of own staff, by ``person_id``, if the leader states ``orders`` and a maximum.

    Nothing is read but own staff's data and the snapshot, so nothing of others can be told.

    1. Each qualified application gets its key under the orders. 2. It clears a cut-off unless it
    stands below it. 3. In the round as it stands, and in each draw, a person has the offering they
    want most among those cleared. 4. Of those who have one, the first ``max_students`` in the
    leader's order go. Cost: applications x draws.
    """
    found = staff.keys_under(orders)
    place = staff.order_of(orders)
    chosen: dict[str, NDArray[np.int64]] = {}
    cleared: dict[tuple[str, str], NDArray[np.bool_]] = {}
    wishes = _wishes(staff.applications)
    for person, own in wishes.items():
        best = np.full(snapshot.draws + 1, -1, dtype=np.int64)
        for number in range(len(own) - 1, -1, -1):
            wish = own[number]
            key = found.get((person, wish.offering))
            passed = snapshot.cleared(wish.offering, wish.region, key)
            cleared[person, wish.offering] = passed
            best[passed] = number
        chosen[person] = best
    if max_students is not None:
        _keep_first(chosen, sorted(wishes, key=place.__getitem__), max_students)
    return tuple(_person(p, own, chosen[p], cleared, snapshot) for p, own in sorted(wishes.items()))


def group_wishes(staff: Staff, people: Sequence[PreviewedPerson]) -> tuple[GroupWish, ...]:
    """What own staff's preview means for each group that is wanted together, by offering."""
    return tuple(
        GroupWish(offering, at_least, tuple(p.person_id for p in people if p.seat == offering))
        for offering, at_least in sorted(staff.together.items())
    )


def _wishes(applications: Sequence[StaffApplication]) -> dict[str, list[StaffApplication]]:
    found: dict[str, list[StaffApplication]] = {}
    for application in applications:
        found.setdefault(application.person_id, []).append(application)
    return found


def _keep_first(
    chosen: Mapping[str, NDArray[np.int64]], order: Sequence[str], maximum: int
) -> None:
    """Takes the offering from whoever comes after the first ``maximum`` that have one."""
    away: NDArray[np.int64] | None = None
    for person in order:
        best = chosen[person]
        away = np.zeros(len(best), dtype=np.int64) if away is None else away
        best[away >= maximum] = -1
        away += best >= 0


def _person(
    person: str,
    own: Sequence[StaffApplication],
    best: NDArray[np.int64],
    cleared: Mapping[tuple[str, str], NDArray[np.bool_]],
    snapshot: Thresholds,
) -> PreviewedPerson:
    drawn = best[1:]
    applications = tuple(
        PreviewedApplication(
            application=wish,
            above=bool(cleared[person, wish.offering][0]),
            chance=_chance(int((drawn == number).sum()), snapshot.draws)
            if wish.offering in snapshot.offerings
            else None,
        )
        for number, wish in enumerate(own)
    )
    seat = own[int(best[0])].offering if best[0] >= 0 else None
    return PreviewedPerson(
        person, seat, _chance(int((drawn >= 0).sum()), snapshot.draws), applications
    )


def _chance(times: int, draws: int) -> int:
    """``times`` of ``draws`` in per cent, to the nearest step, half up; 0 of 0 draws is 0."""
    if not draws:
        return 0
    steps = 100 // STEP
    return (2 * times * steps + draws) // (2 * draws) * STEP
