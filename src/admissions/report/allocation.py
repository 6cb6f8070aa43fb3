"""The report of one allocation, for an admissions office: aggregates only, nobody is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from admissions.model.vocabulary import Language
from admissions.report import allocation_tables as tables
from admissions.report import figures, rows
from admissions.report.inputs import input_table
from admissions.report.page import render
from admissions.report.public import public_offerings, public_properties
from admissions.report.summary import OfferingRow, offering_rows, sectors_present, totals
from admissions.report.words import Words
from admissions.rulebooks.digest import digest_of

if TYPE_CHECKING:
    from admissions.allocation.run import Run


def report_html(
    run: Run,
    decisions: pd.DataFrame,
    summary: Mapping[str, Any],
    properties: Sequence[rows.PropertyLike],
    language: Language,
    *,
    public: bool = False,
) -> str:
    """``report.html``: what was allocated, by which rules, and how anyone can check it.

    ``decisions`` has a row an application (``decisions.decide_outcomes``), ``summary`` is
    ``summary.summarise``'s and ``properties`` are the verifier's. The page refers to nothing
    outside itself, and the same arguments give the same text. With ``public`` it is fit to leave
    the office: counts by offering and sector with small ones hidden, and no other count of people.
    """
    words = Words(language)
    offerings = offering_rows(summary, run.scenario)
    wishes = figures.wish_rows(offerings, decisions, words)
    properties_told = rows.property_rows(properties, words)
    if public:
        properties_told = public_properties(properties_told)
    scenario = run.scenario.scenario
    settings = run.round.settings
    return render(
        "allocation.html",
        words,
        institution=settings.institution,
        scenario=scenario.title.in_(language) if scenario.title else scenario.id,
        why=scenario.why.in_(language) if scenario.why else None,
        facts=_run_facts(run, words),
        people=_people(run, decisions),
        notes=len(run.round.notes),
        offerings=offerings,
        totals=totals(offerings),
        names={row.offering: figures.name_of(row, words) for row in offerings},
        demand=figures.demand(offerings, words),
        wishes_picture=figures.wishes(wishes, words),
        properties=properties_told,
        tables=run.rankings,
        **_tables(run, decisions, offerings, wishes, properties_told, words, public=public),
        public=public,
        ties=scenario.ties,
        lottery=scenario.lottery,
        seed=scenario.seed,
        rules_on=words.date(run.scenario.rules_on),
    )


def _tables(
    run: Run,
    decisions: pd.DataFrame,
    offerings: tuple[OfferingRow, ...],
    wishes: Sequence[figures.WishRow],
    properties: Sequence[rows.PropertyRow],
    words: Words,
    *,
    public: bool,
) -> dict[str, object]:
    """The tables of the report by their names in its template, and what puts them into words."""
    sectors, scenario = sectors_present(offerings), run.scenario.scenario
    versions = {offering: table.version for offering, table in run.rankings.items()}
    offering_table = tables.offering_table(offerings, totals(offerings), sectors, words)
    if public:
        offering_table = public_offerings(offering_table, offerings, sectors, words)
    return {
        "cells": tables.cells_of(sectors, figures.wish_heads(wishes, words), words),
        "offering_table": offering_table,
        "demand_table": tables.demand_table(offerings, words),
        "wish_table": tables.wish_table(wishes),
        "outcome_table": tables.outcome_table(rows.outcome_rows(decisions), len(decisions), words),
        "certificate_table": tables.certificate_table(properties, words),
        "solver_table": tables.solver_table(rows.solver_rows(run.solvers, words)),
        "rule_tables": {
            offering: tables.rule_table(rows.rule_rows(table, words), words)
            for offering, table in run.rankings.items()
        },
        "assumption_table": tables.assumption_table(
            rows.assumption_rows(versions, scenario, words), words
        ),
        "input_table": input_table(dict(sorted(run.round.sha256.items()))),
    }


@dataclass(frozen=True)
class _People:
    """How many persons: applied, offered, qualified without an offer, qualified nowhere."""

    applied: int
    applications: int
    offered: int
    without: int
    unqualified: int


def _people(run: Run, decisions: pd.DataFrame) -> _People:
    person = decisions["person_id"]
    applied = len(run.round.applicants)
    qualified = person[decisions["qualified"]].nunique()
    offered = person[decisions["outcome"] == "offered"].nunique()
    return _People(applied, len(decisions), offered, qualified - offered, applied - qualified)


def _from_base(run: Run, words: Words) -> Markup | None:
    """What neither the round nor the scenario states, but the scenario's base."""
    inherited = run.scenario.inherited
    if inherited is None:
        return None
    found = ", ".join(one.in_(words.language) for one in inherited.found())
    return words("by-base", base=inherited.base, found=found)


def _run_facts(run: Run, words: Words) -> list[tuple[Markup, object]]:
    """What the run was made with, as pairs of a term and what it was; absent ones left out."""
    scenario, settings = run.scenario.scenario, run.round.settings
    independent = scenario.mechanism == "independent"
    drawn = scenario.ties == "lottery"
    deadline = settings.answer_deadline
    pairs = {
        "case": settings.case,
        "scenario": scenario.id,
        "rules-on": words.date(run.scenario.rules_on),
        "mechanism-label": words.of("mechanism", scenario.mechanism),
        "call-rounds": words.number(scenario.call_rounds) if independent else None,
        "turns-label": ", ".join(scenario.turns) if scenario.mechanism == "serial" else None,
        "leader-label": words.of("leader", scenario.leader),
        "ties-label": words.of("ties", scenario.ties),
        "lottery-label": words.of("lottery", scenario.lottery) if drawn else None,
        "seed": scenario.seed,
        "from-base": _from_base(run, words),
        "digest": digest_of(run.scenario),
        "answer-deadline": None if deadline is None else words.date(deadline),
        "appeal-body": settings.appeal_body,
    }
    return [(words(term), value) for term, value in pairs.items() if value is not None]
