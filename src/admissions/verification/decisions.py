"""P12: decisions.csv and summary.json say what follows from the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from admissions.model.facts import Flags
from admissions.model.round import Round
from admissions.model.vocabulary import VOCABULARIES
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification.case import Case
from admissions.verification.expected import WAITING, Texts, expected_columns
from admissions.verification.outcomes import Outcomes
from admissions.verification.property import Noted, Property, differences, judged
from admissions.verification.published import DECISIONS, SUMMARY, Published
from admissions.verification.ranked import Ranked

SECTORS = VOCABULARIES["sector"]


def decisions_follow(
    round_: Round,
    resolved: ResolvedScenario,
    ranked: Mapping[str, Ranked],
    case: Case,
    outcomes: Outcomes,
    published: Published,
    sentences: Sequence[str] = (),
    workbook_wrong: Sequence[str] = (),
) -> Property:
    """P12: ``decisions.csv`` and ``summary.json`` say what follows from the plan.

    There is one row an application, by ``person_id`` and ``preference``; each says the preference,
    qualification, points, outcome, waiting number and reason that follow; the summary counts them.
    The ranks are P8's; the ``sentences`` are the caller's, one an application, or none, and so is
    what is wrong of the workbook that holds the same for the office.
    """
    columns = expected_columns(case, ranked)
    if sentences:
        columns["explanation"] = np.array(sentences, dtype=object)
    wrong = [*_rows_wrong(case, outcomes), *_cells_wrong(case, columns, outcomes, published)]
    summary = expected_summary(round_, resolved, case, ranked, columns)
    wrong += [
        Noted("in-file", file=SUMMARY, line=line)
        for line in differences(summary, published.summary)
    ]
    wrong += workbook_wrong
    return judged(
        "P12",
        "decisions.csv and summary.json say what follows from the plan.",
        broken=len(wrong),
        lines=wrong,
        rows=len(case.person),
    )


def _rows_wrong(case: Case, outcomes: Outcomes) -> Iterator[str]:
    application = outcomes.application
    for row in np.flatnonzero(application < 0):
        yield Noted("no-application", row=row + 2)
    for own in np.flatnonzero(outcomes.row < 0):
        yield Noted("no-row", who=case.who(int(own)))
    known = np.flatnonzero(application >= 0)
    for row in known[outcomes.row[application[known]] != known]:
        yield Noted("second-row", row=row + 2, who=case.who(int(application[row])))
    order = application[known]
    for at in np.flatnonzero(order[1:] < order[:-1]):
        yield Noted("not-in-order", row=known[at + 1] + 2)


def _cells_wrong(
    case: Case, columns: Mapping[str, Texts], outcomes: Outcomes, published: Published
) -> Iterator[str]:
    there = np.flatnonzero(outcomes.row >= 0)
    rows = outcomes.row[there]
    for name, expected in columns.items():
        said = published.decisions[name].to_numpy(dtype=object)[rows]
        for at in np.flatnonzero(said != expected[there]):
            yield Noted(
                "cell",
                file=DECISIONS, row=rows[at] + 2, column=name, found=said[at],
                expected=expected[there[at]], whose=case.who(there[at]),
            )  # fmt: skip


def expected_summary(
    round_: Round,
    resolved: ResolvedScenario,
    case: Case,
    ranked: Mapping[str, Ranked],
    columns: Mapping[str, Texts],
) -> dict[str, Any]:
    """``summary.json`` as it must be.

    The sector ``none`` stands where the round has somebody in it.
    """
    sector = round_.applicants["sector"].to_numpy()
    outside = SECTORS.index("none")
    names = [n for n, _ in enumerate(SECTORS) if n != outside or (sector == outside).any()]
    members = {SECTORS[n]: sector[case.person] == n for n in names}
    members["total"] = np.ones(len(case.person), dtype=np.bool_)
    waiting = columns["outcome"] == WAITING

    def counts(among: Flags) -> dict[str, int]:
        return {name: int(np.count_nonzero(among & own)) for name, own in members.items()}

    offerings = {}
    for number, offering in enumerate(ranked):
        here = case.offering == number
        offerings[offering] = {
            "seats": resolved.scenario.seats.get(offering),
            "offers": int(case.offers[number]),
            "qualified": counts(here & case.qualified),
            "offered": counts(here & case.held),
            "waiting": counts(here & waiting),
            "last_admitted_points": {
                name: _last_points(case, columns["points"], here & case.held & own)
                for name, own in members.items()
            },
        }
    return {
        "scenario": resolved.scenario.id,
        "rules_on": resolved.rules_on.isoformat(),
        "mechanism": resolved.scenario.mechanism,
        "offerings": offerings,
    }


def _last_points(case: Case, points: Texts, among: Flags) -> str | None:
    rows = np.flatnonzero(among)
    return str(points[rows[np.argmax(case.place[rows])]]) or None if len(rows) else None
