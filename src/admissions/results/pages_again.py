"""Whether the reports of a result folder are those that its round, rules and findings give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from admissions.allocation.problem import Objective, SolverReport
from admissions.allocation.run import Run
from admissions.explanation.decisions import decide_outcomes
from admissions.model.files import Files
from admissions.rulebooks.inherited import Inherited
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification.property import Noted, Property

REPORT = "report.html"
PUBLIC = "report-public.html"


def pages_wrong(
    run: Run, certificate: Mapping[str, Any], properties: Sequence[Property], files: Files
) -> Iterator[str]:
    """The reports among ``files`` with other bytes than those made again.

    ``run`` has the plan that the folder tells; what its solvers said, and what only a base stated,
    is the certificate's word. ``properties``: what was found, which is what it states.
    """
    from admissions.report import report_html
    from admissions.report.summary import summarise

    pages = [name for name in (REPORT, PUBLIC) if name in files]
    try:
        said = replace(
            run,
            solvers=tuple(map(_solver, certificate["solvers"])),
            scenario=replace(run.scenario, inherited=_inherited(certificate, run.scenario)),
        )
    except (TypeError, KeyError, AttributeError):
        yield from (Noted("other-page", file=name) for name in pages)
        return
    decisions = decide_outcomes(said)
    summary = summarise(said, decisions)
    for name in pages:
        made = report_html(
            said, decisions, summary, properties, certificate["language"], public=name == PUBLIC
        )
        if made.encode() != files[name]:
            yield Noted("other-page", file=name)


def inherited_table(scenario: ResolvedScenario) -> dict[str, Any] | None:
    """What a scenario leaves to its base, as a certificate states it; None where nothing.

    The values are those of the scenario as resolved.
    """
    left = scenario.inherited
    if left is None:
        return None
    return {
        "base": left.base,
        "seats": [offering for offering, _ in left.seats],
        "seed": left.seed is not None,
        "rules_on": left.rules_on is not None,
    }


def _inherited(certificate: Mapping[str, Any], resolved: ResolvedScenario) -> Inherited | None:
    stated = certificate.get("from_base")
    if stated is None:
        return None
    return Inherited(
        base=str(stated["base"]),
        seats=tuple((name, resolved.scenario.seats[name]) for name in stated["seats"]),
        seed=resolved.scenario.seed if stated["seed"] else None,
        rules_on=resolved.rules_on if stated["rules_on"] else None,
    )


def _solver(stated: Mapping[str, Any]) -> SolverReport:
    objectives = tuple(Objective(**one) for one in stated["objectives"])
    return SolverReport(**{**stated, "objectives": objectives})
