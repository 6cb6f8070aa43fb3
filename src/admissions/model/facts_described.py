"""Every fact that a rule can read: stated of somebody or something, or derived from the round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from admissions.model.columns import Column, Kind
from admissions.model.fact import Fact, Measure
from admissions.model.facts_of_person import PERSON
from admissions.model.wording import Wording
from admissions.model.wording import words as _w

PREFERENCE = Fact(
    "preference",
    "whole",
    _w("Prioritet, 1 er mest ønsket", "Prioritet, 1 er mest ønskt", "1 is most wanted"),
    "prioritet prioritering ønske ønskenr",
    required=True,
    low=1,
    high=1_000_000,
    whose="application",
    measure="number",
    phrase=_w("ønske nummer", "ønske nummer", "wish number"),
)
APPLICATION = (
    PREFERENCE,
    Fact(
        "employer_recommended",
        "yes-no",
        _w("Anbefalt av arbeidsgiver", "Tilrådd av arbeidsgivar", "Recommended by employer"),
        "anbefalt arbeidsgiveranbefaling arbeidsgiversanbefaling tilrådd arbeidsgivartilråding",
        default="no",
        whose="application",
        measure="yes-no",
        phrase=_w(
            "anbefaling fra arbeidsgiver", "tilråding frå arbeidsgivar", "the employer's support"
        ),
        changes=True,
    ),
    Fact(
        "recommendation_date",
        "date",
        _w("Anbefalingens dato", "Datoen for tilrådinga", "Date of the recommendation"),
        "anbefalingsdato datoanbefaling datoforanbefaling anbefaltdato tilrådingsdato",
        whose="application",
        measure="date",
        phrase=_w("anbefalingens dato", "datoen for tilrådinga", "date of the employer's support"),
        own_phrase=_w(
            "datoen for anbefalingen",
            "datoen for tilrådinga",
            "the date of your employer's support",
        ),
        changes=True,
    ),
)
CENTRALITY = Fact(
    "centrality",
    "whole",
    _w("Sentralitetsklasse", "Sentralitetsklasse", "Centrality class"),
    "sentralitet",
    low=1,
    high=6,
    detail=_w("SSB, 1 er mest sentral.", "SSB, 1 er mest sentral.", "1 is the most central."),
    whose="service",
    measure="number",
    phrase=_w("sentralitetsklasse", "sentralitetsklasse", "centrality class"),
)
EMPLOYEES = Fact(
    "employees",
    "number",
    _w("Årsverk", "Årsverk", "Full-time positions"),
    "ansatte tilsette antallansatte talpåtilsette heltidsstillinger",
    high=1_000_000,
    whose="service",
    measure="positions",
    phrase=_w("årsverk i tjenesten", "årsverk i tenesta", "full-time posts in the service"),
)
NEED = Fact(
    "need",
    "number",
    _w("Behov, høyere er større", "Behov, høgare er større", "Need, higher is greater"),
    "behov behovsindeks",
    high=1_000_000,
    whose="service",
    measure="index",
    phrase=_w("tjenestens behov", "behovet i tenesta", "need of the service"),
)
SERVICE = (CENTRALITY, EMPLOYEES, NEED)


def _derived(name: str, kind: Kind, measure: Measure, phrase: Wording) -> Fact:
    return Fact(name, kind, phrase, whose="ranking", measure=measure, phrase=phrase)


DERIVED = (
    _derived("service", "code", "text", _w("tjeneste", "teneste", "service")),
    _derived("municipality", "code", "text", _w("kommune", "kommune", "municipality")),
    _derived(
        "municipality_employees",
        "number",
        "positions",
        _w("årsverk i kommunen", "årsverk i kommunen", "full-time posts in the municipality"),
    ),
    _derived(
        "leader_rank",
        "whole",
        "number",
        _w("plass hos lederen", "plass hos leiaren", "place in the leader's order"),
    ),
    _derived("qualified", "yes-no", "yes-no", _w("kvalifisert", "kvalifisert", "qualified")),
    _derived(
        "lottery_place",
        "whole",
        "number",
        _w("plass i loddtrekningen", "plass i loddtrekkinga", "place in the draw"),
    ),
    _derived(
        "index",
        "whole",
        "from-zero",
        _w("nummer i egen gruppe", "nummer i eiga gruppe", "number in your own group"),
    ),
)

FACTS: dict[str, Fact] = {fact.name: fact for fact in (*PERSON, *APPLICATION, *SERVICE, *DERIVED)}


def frame_columns(columns: Sequence[Column]) -> Iterator[str]:
    """The names of ``columns`` in a round's frame: a fact's companions stand behind it."""
    for column in columns:
        if not column.explains:
            yield column.name
        if isinstance(column, Fact):
            yield from column.companions
