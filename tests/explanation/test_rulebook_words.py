"""The rules as a text to publish: every parameter is in it, in every language."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import pytest

from admissions.catalogue import dated_entries
from admissions.explanation.rule_details import DETAILS, NOT_DOCUMENTED
from admissions.explanation.rulebook_words import LIMITS, rulebook_text
from admissions.limits import Limit
from admissions.resources import shipped
from admissions.rulebook import Rulebook, Version, load_rulebooks
from admissions.rules.base import Rule
from admissions.rules.registry import BUILT_IN
from admissions.vocabulary import LANGUAGES, Language

TITLE = {"nb": "Tittel", "nn": "Tittel", "en": "Title"}
GRADE = {"kind": "grade-points", "id": "grade", "title": TITLE, "source": "S"}
STUDY = {"kind": "education-points", "id": "study", "title": TITLE, "source": "S"}
GRADE_VALUES = {"factor": 1, "decimals": 2, "passed": 3, "not_documented": "no-points"}
STUDY_VALUES = {"points": 1, "per_ects": 30, "relevant_only": True, "maximum": 2}
TIER = {"sectors": ["municipal"], "post_percent": 50, "recommended": True, "dated_same_year": True}

VALUES: dict[str, dict[str, list[Any]]] = {
    "bachelor-degree": {"minimum_ects": [180, 240, "180.5"]},
    "child-welfare-connection": {"sectors": [["municipal"], ["municipal", "state"], ["none"]]},
    "leader-position": {"positions": [["leader"], ["deputy-leader"], ["leader", "team-leader"]]},
    "documented-experience": {},
    "minimum-experience": {"sectors": [["municipal"], ["private"]], "years": [3, "2.5"]},
    "minimum-post": {"percent": [50, 49, 100], "sectors": [["municipal"], ["state"]]},
    "workplace-agreement": {},
    "sector-tiers": {
        "tiers": [
            [["municipal"], ["state", "private"]],
            [["municipal", "state"], ["private"]],
            [["municipal"], ["private"], ["state"]],
            [["municipal", "state", "private"]],
        ]
    },
    "recommendation-tiers": {
        "tiers": [
            [TIER],
            [{**TIER, "sectors": ["municipal", "state"]}],
            [{**TIER, "post_percent": 51}],
            [{**TIER, "recommended": False}],
            [{**TIER, "dated_same_year": False}],
            [TIER, {"sectors": ["municipal"]}],
        ]
    },
    "leader-priority": {"positions": [["leader"], ["leader", "deputy-leader"]]},
    "supervisor-responsibility": {},
    "grade-points": {
        "factor": [1, 10],
        "decimals": [2, 1, 0],
        "passed": [3, "2.5"],
        "not_documented": ["no-points", "not-qualified"],
    },
    "experience-points": {
        "sectors": [["municipal"], ["municipal", "private"]],
        "points_per_year": ["0.25", 1],
        "year": ["completed", "started"],
        "after_years": [0, 2],
        "maximum": [4, "4.5"],
    },
    "experience-years": {"sectors": [["municipal"], ["state"]]},
    "experience-at-least": {"sectors": [["municipal"], ["state"]], "years": [2, "2.01"]},
    "experience-beyond": {"sectors": [["municipal"], ["state"]], "years": [3, 4]},
    "education-points": {
        "points": [1, "0.25"],
        "per_ects": [30, 60],
        "relevant_only": [True, False],
        "maximum": [2, 4],
    },
    "master": {"values": [["relevant"], ["other"], ["relevant", "other"]]},
    "courses": {"minimum": [1, 2]},
    "no-leader-responsibility": {"positions": [["leader"], ["leader", "deputy-leader"]]},
    "further-education-count": {},
    "fewest-further-education": {},
    "need-index": {"not_documented": ["last"]},
    "sum-of-points": {
        "parts": [
            [{**GRADE, **GRADE_VALUES}, {**STUDY, **STUDY_VALUES}],
            [{**GRADE, **GRADE_VALUES, "factor": 2}, {**STUDY, **STUDY_VALUES}],
            [{**GRADE, **GRADE_VALUES}, {**STUDY, **STUDY_VALUES, "maximum": 3}],
            [{**STUDY, **STUDY_VALUES}, {**GRADE, **GRADE_VALUES}],
        ]
    },
    "service-limit": {"maximum": [2, 3], "sectors": [["municipal"], ["municipal", "state"]]},
    "spread-breadth": {"not_documented": ["last"]},
    "spread-proportional": {"not_documented": ["last"]},
    "minimum-share": {
        "centralities": [[5, 6], [6], [4, 5, 6]],
        "percent": [20, 25],
        "not_documented": ["not-member"],
    },
    "leader-order": {},
    "leader-first-choice": {},
    "leader-proportional": {},
    "leader-points": {"points": [[3, 2, 1], [3, 2], [3, 1, 2]]},
    "oldest-first": {"not_documented": ["last"]},
    "under-represented-gender": {},
    "lottery": {},
}
"""By kind and parameter, values that differ; the first are those of the rule that is changed."""

LIMIT_SEATS: dict[str, list[Any]] = {
    "region-minimum": [{"oslo": 5, "bergen": 5}, {"oslo": 6, "bergen": 5}, {"oslo": 5}],
    "region-maximum": [{"oslo": 5}, {"oslo": 4}, {"tromso": 5}, {"oslo": 5, "tromso": 5}],
    "service-maximum": [2, 3, 1],
    "service-first": [2, 3, 1],
    "class-minimum": [10, 12],
}
LOTTERY = {"kind": "lottery", "id": "lottery", "title": TITLE, "source": "S"}


def _texts(place: str, table: dict[str, Any]) -> dict[Language, str]:
    rules = {"requirements": [], "criteria": [], "ties": [], "limits": [], place: [table]}
    if table["kind"] != "lottery":
        rules["ties"] = [*rules["ties"], LOTTERY]
    version = Version.model_validate(
        {"id": "v", "valid_from": dt.date(2019, 1, 1), "source": "S", **rules}
    )
    rulebook = Rulebook(offering="o", programme=TITLE, site="X", versions=(version,))
    return {language: rulebook_text(rulebook, version, None, language) for language in LANGUAGES}


def _place(kind: type[Rule]) -> str:
    return {"requirement": "requirements", "tie": "ties"}.get(kind.role, "criteria")


def _table(kind: str, **changed: Any) -> dict[str, Any]:
    first = {name: values[0] for name, values in VALUES[kind].items()}
    return {"kind": kind, "id": "x", "title": TITLE, "source": "S", **first, **changed}


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.kind)
def test_a_changed_parameter_changes_the_text_in_every_language(kind: type[Rule]) -> None:
    own = set(kind.model_fields) - set(Rule.model_fields)
    assert set(VALUES[kind.kind]) == own
    for name, values in VALUES[kind.kind].items():
        told = [_texts(_place(kind), _table(kind.kind, **{name: value})) for value in values]
        for language in LANGUAGES:
            assert len({texts[language] for texts in told}) == len(values), (name, language)


def test_a_parameter_with_one_possible_value_is_told_too() -> None:
    for kind in BUILT_IN:
        field = kind.model_fields.get("not_documented")
        for value in get_args(field.annotation) if field else ():
            words = NOT_DOCUMENTED[kind.kind, value]
            told = _texts(_place(kind), _table(kind.kind, not_documented=value))
            assert all(words.in_(language) in told[language] for language in LANGUAGES)


def test_every_kind_of_limit_is_told_with_its_seats() -> None:
    kinds = {limit.model_fields["kind"].default for limit in get_args(get_args(Limit)[0])}
    assert set(LIMIT_SEATS) == set(LIMITS) == kinds
    for limit in get_args(get_args(Limit)[0]):
        assert set(limit.model_fields) == {"kind", "id", "title", "source", "assumptions", "seats"}
    for kind, values in LIMIT_SEATS.items():
        table = {"kind": kind, "id": "x", "title": TITLE}
        told = [_texts("limits", {**table, "seats": value}) for value in values]
        for language in LANGUAGES:
            assert len({texts[language] for texts in told}) == len(values), (kind, language)


def test_titles_sources_assumptions_notes_and_days_are_in_the_text() -> None:
    rulebooks = load_rulebooks(shipped("rules"))
    for rulebook in rulebooks.values():
        for dated in dated_entries(rulebook):
            for language in LANGUAGES:
                text = rulebook_text(rulebook, dated.entry, dated.valid_to, language)
                assert str(dated.entry.valid_from.year) in text
                assert dated.entry.source in text
                assert all(a.why.in_(language) in text for a in dated.entry.assumptions.values())
                if not isinstance(dated.entry, Version):
                    continue
                assert not any(sign in text for sign in "{}[]_")
                assert dated.entry.note is None or dated.entry.note.in_(language) in text
                for rule in (*dated.entry.rules(), *dated.entry.limits):
                    assert rule.title.in_(language) in text
                    assert rule.source is None or rule.source in text
                    for assumption in rule.assumptions.values():
                        assert assumption.why.in_(language) in text


def test_a_whole_rulebook_reads_as_written_by_hand() -> None:
    rulebook = load_rulebooks(shipped("rules"))["hvl-barnets-beste"]
    first = dated_entries(rulebook)[0]
    text = rulebook_text(rulebook, first.entry, first.valid_to, "nn")
    before_sources = text.partition("## Kvar reglane er henta frå")[0]
    assert (
        before_sources
        == """\
