"""What an assumption is about, in words: the offering and the rule, or what people are like."""

from __future__ import annotations

from collections.abc import Sequence

from admissions.model.vocabulary import Language
from admissions.model.words import words
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.simulation.variations import Varied

_OWN_NAME = "rule"
"""Stands for a rule as a whole where other names are its parameters."""


def assumption_name(
    varied: Varied, scenarios: Sequence[ResolvedScenario], language: Language
) -> str:
    """The title of what is ``varied`` in one of ``scenarios``."""
    about = words("assumed", language).get(f"{varied.kind}.{varied.parameter}", varied.parameter)
    if varied.kind != "rules":
        return about[:1].upper() + about[1:]
    ident, _, path = varied.where.partition(": ")
    for scenario in scenarios:
        for offering, version in scenario.versions.items():
            if version.id == ident:
                book = scenario.rulebooks[offering]
                place = f"{book.programme.in_(language)}, {book.site}"
                title = _title(version, path, language)
                return ": ".join(part for part in (place, title, about) if part)
    return f"{varied.where}: {about}"


def _title(version: Version, path: str, language: Language) -> str:
    """The title of the rule or the limit at ``path``; of a part after that of its sum."""
    for rule in version.rules():
        if path == rule.id:
            return rule.title.in_(language)
        for part in rule.summands():
            if path == f"{rule.id}.{part.id}":
                return f"{rule.title.in_(language)}, {part.title.in_(language)}"
    for limit in version.limits:
        if path == limit.id:
            return limit.title.in_(language)
    return path
