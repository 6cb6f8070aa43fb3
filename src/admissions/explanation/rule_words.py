"""What each kind of rule says, with its thresholds, in one or two sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from admissions.explanation import numbers
from admissions.explanation.fact_words import number_words
from admissions.model.choices import choice_words
from admissions.model.fact import Measure
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.model.wording import words as _w
from admissions.rules.recommendation_tiers import RecommendationTier

SENTENCES: dict[str, Wording] = {
    "bachelor-degree": _w(
        "Kravet er en bachelorgrad på minst {minimum_ects}.",
        "Kravet er ein bachelorgrad på minst {minimum_ects}.",
        "A bachelor's degree of at least {minimum_ects} is required.",
    ),
    "child-welfare-connection": _w(
        "Kravet er at du arbeider i {sectors}.",
        "Kravet er at du arbeider i {sectors}.",
        "You must work in {sectors}.",
    ),
    "leader-position": _w(
        "Kravet er stilling som {positions}, eller lederoppgaver i en annen stilling.",
        "Kravet er stilling som {positions}, eller leiaroppgåver i ei anna stilling.",
        "A post as {positions}, or leader tasks in another post, is required.",
    ),
    "documented-experience": _w(
        "Kravet er at du har dokumentert relevant erfaring.",
        "Kravet er at du har dokumentert relevant erfaring.",
        "You must have documented relevant experience.",
    ),
    "minimum-experience": _w(
        "Kravet er minst {years} med erfaring til sammen fra {sectors}.",
        "Kravet er minst {years} med erfaring til saman frå {sectors}.",
        "At least {years} of experience in all, in {sectors}, is required.",
    ),
    "minimum-post": _w(
        "Kravet er en stilling på minst {percent} i {sectors}.",
        "Kravet er ei stilling på minst {percent} i {sectors}.",
        "A post of at least {percent} in {sectors} is required.",
    ),
    "workplace-agreement": _w(
        "Kravet er at arbeidsplassen legger til rette for det studiet krever.",
        "Kravet er at arbeidsplassen legg til rette for det studiet krev.",
        "Your workplace must make possible what the study needs.",
    ),
    "sector-tiers": _w(
        "Søkerne deles i grupper, i denne rekkefølgen: {tiers}.",
        "Søkjarane blir delte i grupper, i denne rekkjefølgja: {tiers}.",
        "Applicants are put into groups, in this order: {tiers}.",
    ),
    "recommendation-tiers": _w(
        "Søkerne deles i grupper, i denne rekkefølgen: {tiers}.",
        "Søkjarane blir delte i grupper, i denne rekkjefølgja: {tiers}.",
        "Applicants are put into groups, in this order: {tiers}.",
    ),
    "leader-priority": _w(
        "Den som er {positions} og har personalansvar, går foran andre.",
        "Den som er {positions} og har personalansvar, går framfor andre.",
        "Whoever is {positions} and has personnel responsibility comes before others.",
    ),
    "supervisor-responsibility": _w(
        "Den som har veilederansvar, dokumentert av arbeidsgiver, går foran andre.",
        "Den som har rettleiaransvar, dokumentert av arbeidsgivar, går framfor andre.",
        "Whoever has supervisor responsibility, documented by the employer, comes before others.",
    ),
    "grade-points": _w(
        "Poengene er karaktersnittet, der A er 5 og E er 1, avrundet til {decimals}{factor}.",
        "Poenga er karaktersnittet, der A er 5 og E er 1, avrunda til {decimals}{factor}.",
        "The points are the grade average, where A is 5 and E is 1, rounded to {decimals}{factor}.",
    ),
    "experience-points": _w(
        "Hvert {year} år i {sectors} til sammen gir {points_per_year} poeng{after_years}, "
        "høyst {maximum}.",
        "Kvart {year} år i {sectors} til saman gir {points_per_year} poeng{after_years}, "
        "høgst {maximum}.",
        "Each {year} year in {sectors} together adds {points_per_year} to the points{after_years}, "
        "at most {maximum}.",
    ),
    "experience-years": _w(
        "Flest år til sammen i {sectors} går først.",
        "Flest år til saman i {sectors} går først.",
        "Most years in {sectors} together come first.",
    ),
    "experience-at-least": _w(
        "Den som har minst {years} til sammen i {sectors}, går foran andre.",
        "Den som har minst {years} til saman i {sectors}, går framfor andre.",
        "Whoever has at least {years} in {sectors} together comes before others.",
    ),
    "experience-beyond": _w(
        "Den som har mer enn {years} til sammen i {sectors}, går foran andre.",
        "Den som har meir enn {years} til saman i {sectors}, går framfor andre.",
        "Whoever has more than {years} in {sectors} together comes before others.",
    ),
    "education-points": _w(
        "Hver hele bolk på {per_ects} {relevant_only} utover bachelorgraden gir {points} poeng, "
        "høyst {maximum}.",
        "Kvar heile bolk på {per_ects} {relevant_only} utover bachelorgraden gir {points} poeng, "
        "høgst {maximum}.",
        "Each full {per_ects} of {relevant_only} beyond the bachelor's degree adds {points} "
        "to the points, at most {maximum}.",
    ),
    "master": _w(
        "Den som har {values} mastergrad, går foran andre.",
        "Den som har {values} mastergrad, går framfor andre.",
        "Whoever has a master's degree that is {values} comes before others.",
    ),
    "courses": _w(
        "Den som har relevante kurs eller kompetanseprogrammer, minst {minimum} i tallet, "
        "går foran andre.",
        "Den som har relevante kurs eller kompetanseprogram, minst {minimum} i talet, "
        "går framfor andre.",
        "Whoever has relevant courses or competence programmes, at least {minimum} in number, "
        "comes before others.",
    ),
    "no-leader-responsibility": _w(
        "Den som ikke har lederansvar, går foran andre. Lederansvar er stilling som {positions}, "
        "personalansvar eller lederoppgaver.",
        "Den som ikkje har leiaransvar, går framfor andre. Leiaransvar er stilling som "
        "{positions}, personalansvar eller leiaroppgåver.",
        "Whoever has no leader responsibility comes before others. Leader responsibility is a post "
        "as {positions}, personnel responsibility or leader tasks.",
    ),
    "further-education-count": _w(
        "Flest tidligere videreutdanninger går først.",
        "Flest tidlegare vidareutdanningar går først.",
        "Most earlier further educations come first.",
    ),
    "fewest-further-education": _w(
        "Færrest tidligere videreutdanninger går først.",
        "Færrast tidlegare vidareutdanningar går først.",
        "Fewest earlier further educations come first.",
    ),
    "need-index": _w(
        "Søkere fra tjenester med størst behov går først.",
        "Søkjarar frå tenester med størst behov går først.",
        "Applicants from the services with the greatest need come first.",
    ),
    "sum-of-points": _w(
        "Poengene for hver del legges sammen.",
        "Poenga for kvar del blir lagde saman.",
        "The points of each part are added up.",
    ),
    "service-limit": _w(
        "De beste fra hver tjeneste går foran, høyst {maximum}; de neste fra samme tjeneste går "
        "bak andre. Det gjelder {sectors}.",
        "Dei beste frå kvar teneste går framfor, høgst {maximum}; dei neste frå same teneste går "
        "bak andre. Det gjeld {sectors}.",
        "The best of each service come first, at most {maximum}; the next of the same service come "
        "behind others. This is so for {sectors}.",
    ),
    "spread-breadth": _w(
        "Den beste fra hver kommune går først, så den nest beste, og så videre.",
        "Den beste frå kvar kommune går først, så den nest beste, og så vidare.",
        "The best of each municipality come first, then the second, and so on.",
    ),
    "spread-proportional": _w(
        "Plassene fordeles på kommunene etter tallet på årsverk.",
        "Plassane blir fordelte på kommunane etter talet på årsverk.",
        "Seats are shared between municipalities in proportion to full-time posts.",
    ),
    "minimum-share": _w(
        "Minst {percent} prosent av dem som får tilbud i tur og orden, skal komme fra tjenester i "
        "sentralitetsklasse {centralities}, så langt det finnes slike søkere.",
        "Minst {percent} prosent av dei som får tilbod i tur og orden, skal komme frå tenester i "
        "sentralitetsklasse {centralities}, så langt det finst slike søkjarar.",
        "Of those called in turn at least {percent} per cent shall come from services in "
        "centrality class {centralities}, as long as there are such applicants.",
    ),
    "leader-order": _w(
        "De ansatte som lederen har satt opp, går foran andre, i lederens rekkefølge.",
        "Dei tilsette som leiaren har sett opp, går framfor andre, i rekkjefølgja til leiaren.",
        "The staff that a leader has named come before others, in the leader's order.",
    ),
    "leader-first-choice": _w(
        "Lederens førstevalg blant egne kvalifiserte ansatte går foran andre.",
        "Førstevalet til leiaren blant eigne kvalifiserte tilsette går framfor andre.",
        "A leader's first choice among own qualified staff comes before others.",
    ),
    "leader-proportional": _w(
        "Plassene fordeles på tjenestene etter tallet på årsverk, i lederens rekkefølge.",
        "Plassane blir fordelte på tenestene etter talet på årsverk, i rekkjefølgja til leiaren.",
        "Seats are shared between services in proportion to full-time posts, in the leader's "
        "order.",
    ),
    "leader-points": _w(
        "De ansatte som lederen har satt først, får i tur og orden {points} poeng.",
        "Dei tilsette som leiaren har sett først, får i tur og orden {points} poeng.",
        "The staff that a leader names first get {points} points, in turn.",
    ),
    "oldest-first": _w("Den eldste går først.", "Den eldste går først.", "The older comes first."),
    "under-represented-gender": _w(
        "Det kjønnet som færrest av de kvalifiserte har, går først.",
        "Det kjønnet som færrast av dei kvalifiserte har, går først.",
        "The gender that fewer of the qualified have comes first.",
    ),
    "lottery": _w(
        "Den som er trukket ut først, går først.",
        "Den som er trekt ut først, går først.",
        "Whoever was drawn first comes first.",
    ),
}
"""By kind. Others' kinds have none: their title and the facts they read must do."""

