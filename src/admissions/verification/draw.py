"""The published draw, recomputed with nothing but SHA-256 (design §5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

import numpy as np

from admissions.model.facts import Numbers


def places_drawn(persons: Sequence[str], seed: int, offering: str | None) -> Numbers:
    """Each person's place, 1 = first, int64 (n,).

    By the first 8 bytes of SHA-256 of ``seed:person_id``, or ``seed:offering_id:person_id`` when
    ``offering`` is given, smallest first; equal ones by ``person_id``.
    """
    prefix = f"{seed}:" if offering is None else f"{seed}:{offering}:"
    drawn = [sha256((prefix + person).encode()).digest()[:8] for person in persons]
    order = sorted(range(len(drawn)), key=lambda n: (drawn[n], persons[n]))
    place = np.empty(len(drawn), dtype=np.int64)
    place[order] = np.arange(1, len(drawn) + 1)
    return place


def total_weight(seed: int, held: Iterable[tuple[str, str]]) -> int:
    """The tie objective: the sum of 32 bits for each held (offering id, person id).

    They are the first 4 bytes, big-endian, of SHA-256 of ``seed:offering_id:person_id``.
    """
    return sum(
        int.from_bytes(sha256(f"{seed}:{offering}:{person}".encode()).digest()[:4], "big")
        for offering, person in held
    )
