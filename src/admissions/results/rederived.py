"""What a result folder must say word for word, derived again from its round and the plan in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from admissions.allocation.build_problem import build_problem
from admissions.allocation.problem import Plan
from admissions.allocation.run import Run
from admissions.explanation import sentences
from admissions.explanation.decisions import decide_outcomes
from admissions.intake.writing import round_texts
from admissions.model.round import Round
from admissions.model.version import __version__
from admissions.model.vocabulary import LANGUAGES
from admissions.ranking.tables import rank_round
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.verification import Published
from admissions.verification.outcomes import read_outcomes
from admissions.verification.provenance import program_version


@dataclass(frozen=True)
class Rederived:
    """The explanations and the copy of the round; empty where they are not known.

    ``sentences``: one an application; ``copies``: SHA-256 of each file by its path in the folder;
    ``run``: the run with the plan that the folder tells.
    """

    sentences: list[str] = field(default_factory=list)
    copies: Mapping[str, str] = field(default_factory=dict)
    run: Run | None = None


def rederived(round_: Round, scenario: ResolvedScenario, published: Published) -> Rederived:
    """What ``published`` must say; nothing of what another version of the program wrote.

    Its words may differ then, and its way to write a round.
    """
    language = published.certificate.get("language")
    if program_version(published.certificate) != __version__:
        return Rederived()
    copies = {
        f"round/{name}": hashlib.sha256(text.encode()).hexdigest()
        for name, text in round_texts(round_).items()
    }
    if language not in LANGUAGES:
        return Rederived(copies=copies)
    run = _as_published(round_, scenario, published)
    return Rederived(sentences(run, decide_outcomes(run), language), copies, run)


def _as_published(round_: Round, scenario: ResolvedScenario, published: Published) -> Run:
    """The run with the plan that ``decisions.csv`` tells; nothing is solved."""
    rankings = rank_round(round_, scenario)
    problem = build_problem(round_, scenario, rankings)
    outcomes = read_outcomes(round_, published.decisions)
    plan = Plan(
        held=outcomes.held[problem.application], released=outcomes.declined[problem.application]
    )
    return Run(round_, scenario, rankings, problem, plan, ())
