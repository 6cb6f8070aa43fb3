"""The chain of a seat: who had it, who moved there, who got what the mover left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from admissions.season.standing import Offer, Standing
from admissions.season.states import State

COLUMNS = ("chain", "step", "offering_id", "person_id", "gave_up", "became")


@dataclass(frozen=True)
class Link:
    """One row of ``chains.csv``.

    Step 0 is the seat that was free: ``person_id`` had it until it ``became`` the state that freed
    it, or nobody (an unused one). Then each ``person_id`` who gets the seat at ``offering_id``, and
    the offering that they leave for it.
    """

    chain: int
    step: int
    offering_id: str
    person_id: str
    gave_up: str
    became: str = ""

    def row(self) -> tuple[str, ...]:
        """The row's cells as text."""
        texts = (self.offering_id, self.person_id, self.gave_up, self.became)
        return str(self.chain), str(self.step), *texts


def chains(standing: Standing, offers: Sequence[Offer]) -> list[Link]:
    """How the seats of ``offers`` came to be free; every offer stands in one link.

    1. Seats that somebody had come first, in the order in which they were freed, then unused ones.
    2. A seat goes to the next of the call's offers there; whoever gets it leaves the seat that was
    held, which goes on. 3. What is left then are people who take each other's seats: a circle
    begins with the seat of its first.
    """
    new: dict[str, list[str]] = {}
    for offer in offers:
        new.setdefault(offer.offering_id, []).append(offer.person_id)
    leaves = _left_behind(standing, offers)
    found: list[Link] = []
    for offering, person, became in _free_seats(standing, new):
        if new.get(offering):
            seat = Link(_number(found), 0, offering, person, "", became)
            found += _chain(seat, new, leaves)
    while any(new.values()):
        offering = next(name for name, line in sorted(new.items()) if line)
        giver = next(p for p, left in sorted(leaves.items()) if left == offering)
        seat = Link(_number(found), 0, offering, giver, "", State.REPLACED.value)
        found += _chain(seat, new, leaves)
    return found


def _number(found: Sequence[Link]) -> int:
    return found[-1].chain + 1 if found else 1


def _chain(seat: Link, new: Mapping[str, list[str]], leaves: dict[str, str]) -> Iterator[Link]:
    yield seat
    step, offering = 0, seat.offering_id
    while new.get(offering):
        step += 1
        person = new[offering].pop(0)
        left = leaves.pop(person, "")
        yield Link(seat.chain, step, offering, person, left)
        if not left:
            return
        offering = left


def _left_behind(standing: Standing, offers: Sequence[Offer]) -> dict[str, str]:
    """The seat that each mover leaves; an extra one goes with its person and is not filled."""
    found = {}
    for offer in offers:
        if offer.event == "replaced":
            held = [o for o in standing.of(offer.person_id) if o.holds and not o.extra]
            if held:
                found[offer.person_id] = held[0].offering_id
    return found


def _free_seats(
    standing: Standing, new: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str, str]]:
    """The offering of each seat that was free, who had it and what became of that ("" for nobody).

    Seats freed since the last call, in turn; then one beside the target for each extra seat, and
    unused ones: as many as there are offers to make.
    """
    for (person, offering), state in standing.freed:
        yield offering, person, state.value
    for offering in sorted(new):
        yield from ((offering, "", "") for _ in list(new[offering]))
