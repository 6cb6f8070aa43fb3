"""The order of calls under minimum shares, taken one by one from the line (design §4)."""

from __future__ import annotations

from collections.abc import Sequence

from admissions.verification.plain.rows import Row


def called_in_order(line: Sequence[Row], shares: Sequence[tuple[frozenset[int], int]]) -> list[Row]:
    """``line`` with each share's members (by application) called in time.

    At each place the next in line is called, unless a share that still has a member would by that
    fall below its per cent of those called; the first share named of which that is so gets its
    best.
    """
    called: list[Row] = []
    done: set[int] = set()
    among = [0] * len(shares)
    next_in_line = _Next(line, done)
    best_of = [
        _Next([row for row in line if row["application"] in members], done) for members, _ in shares
    ]
    while (chosen := next_in_line.first()) is not None:
        for number, (members, percent) in enumerate(shares):
            best = best_of[number].first()
            with_chosen = among[number] + (chosen["application"] in members)
            if best is not None and 100 * with_chosen < percent * (len(called) + 1):
                chosen = best
                break
        called.append(chosen)
        done.add(chosen["application"])
        for number, (members, _) in enumerate(shares):
            among[number] += chosen["application"] in members
    return called


class _Next:
    """The first of a line who is not ``done``."""

    def __init__(self, line: Sequence[Row], done: set[int]) -> None:
        self._line, self._done, self._at = line, done, 0

    def first(self) -> Row | None:
        """That one, or None when all are done."""
        while self._at < len(self._line) and self._line[self._at]["application"] in self._done:
            self._at += 1
        return self._line[self._at] if self._at < len(self._line) else None
