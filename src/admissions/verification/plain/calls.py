"""The order of calls under minimum shares, taken one by one from the line (design §4)."""

from __future__ import annotations

from collections.abc import Sequence

from admissions.verification.plain.rows import Row


def called_in_order(line: Sequence[Row], shares: Sequence[tuple[frozenset[int], int]]) -> list[Row]:
    """``line`` with each share's members (by application) called in time.

    At each place a share is short where its members among those called, no more of them, would be
    fewer than its per cent of the places then, and it still has a member. Where none is short the
    next in line is called; else the best member of the first share named that is short. Of its
    members those come before the others who are members of the next short one too, and so on.
    """
    called: list[Row] = []
    left = list(line)
    while left:
        able = left
        for members, percent in shares:
            so_far = sum(row["application"] in members for row in called)
            own = [row for row in able if row["application"] in members]
            if own and 100 * so_far < percent * (len(called) + 1):
                able = own
        called.append(able[0])
        left.remove(able[0])
    return called
