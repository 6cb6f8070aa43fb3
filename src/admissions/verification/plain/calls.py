"""The order of calls under minimum shares, taken one by one from the line."""

from __future__ import annotations

from collections.abc import Sequence

from admissions.verification.plain.rows import Row

Share = tuple[frozenset[int], int]
"""Who belongs to it, by application, and how many per cent."""


def called_in_order(line: Sequence[Row], shares: Sequence[Share]) -> list[Row]:
    """``line`` with each share's members called in time.

    At each place a share is short where its members among those called, no more of them, would be
    fewer than its per cent of the places then, and it still has a member. Where none is short the
    next in line is called; else the best member of the first share named that is short. Of its
    members those come before the others who are members of the next short one too, and so on.
    """
    lines = _Lines(line, shares)
    called: list[Row] = []
    so_far = [0] * len(shares)
    while len(called) < len(line):
        short: tuple[int, ...] = ()
        for number, (_, percent) in enumerate(shares):
            missed = 100 * so_far[number] < percent * (len(called) + 1)
            if missed and lines.first((*short, number)) is not None:
                short = (*short, number)
        chosen = lines.called(short)
        called.append(chosen)
        for number, (members, _) in enumerate(shares):
            so_far[number] += chosen["application"] in members
    return called


class _Lines:
    """Who is left of a line, and of those in it who are members of some shares."""

    def __init__(self, line: Sequence[Row], shares: Sequence[Share]) -> None:
        self._line, self._shares = line, shares
        self._called: set[int] = set()
        self._left: dict[tuple[int, ...], list[Row]] = {}

    def first(self, numbers: tuple[int, ...]) -> Row | None:
        """The best who is left of those in all shares of these ``numbers``; None if nobody is."""
        if numbers not in self._left:
            groups = [self._shares[number][0] for number in numbers]
            own = [row for row in self._line if all(row["application"] in g for g in groups)]
            self._left[numbers] = own[::-1]
        left = self._left[numbers]
        while left and left[-1]["application"] in self._called:
            left.pop()
        return left[-1] if left else None

    def called(self, numbers: tuple[int, ...]) -> Row:
        """The same one, who is called now."""
        row = self.first(numbers)
        if row is None:
            raise ValueError("nobody is left")
        self._called.add(row["application"])
        return row
