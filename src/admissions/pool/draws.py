"""Draws in whole numbers: one seed gives the same numbers on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from admissions.model.facts import Flags, Numbers


class Draws:
    """A stream of draws from the raw 64-bit numbers of NumPy's PCG64.

    NumPy guarantees a bit generator's raw stream for ever, and its distributions only within a
    version; so only raw numbers are used, and nothing but whole-number arithmetic.
    """

    streams = 1
    """How many streams of numbers these are."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def split(self, counts: Numbers) -> Draws:
        """The same draws, of which each stream gives as many at a time as ``counts`` says."""
        return self

    def _raw(self, n: int) -> NDArray[np.uint64]:
        numbers: NDArray[np.uint64] = self._bits.random_raw(n)
        return numbers

    def below(self, bounds: ArrayLike, n: int) -> Numbers:
        """A whole number 0 … bound-1 for each of ``n``; ``bounds`` is one or n, each < 2**31.

        The upper 32 bits times the bound, shifted down: off from even by less than bound / 2**32.
        """
        upper = self._raw(n) >> np.uint64(32)
        return (upper * np.asarray(bounds, dtype=np.uint64) >> np.uint64(32)).astype(np.int64)

    def between(self, first: ArrayLike, last: ArrayLike, n: int) -> Numbers:
        """A whole number from ``first`` to ``last``, both included, for each of ``n``."""
        low = np.asarray(first, dtype=np.int64)
        return low + self.below(np.asarray(last, dtype=np.int64) - low + 1, n)

    def chance(self, parts: ArrayLike, of: int, n: int) -> Flags:
        """True with the chance ``parts`` / ``of`` for each of ``n``."""
        happens: Flags = self.below(of, n) < np.asarray(parts, dtype=np.int64)
        return happens

    def shuffled(self, n: int) -> Numbers:
        """0 … n-1 in an order drawn by chance."""
        return np.argsort(self._raw(n), kind="stable").astype(np.int64)


class ManyDraws(Draws):
    """Streams side by side: each gives its numbers as if it stood alone, one after another.

    Of the n numbers asked for at a time the first ``counts[0]`` are the first stream's, and so on:
    rounds that lie one after another in arrays are drawn at once.
    """

    def __init__(self, seeds: Sequence[int]) -> None:
        self._streams = [np.random.PCG64(seed) for seed in seeds]
        self.streams = len(self._streams)
        self._counts = np.ones(self.streams, dtype=np.int64)

    def split(self, counts: Numbers) -> ManyDraws:
        """The same draws, of which each stream gives as many at a time as ``counts`` says."""
        same = object.__new__(ManyDraws)
        same._streams, same.streams, same._counts = self._streams, self.streams, counts
        return same

    def _raw(self, n: int) -> NDArray[np.uint64]:
        each = zip(self._streams, self._counts.tolist(), strict=True)
        numbers = np.concatenate([stream.random_raw(count) for stream, count in each])
        if len(numbers) != n:
            raise ValueError(f"{n} numbers are asked for where the streams give {len(numbers)}")
        return numbers

    def shuffled(self, n: int) -> Numbers:
        """0 … n-1, each stream's own part of them in an order drawn by chance."""
        raw, ends = self._raw(n), np.cumsum(self._counts).tolist()
        order = np.empty(n, dtype=np.int64)
        for start, end in zip([0, *ends], ends, strict=False):
            order[start:end] = start + np.argsort(raw[start:end], kind="stable")
        return order


def apart_seed(seed: int, what: str) -> int:
    """The seed of a stream of its own of ``seed``: SHA-256(``seed:what``)."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{what}".encode()).digest())


class WeightTable:
    """Rows of weights (r, k); draws a column for each of many rows at once."""

    def __init__(self, rows: Sequence[Sequence[int]] | Numbers) -> None:
        weights = np.asarray(rows, dtype=np.int64)
        self._columns = weights.shape[1]
        self._ends = np.cumsum(weights)
        self._totals = weights.sum(axis=1)
        self._starts = np.cumsum(self._totals) - self._totals
        if (weights < 0).any() or (self._totals <= 0).any() or self._totals.max() >= 2**31:
            raise ValueError("weights must not be negative, and add up to 1 … 2**31-1 in each row")

    def draw(self, draws: Draws, rows: Numbers) -> Numbers:
        """A column 0 … k-1 for each of ``rows``, with the chances of its weights."""
        at = self._starts[rows] + draws.below(self._totals[rows], len(rows))
        column: Numbers = np.searchsorted(self._ends, at, side="right") - rows * self._columns
        return column


def one_row(weights: Sequence[int]) -> WeightTable:
    """A table of one row."""
    return WeightTable([weights])
