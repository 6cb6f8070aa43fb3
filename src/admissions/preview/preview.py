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
    staff: Staff,
    snapshot: Thresholds,
    orders: Orders,
    max_students: int | None,
    together: Mapping[str, int] | None = None,
) -> tuple[PreviewedPerson, ...]:
    """What becomes of own staff, by ``person_id``, if the leader states ``orders`` and a maximum.

    Nothing is read but own staff's data and the snapshot, so nothing of others can be told.

    1. Each qualified application gets its key under the orders. 2. It clears a cut-off unless it
    stands below it. 3. In the round as it stands, and in each draw, a person has the offering they
    want most among those cleared. 4. Of those who have one, the first ``max_students`` in the
    leader's order go. 5. Where fewer than ``together`` wants go to an offering, nobody does: it is
    cleared by none of them, and 3 to 5 are done again. Cost: applications x draws, for each such.
    """
    found = staff.keys_under(orders)
    place = staff.order_of(orders)
    wishes = _wishes(staff.applications)
    cleared = {
        (person, wish.offering): snapshot.cleared(
            wish.offering, wish.region, found.get((person, wish.offering))
        )
        for person, own in wishes.items()
        for wish in own
    }
    usable = {key: passed.copy() for key, passed in cleared.items()}
    ordered = sorted(wishes, key=place.__getitem__)
    chosen = _chosen(wishes, usable, ordered, max_students)
    while _parted(wishes, chosen, usable, together or {}):
        chosen = _chosen(wishes, usable, ordered, max_students)
    return tuple(_person(p, own, chosen[p], cleared, snapshot) for p, own in sorted(wishes.items()))


def _chosen(
    wishes: Mapping[str, Sequence[StaffApplication]],
    usable: Mapping[tuple[str, str], NDArray[np.bool_]],
    order: Sequence[str],
    max_students: int | None,
) -> dict[str, NDArray[np.int64]]:
    """Each person's best usable wish, by number, in the round as it stands and in each draw."""
    chosen: dict[str, NDArray[np.int64]] = {}
    for person, own in wishes.items():
        best = np.full(len(usable[person, own[0].offering]), -1, dtype=np.int64)
        for number in range(len(own) - 1, -1, -1):
            best[usable[person, own[number].offering]] = number
        chosen[person] = best
    if max_students is not None:
        _keep_first(chosen, order, max_students)
    return chosen


def _parted(
    wishes: Mapping[str, Sequence[StaffApplication]],
    chosen: Mapping[str, NDArray[np.int64]],
    usable: Mapping[tuple[str, str], NDArray[np.bool_]],
    together: Mapping[str, int],
) -> bool:
    """Takes each offering from the few who would go there without the rest; whether there were any.

    Each time it does, somebody has an offering less: so it ends.
    """
    some = False
    for offering, at_least in together.items():
        going = {
            person: chosen[person] == number
            for person, own in wishes.items()
            for number, wish in enumerate(own)
            if wish.offering == offering
        }
        if not going:
            continue
        count = np.sum(list(going.values()), axis=0)
        few = (count > 0) & (count < at_least)
        for person in going:
            usable[person, offering][few] = False
        some = some or bool(few.any())
    return some


def group_wishes(
    together: Mapping[str, int], people: Sequence[PreviewedPerson]
) -> tuple[GroupWish, ...]:
    """What a preview as if each went alone means for those wanted ``together``, by offering."""
    return tuple(
        GroupWish(offering, at_least, tuple(p.person_id for p in people if p.seat == offering))
        for offering, at_least in sorted(together.items())
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
