"""The published draw: anyone can recompute it from the seed with SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


def numbers(person_ids: Iterable[str], seed: int, offering_id: str | None) -> NDArray[np.uint64]:
    """Each person's lottery number, uint64 of shape (n,); smallest first.

    The first 8 bytes, big-endian, of SHA-256 of ``seed:person_id``, or of
    ``seed:offering_id:person_id`` when drawn per offering.
    """
    prefix = f"{seed}:" if offering_id is None else f"{seed}:{offering_id}:"
    ids = tuple(person_ids)
    digests = _kept(ids, prefix) if len(ids) <= MOST_KEPT else _digests(ids, prefix)
    return np.frombuffer(digests, dtype=">u8")[:: _BYTES // 8].astype(np.uint64)


def _digests(ids: tuple[str, ...], prefix: str) -> bytes:
    drawn, before = hashlib.sha256, prefix.encode()
    return b"".join([drawn(before + person.encode()).digest() for person in ids])


_BYTES = hashlib.sha256().digest_size
MOST_KEPT = 5_000
_kept = lru_cache(maxsize=32)(_digests)
"""The draws of so many persons are kept: a round is decided again for each thinkable change."""


def places(person_ids: Iterable[str], seed: int, offering_id: str | None) -> NDArray[np.int64]:
    """Each person's place in the draw, 1 = first, shape (n,); equal numbers by ``person_id``."""
    ids = np.array(list(person_ids), dtype=object)
    drawn = numbers(ids, seed, offering_id)
    by_id = np.argsort(ids, kind="stable")
    order = by_id[np.argsort(drawn[by_id], kind="stable")]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    return place
