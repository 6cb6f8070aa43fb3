"""A rulebook as a text that an applicant understands, from the objects that rank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from admissions.explanation import phrases
from admissions.explanation.citations import citation
from admissions.model import numbers
from admissions.model.facts_described import FACTS
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.model.words import wordings, words
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.rulebook import NotOffered, Rulebook, Version
from admissions.rules.base import Rule


def rulebook_text(
    rulebook: Rulebook,
    entry: Version | NotOffered,
    valid_to: dt.date | None,
    language: Language,
) -> str:
    """One dated entry of ``rulebook`` as Markdown, ready to publish.

    ``valid_to`` is the last day it applies, None until further notice.
    """
    said = words("prose", language)
    site = phrases.OFFERING.in_(language)
    offering = site.format(programme=rulebook.programme.in_(language), site=rulebook.site)
    until = said["from-to" if valid_to else "from"]
    days = [numbers.day(day, language) for day in (entry.valid_from, valid_to) if day]
    head = [f"# {said['title'].format(offering)}", until.format(*days)]
    if isinstance(entry, NotOffered):
        head.append(said["not-offered"])
        parts: list[list[str]] = []
    else:
        head += [entry.note.in_(language)] if entry.note else []
        parts = _sections(entry, language)
    parts += [_sources(entry, language), _assumptions(entry, language)]
    blocks = [*head, *("\n".join(part) for part in parts if part)]
    if isinstance(entry, Version):
        blocks.append(said["made-from"].format(entry.id))
    return "\n\n".join(blocks) + "\n"


def _sections(version: Version, language: Language) -> list[list[str]]:
    counted = [rule for rule in version.criteria if rule.unit == "points"]
    said = words("prose", language)
    none = phrases.NO_REQUIREMENTS.in_(language)
    needed = said["all-needed"] if version.requirements else none
    how = phrases.HOW_RANKED.in_(language)
    return [
        _section("requirements", needed, _requirements(version, language), language),
        _section("ranking", how, _numbered(version.criteria, language), language),
        _section("points", None, _points(counted, language), language) if counted else [],
        _section("ties", said["by-ties"], _numbered(version.ties, language), language),
        _limits(version.limits, language),
    ]


def _requirements(version: Version, language: Language) -> list[str]:
    """The requirements, and which facts they take as a yes where nothing is stated."""
    read = dict.fromkeys(name for rule in version.requirements for name in rule.reads())
    yes = [FACTS[name].phrase.in_(language) for name in read if FACTS[name].default == "yes"]
    lines = _bullets(version.requirements, language)
    if yes:
        lines += [
            "",
            words("prose", language)["taken-as-yes"].format(numbers.listed(yes, language, "or")),
        ]
    return lines


def _section(name: str, intro: str | None, lines: Iterable[str], language: Language) -> list[str]:
    opening = [intro, ""] if intro else []
    return [f"## {heading(name, language)}", "", *opening, *lines]


def heading(name: str, language: Language) -> str:
    """The heading of a section: ``requirements``, ``ranking``, ``ties``, ``limits`` and so on."""
    return words("prose", language)[f"headings.{name}"]


def _titled(title: Wording, said: str, language: Language) -> str:
    return f"**{title.in_(language)}.** {said}".rstrip()


def _told(rule: Rule, language: Language) -> str:
    return _titled(rule.title, rule.text_in(language), language)


def _bullets(rules: Iterable[Rule], language: Language) -> list[str]:
    return [f"- {_told(rule, language)}" for rule in rules]


def _numbered(rules: Iterable[Rule], language: Language) -> list[str]:
    lines = []
    for number, rule in enumerate(rules, start=1):
        brief = _titled(rule.title, words("prose", language)["most-points"], language)
        lines.append(f"{number}. {brief if rule.unit == 'points' else _told(rule, language)}")
    return lines


def _points(rules: Iterable[Rule], language: Language) -> list[str]:
    lines, at_most = [], words("prose", language)["at-most"]
    for rule in rules:
        if not rule.summands():
            lines.append(f"- {_told(rule, language)}")
            continue
        most = numbers.hundredths(rule.most_points() or 0, language)
        lines.append(f"- {_told(rule, language)} {at_most.format(most)}")
        lines += [f"    {line}" for line in _bullets(rule.summands(), language)]
    return lines


def _limits(limits: Sequence[Limit], language: Language) -> list[str]:
    lines = [f"- {_titled(one.title, one.text_in(language), language)}" for one in limits]
    return _section("limits", None, lines, language) if lines else []


def _everything(version: Version) -> list[Rule | Limit]:
    """Rules with the parts of sums, then limits, in the order of the text."""
    found: list[Rule | Limit] = []
    for rule in version.rules():
        found += rule.with_summands()
    return [*found, *version.limits]


def _sources(entry: Version | NotOffered, language: Language) -> list[str]:
    titles: dict[str, list[str]] = {}
    for rule in _everything(entry) if isinstance(entry, Version) else ():
        if rule.source:
            quoted = numbers.quoted(rule.title.in_(language), language)
            titles.setdefault(rule.source, []).append(quoted)
    titles.setdefault(entry.source, [])
    lines = []
    for source, named in titles.items():
        listed = numbers.listed(named, language) if named else ""
        cited = citation(source, language)
        lines.append(f"- {listed}: {cited}." if named else f"- {cited}.")
    if any("statusmåling 2" in source for source in titles):
        lines += ["", words("prose", language)["the-report"]]
    return _section("sources", None, lines, language)


def _assumptions(entry: Version | NotOffered, language: Language) -> list[str]:
    stated = [(wordings("prose")["when-valid"], why) for why in entry.assumptions.values()]
    for rule in _everything(entry) if isinstance(entry, Version) else ():
        stated += [(rule.title, why) for why in rule.assumptions.values()]
    lines = [f"- {_titled(title, made.why.in_(language), language)}" for title, made in stated]
    return (
        _section("assumptions", words("prose", language)["sources-silent"], lines, language)
        if lines
        else []
    )
