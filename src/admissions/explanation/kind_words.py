"""Each kind of rule and limit in a word or two: its name, and how much it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from admissions.explanation import numbers
from admissions.explanation.rule_words import SECTOR_KINDS, spoken_value
from admissions.model.choices import choice_words
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.rulebooks.limits import Limit
from admissions.rules.base import Rule
from admissions.rules.child_welfare_connection import ChildWelfareConnection
from admissions.rules.grade_points import GradePoints
from admissions.rules.recommendation_tiers import RecommendationTiers
from admissions.rules.sector_tiers import SectorTiers
from admissions.rules.sum_of_points import SumOfPoints


@dataclass(frozen=True)
class KindWords:
    """The name of a kind, and how much one rule of it counts, where there is more than that."""

    name: Wording
    amount: Wording | None


def _k(nb: str, nn: str, en: str, *amount: str) -> KindWords:
    """The three names; one amount for all languages, or one for each."""
    name = Wording(nb=nb, nn=nn, en=en)
    if not amount:
        return KindWords(name, None)
    first, second, third = amount * 3 if len(amount) == 1 else amount
    return KindWords(name, Wording(nb=first, nn=second, en=third))


KINDS: dict[str, KindWords] = {
    "bachelor-degree": _k("Bachelorgrad", "Bachelorgrad", "Bachelor's degree", "{minimum_ects}"),
    "child-welfare-connection": _k(
        "Arbeid i barnevernet", "Arbeid i barnevernet", "Work in child welfare", "{sectors}"
    ),
    "leader-position": _k(
        "Lederstilling eller lederoppgaver",
        "Leiarstilling eller leiaroppgåver",
        "Leader post or leader tasks",
        "{positions}",
    ),
    "documented-experience": _k(
        "Dokumentert erfaring", "Dokumentert erfaring", "Documented experience"
    ),
    "minimum-experience": _k(
        "Minste erfaring", "Minste erfaring", "Minimum experience", "{years}"
    ),
    "minimum-post": _k("Minste stilling", "Minste stilling", "Minimum post", "{percent}"),
    "workplace-agreement": _k(
        "Avtale med arbeidsplassen", "Avtale med arbeidsplassen", "Agreement with the workplace"
    ),
    "sector-tiers": _k("Sektor", "Sektor", "Sector", "{sectors}"),
    "recommendation-tiers": _k(
        "Anbefaling og hovedstilling",
        "Tilråding og hovudstilling",
        "Recommendation and main post",
        "{n} grupper", "{n} grupper", "{n} groups",
    ),
    "leader-priority": _k(
        "Ledere med personalansvar",
        "Leiarar med personalansvar",
        "Leaders with personnel responsibility",
        "{positions}",
    ),
    "supervisor-responsibility": _k(
        "Veilederansvar", "Rettleiaransvar", "Supervisor responsibility"
    ),
    "grade-points": _k(
        "Karakterer", "Karakterar", "Grades", "høyst {n}", "høgst {n}", "at most {n}"
    ),
    "experience-points": _k(
        "Poeng for erfaring",
        "Poeng for erfaring",
        "Points for experience",
        "{points_per_year} per {year} år{after_years}, høyst {maximum}",
        "{points_per_year} per {year} år{after_years}, høgst {maximum}",
        "{points_per_year} per {year} year{after_years}, at most {maximum}",
    ),
    "experience-years": _k(
        "Flest års erfaring", "Flest års erfaring", "Most years of experience"
    ),
    "experience-at-least": _k(
        "Erfaring på minst", "Erfaring på minst", "Experience of at least", "{years}"
    ),
    "experience-beyond": _k(
        "Erfaring ut over", "Erfaring ut over", "Experience beyond", "{years}"
    ),
    "education-points": _k(
        "Poeng for utdanning",
        "Poeng for utdanning",
        "Points for education",
        "{points} per {per_ects} {relevant_only}, høyst {maximum}",
        "{points} per {per_ects} {relevant_only}, høgst {maximum}",
        "{points} per {per_ects} of {relevant_only}, at most {maximum}",
    ),
    "master": _k("Mastergrad", "Mastergrad", "Master's degree", "{values}"),
    "courses": _k(
        "Kurs eller kompetanseprogram",
        "Kurs eller kompetanseprogram",
        "Courses or competence programmes",
        "minst {minimum}", "minst {minimum}", "at least {minimum}",
    ),
    "no-leader-responsibility": _k(
        "Uten lederansvar", "Utan leiaransvar", "Without leader responsibility", "{positions}"
    ),
    "further-education-count": _k(
        "Videreutdanning: flest først",
        "Vidareutdanning: flest først",
        "Further education: most first",
    ),
    "fewest-further-education": _k(
        "Videreutdanning: færrest først",
        "Vidareutdanning: færrast først",
        "Further education: fewest first",
    ),
    "need-index": _k("Tjenestens behov", "Behovet i tenesta", "Need of the service"),
    "sum-of-points": _k(
        "Sum av poeng", "Sum av poeng", "Sum of points", "høyst {n}", "høgst {n}", "at most {n}"
    ),
    "service-limit": _k(
        "Så mange fra en tjeneste går først",
        "Så mange frå ei teneste går først",
        "So many of a service come first",
        "{maximum}",
    ),
    "spread-breadth": _k(
        "Spredning: flest mulig kommuner",
        "Spreiing: flest mogleg kommunar",
        "Spread: as many municipalities as possible",
    ),
    "spread-proportional": _k(
        "Spredning: kommuner etter årsverk",
        "Spreiing: kommunar etter årsverk",
        "Spread: municipalities in proportion",
    ),
    "minimum-share": _k(
        "Minste andel",
        "Minste del",
        "Minimum share",
        "{percent} prosent, klasse {centralities}",
        "{percent} prosent, klasse {centralities}",
        "{percent} per cent, class {centralities}",
    ),
    "leader-order": _k("Lederens rekkefølge", "Rekkjefølgja til leiaren", "The leader's order"),
    "leader-first-choice": _k(
        "Lederens førstevalg", "Førstevalet til leiaren", "The leader's first choice"
    ),
    "leader-proportional": _k(
        "Tjenester etter årsverk", "Tenester etter årsverk", "Services in proportion"
    ),
    "leader-points": _k(
        "Poeng fra lederen", "Poeng frå leiaren", "Points from the leader", "{points}"
    ),
    "oldest-first": _k("Eldste først", "Eldste først", "Oldest first"),
    "under-represented-gender": _k(
        "Underrepresentert kjønn", "Underrepresentert kjønn", "Under-represented gender"
    ),
    "lottery": _k("Loddtrekning", "Loddtrekking", "Lottery"),
    "region-minimum": _k(
        "Plasser holdt av til regioner",
        "Plassar haldne av til regionar",
        "Seats kept for regions",
        "{seats}",
    ),
    "region-maximum": _k(
        "Høyeste tall fra en region", "Høgste tal frå ein region", "Most from a region", "{seats}"
    ),
    "service-maximum": _k(
        "Høyeste tall fra en tjeneste",
        "Høgste tal frå ei teneste",
        "Most from a service",
        "{seats}",
    ),
    "service-first": _k(
        "Fra hver tjeneste går først",
        "Frå kvar teneste går først",
        "Of each service come first",
        "{seats}",
    ),
    "class-minimum": _k(
        "Minste klasse", "Minste klasse", "Minimum class", "{seats}"
    ),
}  # fmt: skip


def kind_name(kind: str, language: Language) -> str:
    """What ``kind`` is called; a kind from another package by its own name."""
    return KINDS[kind].name.in_(language) if kind in KINDS else kind


def amount_words(rule: Rule | Limit, language: Language) -> str:
    """How much ``rule`` counts, in the fewest words; "" where there is nothing to say."""
    wording = KINDS[rule.kind].amount if rule.kind in KINDS else None
    if wording is None:
        return ""
    amount = wording.in_(language)
    if not isinstance(rule, Rule):
        return amount.format(seats=seats_words(rule, language))
    spoken = {
        name: spoken_value(rule.kind, name, value, language)
        for name, value in rule.parameters().items()
        if f"{{{name}}}" in amount
    }
    return amount.format(**{**spoken, **_counted(rule, language)})


def _counted(rule: Rule, language: Language) -> dict[str, str]:
    """What an amount says that no parameter does, or not so briefly."""
    if isinstance(rule, GradePoints | SumOfPoints):
        return {"n": numbers.hundredths(most_points(rule), language)}
    if isinstance(rule, RecommendationTiers):
        return {"n": numbers.whole(len(rule.tiers), language)}
    if isinstance(rule, SectorTiers):
        return {"sectors": " > ".join(_sectors(tier, language) for tier in rule.tiers)}
    if isinstance(rule, ChildWelfareConnection):
        return {"sectors": _sectors(rule.sectors, language)}
    return {}


def _sectors(sectors: Sequence[str], language: Language) -> str:
    names = [SECTOR_KINDS[sector].in_(language) for sector in sectors]
    return numbers.listed(names, language, "or")


def most_points(rule: Rule) -> int:
    """The most points that a criterion of unit points can give, in hundredths."""
    if isinstance(rule, SumOfPoints):
        return sum(map(most_points, rule.parts))
    if isinstance(rule, GradePoints):
        return 5_00 * rule.factor
    return int(rule.parameters()["maximum"])


def seats_words(limit: Limit, language: Language) -> str:
    """The seats that ``limit`` states: a number, or one for each region."""
    if not isinstance(limit.seats, dict):
        return numbers.whole(limit.seats, language)
    each = [f"{choice_words('region', name, language)} {n}" for name, n in limit.seats.items()]
    return numbers.listed(each, language)
