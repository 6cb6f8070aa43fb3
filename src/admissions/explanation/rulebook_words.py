"""A rulebook as a text that an applicant understands, from the objects that rank (facts §8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from admissions.explanation import phrases
from admissions.explanation.citations import citation
from admissions.model import numbers
from admissions.model.facts_described import FACTS
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.model.wording import words as _w
from admissions.rulebooks.limits import Limit
from admissions.rulebooks.rulebook import NotOffered, Rulebook, Version
from admissions.rules.base import Rule

TITLE = _w("Opptaksregler for {}", "Opptaksreglar for {}", "Admission rules for {}")
FROM = _w("Reglene gjelder fra {}.", "Reglane gjeld frå {}.", "The rules apply from {}.")
FROM_TO = _w(
    "Reglene gjelder fra {} til og med {}.",
    "Reglane gjeld frå {} til og med {}.",
    "The rules apply from {} to {}, both days included.",
)
NOT_OFFERED = _w(
    "I denne tiden fantes ikke tilbudet.",
    "I denne tida fanst ikkje tilbodet.",
    "In this time the offering did not exist.",
)
HEADINGS: dict[str, Wording] = {
    "requirements": _w("Hvem som kan søke", "Kven som kan søkje", "Who can apply"),
    "ranking": _w(
        "Hvordan søkerne rangeres",
        "Korleis søkjarane blir rangerte",
        "How applicants are ranked",
    ),
    "points": _w(
        "Hvordan poengene regnes ut",
        "Korleis poenga blir rekna ut",
        "How points are worked out",
    ),
    "ties": _w("Når søkere står likt", "Når søkjarar står likt", "When applicants are equal"),
    "limits": _w(
        "Hva som ellers gjelder for plassene",
        "Kva som elles gjeld for plassane",
        "What else holds for the seats",
    ),
    "sources": _w(
        "Hvor reglene er hentet fra", "Kvar reglane er henta frå", "Where the rules are from"
    ),
    "assumptions": _w("Hva som er antatt", "Kva som er lagt til grunn", "What is assumed"),
}
ALL_NEEDED = _w(
    "Du må oppfylle alle kravene. Mangler en opplysning som et krav bygger på, er det ikke "
    "oppfylt.",
    "Du må oppfylle alle krava. Manglar ei opplysning som eit krav byggjer på, er det ikkje "
    "oppfylt.",
    "You must meet every requirement. One that rests on a fact that is missing is not met.",
)
TAKEN_AS_YES = _w(
    "Står det ingenting i søknaden om {}, regnes det som ja.",
    "Står det ingenting i søknaden om {}, blir det rekna som ja.",
    "Where the application says nothing about {}, it is taken as a yes.",
)
MOST_POINTS = _w(
    "Den som har flest poeng, går først. Poengene regnes ut som beskrevet under.",
    "Den som har flest poeng, går først. Poenga blir rekna ut som nemnt under.",
    "Whoever has most points comes first. How points are worked out stands below.",
)
AT_MOST = _w(
    "Til sammen kan det gi høyst {} poeng.",
    "Til saman kan det gi høgst {} poeng.",
    "In all this can give at most {} points.",
)
BY_TIES = _w(
    "Mellom dem som står likt på alle kriteriene over, avgjør dette, i denne rekkefølgen.",
    "Mellom dei som står likt på alle kriteria over, avgjer dette, i denne rekkjefølgja.",
    "Between those who are equal on all criteria above this decides, in this order.",
)
THE_REPORT = _w(
    "«statusmåling 2» er Følgeevaluering av kompetansesatsingen for kommunalt barnevern, andre "
    "statusmåling (Oslo Economics, Agenda Kaupang og Fürst og Høverstad for Bufdir, 2022).",
    "«statusmåling 2» er Følgeevaluering av kompetansesatsingen for kommunalt barnevern, andre "
    "statusmåling (Oslo Economics, Agenda Kaupang og Fürst og Høverstad for Bufdir, 2022).",
    "“statusmåling 2” is Følgeevaluering av kompetansesatsingen for kommunalt barnevern, andre "
    "statusmåling (Oslo Economics, Agenda Kaupang and Fürst og Høverstad for Bufdir, 2022).",
)
SOURCES_SILENT = _w(
    "Kildene sier ikke alt. Der de tier, er dette lagt til grunn:",
    "Kjeldene seier ikkje alt. Der dei teier, er dette lagt til grunn:",
    "The sources do not say everything. Where they are silent this is assumed:",
)
WHEN_VALID = _w("Når reglene gjelder", "Når reglane gjeld", "When the rules apply")
MADE_FROM = _w(
    "Teksten er laget av reglene {}, de samme som programmet rangerer etter.",
    "Teksten er laga av reglane {}, dei same som programmet rangerer etter.",
    "This text is made from the rules {}, the same that the program ranks by.",
)


def rulebook_text(
    rulebook: Rulebook,
    entry: Version | NotOffered,
    valid_to: dt.date | None,
    language: Language,
) -> str:
    """One dated entry of ``rulebook`` as Markdown, ready to publish.

    ``valid_to`` is the last day it applies, None until further notice.
    """
    site = phrases.OFFERING.in_(language)
    offering = site.format(programme=rulebook.programme.in_(language), site=rulebook.site)
    until = FROM_TO if valid_to else FROM
    days = [numbers.day(day, language) for day in (entry.valid_from, valid_to) if day]
    head = [f"# {TITLE.in_(language).format(offering)}", until.in_(language).format(*days)]
    if isinstance(entry, NotOffered):
        head.append(NOT_OFFERED.in_(language))
        parts: list[list[str]] = []
    else:
        head += [entry.note.in_(language)] if entry.note else []
        parts = _sections(entry, language)
    parts += [_sources(entry, language), _assumptions(entry, language)]
    blocks = [*head, *("\n".join(part) for part in parts if part)]
    if isinstance(entry, Version):
        blocks.append(MADE_FROM.in_(language).format(entry.id))
    return "\n\n".join(blocks) + "\n"


def _sections(version: Version, language: Language) -> list[list[str]]:
    counted = [rule for rule in version.criteria if rule.unit == "points"]
    needed = ALL_NEEDED if version.requirements else phrases.NO_REQUIREMENTS
    return [
        _section("requirements", needed, _requirements(version, language), language),
        _section("ranking", phrases.HOW_RANKED, _numbered(version.criteria, language), language),
        _section("points", None, _points(counted, language), language) if counted else [],
        _section("ties", BY_TIES, _numbered(version.ties, language), language),
        _limits(version.limits, language),
    ]


def _requirements(version: Version, language: Language) -> list[str]:
    """The requirements, and which facts they take as a yes where nothing is stated."""
    read = dict.fromkeys(name for rule in version.requirements for name in rule.reads())
    yes = [FACTS[name].phrase.in_(language) for name in read if FACTS[name].default == "yes"]
    lines = _bullets(version.requirements, language)
    if yes:
        lines += ["", TAKEN_AS_YES.in_(language).format(numbers.listed(yes, language, "or"))]
    return lines


def _section(
    name: str, intro: Wording | None, lines: Iterable[str], language: Language
) -> list[str]:
    opening = [intro.in_(language), ""] if intro else []
    return [f"## {HEADINGS[name].in_(language)}", "", *opening, *lines]


def _titled(title: Wording, said: str, language: Language) -> str:
    return f"**{title.in_(language)}.** {said}".rstrip()


def _told(rule: Rule, language: Language) -> str:
    return _titled(rule.title, rule.text_in(language), language)


def _bullets(rules: Iterable[Rule], language: Language) -> list[str]:
    return [f"- {_told(rule, language)}" for rule in rules]


def _numbered(rules: Iterable[Rule], language: Language) -> list[str]:
    lines = []
    for number, rule in enumerate(rules, start=1):
        brief = _titled(rule.title, MOST_POINTS.in_(language), language)
        lines.append(f"{number}. {brief if rule.unit == 'points' else _told(rule, language)}")
    return lines


def _points(rules: Iterable[Rule], language: Language) -> list[str]:
    lines = []
    for rule in rules:
        if not rule.summands():
            lines.append(f"- {_told(rule, language)}")
            continue
        most = numbers.hundredths(rule.most_points() or 0, language)
        lines.append(f"- {_told(rule, language)} {AT_MOST.in_(language).format(most)}")
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
        lines += ["", THE_REPORT.in_(language)]
    return _section("sources", None, lines, language)


def _assumptions(entry: Version | NotOffered, language: Language) -> list[str]:
    stated = [(WHEN_VALID, why) for why in entry.assumptions.values()]
    for rule in _everything(entry) if isinstance(entry, Version) else ():
        stated += [(rule.title, why) for why in rule.assumptions.values()]
    lines = [f"- {_titled(title, made.why.in_(language), language)}" for title, made in stated]
    return _section("assumptions", SOURCES_SILENT, lines, language) if lines else []