# Opptaksreglar for Vurderingar av barnets beste ved Høgskulen på Vestlandet, Bergen

Reglane gjeld frå 1. august 2018 til og med 31. desember 2021.

## Kven som kan søkje

Du må oppfylle alle krava. Eit krav som ikkje er dokumentert, er ikkje oppfylt.

- **Bachelorgrad på minst tre år.** Kravet er ein bachelorgrad på minst 180 studiepoeng.
- **Arbeid i barnevernet.** Kravet er at du arbeider i kommunalt, statleg eller privat barnevern.
- **Dokumentert relevant erfaring.** Kravet er at du har dokumentert relevant erfaring.

## Korleis søkjarane blir rangerte

Dei kvalifiserte blir samanlikna på eitt kriterium om gongen, i denne rekkjefølgja. Det neste tel \
berre mellom dei som står likt på alle dei føregåande.

1. **Kommunalt tilsette først.** Søkjarane blir delte i grupper, i denne rekkjefølgja: kommunalt \
barnevern; statleg eller privat barnevern. Den som ikkje høyrer til i nokon av gruppene, kjem bak \
alle saman.
2. **Konkurransepoeng.** Den som har flest poeng, går først. Poenga blir rekna ut som nemnt under.

## Korleis poenga blir rekna ut

- **Konkurransepoeng.** Poenga for kvar del blir lagde saman. Til saman kan det gi høgst 54 poeng.
    - **Karakterpoeng.** Poenga er karaktersnittet, der A er 5 og E er 1, avrunda til to \
desimalar, gonga med 10. Ein bachelorgrad med berre «bestått» blir rekna som karakteren 3. Ein \
karakter som ikkje er dokumentert, gir ingen poeng.
    - **Poeng for tilleggsutdanning.** Kvar heile bolk på 30 studiepoeng utdanning utover \
bachelorgraden gir 1 poeng, høgst 4.

## Når søkjarar står likt

Mellom dei som står likt på alle kriteria over, avgjer dette, i denne rekkjefølgja.

1. **Loddtrekking.** Den som er trekt ut først, går først. Trekkinga følgjer av eit tal som er \
fastsett på førehand, og kan etterprøvast av alle.

"""
    )


def test_details_are_told_of_kinds_that_exist() -> None:
    assert {*DETAILS, *(kind for kind, _ in NOT_DOCUMENTED)} <= {kind.kind for kind in BUILT_IN}