_DECIMALS = {
    0: _w("hele tall", "heile tal", "whole numbers"),
    1: _w("én desimal", "éin desimal", "one decimal"),
    2: _w("to desimaler", "to desimalar", "two decimals"),
}
_TIMES = _w(", ganget med {}", ", gonga med {}", ", times {}")
_AFTER = _w(" etter de første {}", " etter dei første {}", " after the first {}")
_YEAR = {
    "completed": _w("fullført", "fullført", "completed"),
    "started": _w("påbegynt", "påbyrja", "started"),
}
_RELEVANT = {
    True: _w("relevant utdanning", "relevant utdanning", "relevant education"),
    False: _w("utdanning", "utdanning", "education"),
}
_POST = _w("stilling på minst {}", "stilling på minst {}", "a post of at least {}")
_RECOMMENDED = _w(
    "anbefalt av arbeidsgiver", "tilrådd av arbeidsgivar", "recommended by the employer"
)
_SAME_YEAR = _w("datert samme år", "datert same år", "dated the same year")
_CHILD_WELFARE = _w("{} barnevern", "{} barnevern", "{} child welfare")
SECTOR_KINDS = {
    "municipal": _w("kommunalt", "kommunalt", "municipal"),
    "state": _w("statlig", "statleg", "state"),
    "private": _w("privat", "privat", "private"),
    "none": _w("utenfor barnevernet", "utanfor barnevernet", "outside child welfare"),
}
"""The sectors where "child welfare" is said besides."""

