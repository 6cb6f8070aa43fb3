"""What the published rules say of a kind besides its sentence (``rule_words``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from admissions.explanation.rule_words import rule_sentence, spoken_value
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.model.wording import words as _w
from admissions.rules.base import Scope

DETAILS: dict[str, Wording] = {
    "sector-tiers": _w(
        "Den som ikke hører til i noen av gruppene, kommer bak dem alle.",
        "Den som ikkje høyrer til i nokon av gruppene, kjem bak alle saman.",
        "Whoever belongs to none of the groups comes behind them all.",
    ),
    "recommendation-tiers": _w(
        "Den som ikke hører til i noen av gruppene, kommer bak dem alle.",
        "Den som ikkje høyrer til i nokon av gruppene, kjem bak alle saman.",
        "Whoever belongs to none of the groups comes behind them all.",
    ),
    "grade-points": _w(
        "En bachelorgrad med bare «bestått» regnes som karakteren {passed}. {not_documented}",
        "Ein bachelorgrad med berre «bestått» blir rekna som karakteren {passed}. {not_documented}",
        "A bachelor's degree marked only “passed” counts as the grade {passed}. {not_documented}",
    ),
    "need-index": _w("{not_documented}", "{not_documented}", "{not_documented}"),
    "service-limit": _w(
        "Hvem som er best i en tjeneste, følger av de andre kriteriene.",
        "Kven som er best i ei teneste, følgjer av dei andre kriteria.",
        "Who is best in a service follows from the other criteria.",
    ),
    "spread-breadth": _w(
        "{counted_over} {not_documented}",
        "{counted_over} {not_documented}",
        "{counted_over} {not_documented}",
    ),
    "spread-proportional": _w(
        "{counted_over} {not_documented}",
        "{counted_over} {not_documented}",
        "{counted_over} {not_documented}",
    ),
    "minimum-share": _w(
        "{across_tiers} {not_documented}",
        "{across_tiers} {not_documented}",
        "{across_tiers} {not_documented}",
    ),
    "oldest-first": _w("{not_documented}", "{not_documented}", "{not_documented}"),
    "under-represented-gender": _w(
        "Er de like mange, går ingen foran; det gjør heller ikke den som ikke har oppgitt kjønn "
        "eller har oppgitt et annet.",
        "Er dei like mange, går ingen framfor; det gjer heller ikkje den som ikkje har oppgitt "
        "kjønn eller har oppgitt eit anna.",
        "Where they are equally many nobody comes first; nor does anybody who states no gender or "
        "another.",
    ),
    "lottery": _w(
        "Trekningen følger av et tall som er fastsatt på forhånd, og kan etterprøves av alle.",
        "Trekkinga følgjer av eit tal som er fastsett på førehand, og kan etterprøvast av alle.",
        "The draw follows from a number fixed beforehand, and anybody can check it.",
    ),
}
"""By kind, what the published rules say besides: too much for a decision about one person."""

NOT_DOCUMENTED: dict[tuple[str, str], Wording] = {
    ("grade-points", "no-points"): _w(
        "En karakter som ikke er dokumentert, gir ingen poeng.",
        "Ein karakter som ikkje er dokumentert, gir ingen poeng.",
        "A grade that is not documented gives no points.",
    ),
    ("grade-points", "not-qualified"): _w(
        "Den som ikke har dokumentert karakteren, er ikke kvalifisert.",
        "Den som ikkje har dokumentert karakteren, er ikkje kvalifisert.",
        "Whoever has not documented the grade is not qualified.",
    ),
    ("need-index", "last"): _w(
        "Er behovet i tjenesten ikke dokumentert, kommer søkeren sist.",
        "Er behovet i tenesta ikkje dokumentert, kjem søkjaren sist.",
        "Where the need of the service is not documented, the applicant comes last.",
    ),
    ("spread-breadth", "last"): _w(
        "Er kommunen ikke dokumentert, kommer søkeren sist.",
        "Er kommunen ikkje dokumentert, kjem søkjaren sist.",
        "Where the municipality is not documented, the applicant comes last.",
    ),
    ("spread-proportional", "last"): _w(
        "Er årsverkene i kommunen ikke dokumentert, kommer søkeren sist.",
        "Er årsverka i kommunen ikkje dokumenterte, kjem søkjaren sist.",
        "Where the full-time posts of the municipality are not documented, the applicant comes "
        "last.",
    ),
    ("minimum-share", "not-member"): _w(
        "Den som kommer fra en tjeneste uten dokumentert sentralitetsklasse, regnes ikke med.",
        "Den som kjem frå ei teneste utan dokumentert sentralitetsklasse, blir ikkje rekna med.",
        "Whoever comes from a service whose centrality class is not documented is not counted in.",
    ),
    ("oldest-first", "last"): _w(
        "Den som ikke har dokumentert fødselsdatoen, kommer sist.",
        "Den som ikkje har dokumentert fødselsdatoen, kjem sist.",
        "Whoever has not documented the date of birth comes last.",
    ),
}
"""By kind and the value of ``not_documented``."""

COUNTED_OVER: dict[Scope, Wording] = {
    "offering": _w(
        "Det telles blant søkerne til hvert studietilbud for seg.",
        "Det blir talt blant søkjarane til kvart studietilbod for seg.",
        "This is counted among the applicants of each offering by itself.",
    ),
    "round": _w(
        "Det telles over hele opptaket, hver søker én gang, ved det første ønsket.",
        "Det blir talt over heile opptaket, kvar søkjar éin gong, ved det første ønsket.",
        "This is counted over the whole round, each applicant once, at the first wish.",
    ),
}
"""Among whom an index is counted."""

ACROSS_TIERS: dict[bool, Wording] = {
    False: _w(
        "Dette gjelder innenfor hver gruppe av sektorer; ingen går foran noen i en gruppe som "
        "kommer før.",
        "Dette gjeld innanfor kvar gruppe av sektorar; ingen går framfor nokon i ei gruppe som "
        "kjem før.",
        "This holds within each group of sectors; nobody comes ahead of anybody in a group before "
        "theirs.",
    ),
    True: _w(
        "Dette gjelder på tvers av gruppene av sektorer; noen kan gå foran dem som står i en "
        "gruppe før.",
        "Dette gjeld på tvers av gruppene av sektorar; nokon kan gå framfor dei som står i ei "
        "gruppe før.",
        "This holds across the groups of sectors; somebody can come ahead of those in a group "
        "before theirs.",
    ),
}
"""Whether what reserves seats or shares keeps to the sector tiers."""


def rule_text(kind: str, parameters: Mapping[str, Any], language: Language) -> str:
    """All that a rule says, every parameter in it; "" for a kind from another package."""
    said = [rule_sentence(kind, parameters, language)]
    if kind in DETAILS:
        spoken = {name: _spoken(kind, name, value, language) for name, value in parameters.items()}
        said.append(DETAILS[kind].in_(language).format(**spoken))
    return " ".join(said)


def _spoken(kind: str, name: str, value: Any, language: Language) -> str:
    if name == "not_documented":
        return NOT_DOCUMENTED[kind, value].in_(language)
    if name == "counted_over":
        return COUNTED_OVER[value].in_(language)
    if name == "across_tiers":
        return ACROSS_TIERS[value].in_(language)
    return spoken_value(kind, name, value, language)
