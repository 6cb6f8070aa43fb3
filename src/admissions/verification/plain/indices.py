"""Each applicant's place, from 0, among those of the same service or municipality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from admissions.verification.plain.leaders import Column
from admissions.verification.plain.rows import Row
from admissions.verification.plain.shared import BY_LEADER, COUNTED, over_the_round


def give_indices(
    rule: Column, rows: Sequence[Row], order: Sequence[Row], over: Mapping[str, Mapping[int, int]]
) -> None:
    """Sets ``index`` for ``rule``, which counts one.

    ``order``: the qualified of ``rows`` in the order of all columns that neither a group nor a
    leader has a part in; in it those whom the rule counts get 0, 1, 2 … in their group. The
    leader's order goes before it where the rule says so. Everybody else gets 0. ``over``: the
    indices over the whole round by fact and person, for a rule that counts there.
    """
    fact, is_counted = COUNTED[rule.kind]
    if over_the_round(rule):
        for row in rows:
            row["index"] = over[fact].get(row["person"], 0)
        return
    for row in rows:
        row["index"] = 0
    line = [row for row in order if is_counted(row, **rule.parameters())]
    if rule.kind in BY_LEADER:
        line.sort(key=lambda row: (row["leader_rank"] is None, row["leader_rank"] or 0))
    seen: Counter[Any] = Counter()
    for row in line:
        row["index"] = seen[row[fact]]
        seen[row[fact]] += 1


def round_indices(orders: Sequence[Sequence[Row]], fact: str) -> dict[int, int]:
    """The index of each person who is qualified somewhere, counted once over the whole round.

    At the first wish for which the person is qualified, by the place in the ``orders`` of that
    offering, then by the draw there, then by ``person_id``.
    """
    first: dict[int, tuple[int, int, int, Row]] = {}
    for order in orders:
        for place, row in enumerate(order):
            person = row["person"]
            if person not in first or row["preference"] < first[person][0]:
                first[person] = (row["preference"], place, row["lottery_place"], row)
    line = sorted(first.values(), key=lambda one: (one[1], one[2], one[3]["person"]))
    seen: Counter[Any] = Counter()
    index = {}
    for *_, row in line:
        if row[fact] is not None:
            index[row["person"]] = seen[row[fact]]
            seen[row[fact]] += 1
    return index