_WORDS: dict[str, Mapping[Any, Wording]] = {
    "decimals": _DECIMALS,
    "year": _YEAR,
    "relevant_only": _RELEVANT,
}
_MEASURES: dict[str, Measure] = {
    "minimum_ects": "ects",
    "per_ects": "ects",
    "years": "years",
    "percent": "percent",
}
_WHOLE = (("service-limit", "maximum"), ("minimum-share", "percent"))
_CHOICES = {"sectors": "sector", "positions": "position", "values": "master"}
_POINTS = ("points", "points_per_year", "maximum", "passed")


def rule_sentence(kind: str, parameters: Mapping[str, Any], language: Language) -> str:
    """What a rule of ``kind`` with ``parameters`` says; "" for a kind from another package."""
    if kind not in SENTENCES:
        return ""
    spoken = {name: spoken_value(kind, name, value, language) for name, value in parameters.items()}
    return SENTENCES[kind].in_(language).format(**spoken)


def spoken_value(kind: str, name: str, value: Any, language: Language) -> str:
    """The value of a parameter of ``kind`` as its sentence says it."""
    if (kind, name) in _WHOLE:
        return numbers.whole(value, language)
    if isinstance(value, tuple):
        return _spoken_list(kind, name, value, language)
    if name in _POINTS:
        return numbers.hundredths(value, language)
    if name in _MEASURES:
        return number_words(_MEASURES[name], value, language)
    if name in _WORDS:
        return _WORDS[name][value].in_(language)
    if name == "factor":
        return "" if value == 1 else _TIMES.in_(language).format(value)
    if name == "after_years":
        years = number_words("years", value, language)
        return _AFTER.in_(language).format(years) if value else ""
    return str(value)


def _spoken_list(kind: str, name: str, values: tuple[Any, ...], language: Language) -> str:
    if kind == "sector-tiers":
        return "; ".join(_choices("sector", tier, language) for tier in values)
    if kind == "recommendation-tiers":
        return "; ".join(_tier(tier, language) for tier in values)
    if name in _CHOICES:
        return _choices(_CHOICES[name], values, language)
    if name == "points":
        return numbers.listed([numbers.hundredths(v, language) for v in values], language)
    return numbers.listed([str(value) for value in values], language, "or")


def _choices(name: str, values: tuple[str, ...], language: Language) -> str:
    if name == "sector" and "none" not in values:
        kinds = [SECTOR_KINDS[value].in_(language) for value in values]
        return _CHILD_WELFARE.in_(language).format(numbers.listed(kinds, language, "or"))
    return numbers.listed([choice_words(name, value, language) for value in values], language, "or")


def _tier(tier: RecommendationTier, language: Language) -> str:
    parts = [_choices("sector", tier.sectors, language)]
    if tier.post_percent:
        percent = number_words("percent", tier.post_percent, language)
        parts.append(_POST.in_(language).format(percent))
    if tier.recommended:
        parts.append(_RECOMMENDED.in_(language))
    if tier.dated_same_year:
        parts.append(_SAME_YEAR.in_(language))
    return ", ".join(parts)
