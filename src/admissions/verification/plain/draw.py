"""The published draw, recomputed with nothing but SHA-256."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def places_drawn(persons: Sequence[str], seed: int, offering: str | None) -> list[int]:
    """Each person's place, 1 = first.

    By the first 8 bytes of SHA-256 of ``seed:person_id``, or ``seed:offering_id:person_id`` when
    ``offering`` is given, smallest first; equal ones by ``person_id``.
    """
    prefix = f"{seed}:" if offering is None else f"{seed}:{offering}:"
    drawn = [sha256((prefix + person).encode()).digest()[:8] for person in persons]
    order = sorted(range(len(drawn)), key=lambda n: (drawn[n], persons[n]))
    place = [0] * len(drawn)
    for number, person in enumerate(order, start=1):
        place[person] = number
    return place
