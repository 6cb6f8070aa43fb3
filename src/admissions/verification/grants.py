"""Grants checked from what is published of them, by code that shares none with what filled them.

G1 whoever is granted holds the seat · G2 one grant a person · G3 within the budget, and nobody more
than the most · G4 each refusal has its cause · G5 no money lies idle while the next could have it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from admissions.verification.property import Noted

Row = Mapping[str, Any]


def grant_faults(
    rows: Sequence[Row], rules: Mapping[str, Any], held: Iterable[tuple[str, str]]
) -> list[Noted]:
    """What is not as promised.

    ``rows``: person_id, offering_id, sector, asked, granted_before, outcome, refusal, amount;
    ``rules``: the grants rulebook's table; ``held``: who holds which seat now.
    """
    seats = set(held)
    most = max((nok for ects, nok in rules["amount"]["steps"] if ects <= rules["ects"]["value"]),
               default=0)  # fmt: skip
    left = rules["budget"]["value"] - sum(row["amount"] for row in rows)
    return [*_granted(rows, seats, most), *_refused(rows, rules, seats), *_idle(rows, most, left)]


def _granted(rows: Sequence[Row], seats: set[tuple[str, str]], most: int) -> Iterator[Noted]:
    granted = [row for row in rows if row["outcome"] == "granted"]
    for row in granted:
        if (row["person_id"], row["offering_id"]) not in seats:
            yield Noted("grant-no-seat", person=row["person_id"], offering=row["offering_id"])
        if row["amount"] != min(row["asked"], most):
            yield Noted("grant-amount", person=row["person_id"], amount=row["amount"], most=most)
    for person, count in sorted(Counter(row["person_id"] for row in granted).items()):
        if count > 1:
            yield Noted("grant-twice", person=person, n=count)


def _refused(
    rows: Sequence[Row], rules: Mapping[str, Any], seats: set[tuple[str, str]]
) -> Iterator[Noted]:
    with_grant = {row["person_id"] for row in rows if row["outcome"] == "granted"}
    employed = {sector for tier in rules["tiers"]["sectors"] for sector in tier}
    for row in rows:
        if row["outcome"] != "refused":
            continue
        so = {
            "no-seat": (row["person_id"], row["offering_id"]) not in seats,
            "not-employed": row["sector"] not in employed,
            "not-prioritised": row["offering_id"] in rules["programmes"]["left_out"],
            "already-granted": row["granted_before"] or row["person_id"] in with_grant,
        }
        if not so.get(row["refusal"]):
            yield Noted("grant-refusal", person=row["person_id"], offering=row["offering_id"])


def _idle(rows: Sequence[Row], most: int, left: int) -> Iterator[Noted]:
    if left < 0:
        yield Noted("grant-beyond-budget", n=-left)
    following = [row for row in rows if row["outcome"] == "next"]
    numbers = [row["number"] for row in following]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        yield Noted("grant-numbers")
    for row in following:
        if row["number"] == 1 and min(row["asked"], most) <= left:
            yield Noted("grant-idle", person=row["person_id"], left=left)
