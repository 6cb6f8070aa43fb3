"""Random small rounds under 66 mixtures of limits and orders of objectives, each checked at once.

Run from the repository's root: python -m tests.acceptance.many_mixtures [ROUNDS] [FIRST]
Each round is allocated, sealed, and its own result verified. It may be proven, refused (the rules
do not go together) or not proven (out of time); the program's own plan never fails its own check.
Prints the counts; exit code 1 where one fails.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

from admissions.allocation.run import allocate
from admissions.front.opening import read_round, resolved
from admissions.model.errors import (
    DataError,
    InputError,
    NotProvenError,
    PromiseBrokenError,
    UsageError,
)
from admissions.results.allocation import check_result, refuse_broken, seal
from tests.acceptance.random_rounds import csv_text

OFFERINGS = ("vid-minoritet", "vid-relasjon", "oslomet-juss")
REGIONS = ("oslo", "bergen", "tromso")
WORDS = {"nb": "x", "nn": "x", "en": "x"}

LIMITS: tuple[tuple[str, ...], ...] = (
    (),
    ("service-maximum",),
    ("service-first",),
    ("region-minimum",),
    ("region-maximum",),
    ("class-minimum",),
    ("municipality-maximum",),
    ("quota",),
    ("max-students",),
    ("leader-group",),
    ("some",),
)
"""Which limits a mixture surely has; each gets at most two more, and the last a draw of all."""

KINDS = tuple(kinds[0] for kinds in LIMITS[1:-1])
FAIRNESS = ("blocking-pairs", "set-aside", "offers-used", "municipal-first", "service-order")
ORDERS: tuple[tuple[str, ...] | None, ...] = (
    None,
    ("offers-used", "blocking-pairs", "preferences", "tie"),
    ("offers-used", "spread-breadth", "blocking-pairs", "preferences", "tie"),
    (*FAIRNESS, "spread-proportional", "leaders-wishes", "preferences", "draw", "tie"),
    ("preferences", "offers-used", "spread-need", "tie"),
    ("any",),
)
"""The objectives of a mixture; None leaves the standard order, ``any`` draws one."""

MIXTURES = tuple((limits, order) for limits in LIMITS for order in ORDERS)
SECONDS = 20.0

Ending = Literal["proven", "refused", "not proven"]


def one_round(number: int) -> Ending:
    """Round ``number``, of mixture ``number`` modulo 66. Raises where its own check fails."""
    limits, order = MIXTURES[number % len(MIXTURES)]
    draw = random.Random(f"mixtures:{number}")
    if limits == ("some",):
        kinds = [kind for kind in KINDS if draw.random() < 0.4]
    else:
        kinds = [*limits, *draw.sample(KINDS, draw.choice([0, 0, 1, 2]))]
    objectives = _any_order(draw) if order == ("any",) else order
    scenario = _scenario(draw, set(kinds), objectives)
    try:
        round_ = read_round(_tables(draw, set(kinds)))
        rules = resolved(scenario)
        run = allocate(round_, rules, seconds=SECONDS)
        files: dict[str, bytes] = {}
        refuse_broken(seal(run, files, language="en").properties)
        refuse_broken(check_result(round_, rules, files).properties)
    except (UsageError, DataError, InputError):
        return "refused"
    except NotProvenError:
        return "not proven"
    return "proven"


def _any_order(draw: random.Random) -> tuple[str, ...]:
    names = [
        *FAIRNESS, "preferences", "spread-breadth", "spread-proportional", "spread-need",
        "leaders-wishes", "draw",
    ]  # fmt: skip
    return (*draw.sample(names, draw.randint(1, len(names))), "tie")


def _tables(draw: random.Random, kinds: set[str]) -> dict[str, bytes]:
    people, services = draw.randint(2, 9), draw.randint(1, 3)
    applicants: list[list[Any]] = [
        ["person_id", "sector", "service_id", "bachelor_ects", "bachelor_grade", "region"]
    ]
    applications: list[list[Any]] = [["person_id", "offering_id", "preference"]]
    leaders: list[list[Any]] = [["service_id", "offering_id", "person_id", "rank"]]
    staff: dict[str, list[str]] = {}
    for n in range(people):
        sector = draw.choice(["municipal"] * 4 + ["state", "private"])
        service = f"S{draw.randrange(services)}" if sector == "municipal" else ""
        staff.setdefault(service, []).append(f"p{n}")
        grade, region = draw.choice([3, 3.5, 4, 4.5, 5]), draw.choice([*REGIONS, ""])
        applicants.append([f"p{n}", sector, service, 180, grade, region])
        wishes = draw.sample(OFFERINGS, draw.randint(1, len(OFFERINGS)))
        applications += [[f"p{n}", offering, at] for at, offering in enumerate(wishes, start=1)]
    for service, own in sorted(staff.items()):
        if service and draw.random() < 0.6:
            offering = draw.choice(["", "", *OFFERINGS])
            leaders += [[service, offering, person, at] for at, person in enumerate(own, start=1)]
    spared = [draw.choice([1, 1, 2]) if "max-students" in kinds else "" for _ in range(services)]
    tables: dict[str, Sequence[Sequence[object]]] = {
        "services": [
            ["service_id", "municipality_no", "employees", "need", "max_students"],
            *(
                [f"S{n}", f"110{1 + n // 2}", draw.randint(2, 9), draw.choice([80, 100, 120]), most]
                for n, most in enumerate(spared)
            ),
        ],
        "applicants": applicants,
        "applications": applications,
        "leader_preferences": leaders,
    }
    if "leader-group" in kinds:
        group = [f"S{draw.randrange(services)}", draw.choice(OFFERINGS), 2]
        tables["leader_groups"] = [["service_id", "offering_id", "at_least"], group]
    return {f"{name}.csv": csv_text(rows).encode() for name, rows in tables.items()}


def _scenario(
    draw: random.Random, kinds: set[str], objectives: Sequence[str] | None
) -> dict[str, Any]:
    across = draw.random() < 0.3
    table: dict[str, Any] = {
        "id": "mixture",
        "extends": "coordinated-2019",
        "seed": draw.randrange(1000),
        "seats": {offering: draw.randint(0, 4) for offering in OFFERINGS},
        "leader": draw.choice(["none", "none", "tie-break", "within-service", "points"]),
        "changes": [],
    }
    if draw.random() < 0.2:
        table["ties"] = draw.choice(["accept-all", "reject-all"])
    if objectives is not None:
        table["objectives"] = list(objectives)
    elif draw.random() < 0.15:
        table["mechanism"] = "independent"
    if "quota" in kinds:
        inside = sorted(draw.sample(OFFERINGS, draw.randint(2, 3)))
        quota = {"id": "quota", "title": WORDS, "offerings": inside, "seats": draw.randint(1, 4)}
        table["quotas"] = [quota | ({"across_tiers": True} if across else {})]
    for offering in OFFERINGS:
        own = [_limit(draw, kind, across) for kind in KINDS if kind in kinds and _here(draw)]
        own = [limit for limit in own if limit]
        if own:
            table["changes"].append({"offerings": [offering], "limits": own})
    return table


def _here(draw: random.Random) -> bool:
    return draw.random() < 0.6


def _limit(draw: random.Random, kind: str, across: bool) -> dict[str, Any]:
    """A limit of one offering; nothing where ``kind`` bounds several together."""
    limit: dict[str, Any] = {"kind": kind, "id": f"l-{kind}", "title": WORDS}
    if kind in ("service-first", "region-minimum") and across:
        limit["across_tiers"] = True
    match kind:
        case "service-maximum" | "service-first" | "municipality-maximum":
            limit["seats"] = draw.randint(1, 2)
        case "class-minimum":
            limit["seats"] = draw.randint(2, 3)
        case "region-minimum" | "region-maximum":
            named = draw.sample(REGIONS, draw.randint(1, 2))
            limit["seats"] = {region: draw.randint(1, 2) for region in named}
            if kind == "region-minimum" and draw.random() < 0.3:
                limit["fill"] = "open-first"
        case _:
            return {}
    return limit


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    endings: Counter[str] = Counter()
    begun = time.process_time()
    for number in range(first, first + rounds):
        try:
            endings[one_round(number)] += 1
        except PromiseBrokenError as fault:
            endings["failed"] += 1
            _say(f"round {number}, mixture {number % len(MIXTURES)}: {fault}")
        if (number + 1 - first) % 100 == 0:
            taken = time.process_time() - begun
            _say(f"{number + 1 - first} rounds, {_told(endings)}, {taken:.0f} s of CPU")
    _say(f"{rounds} rounds, {len(MIXTURES)} mixtures: {_told(endings)}")
    sys.exit(1 if endings["failed"] else 0)


def _told(endings: Counter[str]) -> str:
    return ", ".join(f"{count} {ending}" for ending, count in sorted(endings.items()))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
