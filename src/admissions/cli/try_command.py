"""The command that tries the rules on one applicant."""

from __future__ import annotations

import datetime as dt
import json as json_module
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from admissions.cli import options, render
from admissions.cli.language import say, spoken
from admissions.model.errors import UsageError, library_fault, system_fault
from admissions.model.messages import message

if TYPE_CHECKING:
    from admissions.explanation.trial import Trial, TrialRow
    from admissions.model.columns import Column
    from admissions.model.vocabulary import Language
    from admissions.rulebooks.scenario import ResolvedScenario

LARGEST = 1_000_000
"""So many bytes of facts are read at most."""

FactsPath = Annotated[
    str | None,
    typer.Option("--facts", metavar="FILE", help="A JSON object of facts; - for standard input."),
]


def rules_try(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="An offering or a version. Default: every offering."),
    ] = None,
    facts: FactsPath = None,
    scenario: options.ScenarioName = "current-2019",
    date: options.DateOption = None,
    language: options.TerminalLanguage = None,
    json: options.Json = False,
) -> None:
    """Try the rules on one applicant: the row of the ranking table, with the words of each cell.

    Without --facts the facts that the rules read are asked for. Their names are those of
    applicants.csv; employer_recommended and recommendation_date, and the service's centrality,
    employees and need, can be stated too.

    Example: admissions rules try uis-juss --facts facts.json
    """
    from admissions.explanation.trial import try_rules

    told = language or spoken()
    resolved, offerings = _rules(name, scenario, options.day(date))
    stated = _asked(resolved, offerings, told) if facts is None else _read(facts)
    trial = try_rules(stated, resolved, offerings)
    if json:
        render.as_json(_table(trial, told))
        return
    render.notes(trial.notes)
    typer.echo("\n\n".join(_text(row, told) for row in trial.rows))


def _rules(
    name: str | None, scenario: str, day: dt.date | None
) -> tuple[ResolvedScenario, tuple[str, ...]]:
    """The rules to try, and at which offerings. A version stands for the day it begins."""
    from admissions.rulebooks.catalogue import find_entries
    from admissions.rulebooks.known import known_rulebooks
    from admissions.rulebooks.scenario import resolve
    from admissions.rulebooks.scenario_files import load_scenario

    settings = load_scenario(scenario)
    found = find_entries(known_rulebooks(), name) if name else ()
    if found and name == found[0].id:
        if day is not None:
            raise UsageError(message("terminal.one-version", name=name))
        day = found[0].entry.valid_from
    if day is not None:
        settings = settings.with_settings(rules_on=day)
    resolved = resolve(settings)
    if not found:
        return resolved, tuple(resolved.versions)
    offering = found[0].rulebook.offering
    if offering not in resolved.versions:
        raise UsageError(
            message("rulebooks.not-offered-then", offering=offering, day=resolved.rules_on)
        )
    return resolved, (offering,)


def _read(path: str) -> Mapping[str, object]:
    """The facts in the JSON file at ``path``, or on standard input."""
    if path == "-":
        data, label = sys.stdin.buffer.read(LARGEST + 1), say("standard-input")
    else:
        label = path
        try:
            with Path(path).open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise UsageError(
                message("terminal.cannot-be-read", file=path, why=system_fault(error))
            ) from None
    if len(data) > LARGEST:
        raise UsageError(message("terminal.too-many-facts", file=label))
    try:
        facts = json_module.loads(data, parse_float=Decimal, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            message("terminal.no-json", file=label, fault=library_fault(error))
        ) from None
    if not isinstance(facts, dict):
        raise UsageError(message("terminal.no-facts", file=label))
    return facts


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"expected {name!r} once")
    return dict(pairs)


def _asked(
    resolved: ResolvedScenario, offerings: Sequence[str], language: Language
) -> dict[str, object]:
    """What the person at the terminal answers, a question a fact that the rules read."""
    from admissions.intake.one_applicant import fact_columns

    if not sys.stdin.isatty():
        raise UsageError(message("terminal.nobody-to-ask"))
    versions = (resolved.versions[offering] for offering in offerings)
    read = {fact for version in versions for rule in version.rules() for fact in rule.reads()}
    columns = {name: column for name, (_, column) in fact_columns().items() if name in read}
    answers = {name: _answer(column, language) for name, column in columns.items()}
    return {name: answer for name, answer in answers.items() if answer}


def _answer(column: Column, language: Language) -> str:
    from admissions.intake.one_applicant import fault
    from admissions.intake.template import note

    while True:
        text: str = typer.prompt(note(column, language), default="", show_default=False).strip()
        wrong = fault(column, text) if text else (say("expected-value") if column.required else "")
        if not wrong:
            return text
        typer.echo(f"{column.name}: found {text!r}; {wrong}", err=True)


def _words(row: TrialRow, language: Language) -> list[tuple[str, str, str]]:
    """Column, cell and words of each cell of ``row``; a sum's parts stand below it."""
    from admissions.explanation.words import open_words, reason_lines

    lines = []
    for cell in row.cells:
        if cell.cell is None:
            lines.append((cell.column, "", open_words(cell.reason, language)))
            continue
        first, *parts = reason_lines(cell.reason, language)
        lines.append((cell.column, str(cell.cell), first))
        lines += [("", "", f"- {part}") for part in parts]
    return lines


def _text(row: TrialRow, language: Language) -> str:
    from admissions.explanation import phrases
    from admissions.explanation.words import offering_words
    from admissions.model.numbers import points

    explanation = row.explanation
    offering = offering_words(explanation.verdict.offering, language)
    said = [(phrases.ALL_MET if row.qualified else phrases.NOT_ALL_MET).in_(language)]
    if explanation.points:
        own = points(explanation.points, language)
        said.append(phrases.POINTS.in_(language).format(own))
    table = render.plain_table(
        None, (say("column-of-table"), say("cell"), ""), _words(row, language)
    )
    head = f"{offering} ({explanation.rules.version})"
    return "\n".join([head, " ".join(said), "", render.text(table)])


def _table(trial: Trial, language: Language) -> dict[str, object]:
    rows = [
        {
            "offering": row.offering,
            "version": row.explanation.rules.version,
            "qualified": row.qualified,
            "points": row.explanation.points,
            "cells": [
                {"column": column, "cell": int(cell) if cell else None, "words": words}
                for column, cell, words in _words(row, language)
            ],
        }
        for row in trial.rows
    ]
    return {"rows": rows, "notes": [str(note) for note in trial.notes]}
