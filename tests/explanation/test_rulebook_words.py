"""The rules as a text to publish: every parameter is in it, in every language."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from admissions.explanation.citations import citation
from admissions.explanation.rulebook_words import rulebook_text
from admissions.model.resources import shipped
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.rulebooks.catalogue import dated_entries
from admissions.rulebooks.limits import limit_kinds
from admissions.rulebooks.rulebook import Rulebook, Version, load_rulebooks
from admissions.rules.base import Rule
from admissions.rules.registry import BUILT_IN

CASES = Path(__file__).parents[1] / "cases"
TITLE = {"nb": "Tittel", "nn": "Tittel", "en": "Title"}


def _varied(kind: str) -> dict[str, list[Any]]:
    """By parameter, values that differ; the first are those of the rule that is changed."""
    text = (CASES / f"{kind}.toml").read_text(encoding="utf-8")
    varied: dict[str, list[Any]] = tomllib.loads(text, parse_float=Decimal).get("varied", {})
    return varied


LIMIT_VALUES: dict[str, dict[str, list[Any]]] = {
    "region-minimum": {
        "seats": [{"oslo": 5, "bergen": 5}, {"oslo": 6, "bergen": 5}, {"oslo": 5}],
        "fill": ["reserves-first", "open-first"],
        "across_tiers": [False, True],
    },
    "region-maximum": {"seats": [{"oslo": 5}, {"oslo": 4}, {"tromso": 5}]},
    "service-maximum": {"seats": [2, 3, 1]},
    "municipality-maximum": {"seats": [2, 3, 1]},
    "service-first": {"seats": [2, 3, 1], "across_tiers": [False, True]},
    "class-minimum": {"seats": [10, 12]},
}
"""By kind of limit and parameter, values that differ; the first is that of the limit changed."""
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
    first = {name: values[0] for name, values in _varied(kind).items()}
    return {"kind": kind, "id": "x", "title": TITLE, "source": "S", **first, **changed}


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.kind)
def test_a_changed_parameter_changes_the_text_in_every_language(kind: type[Rule]) -> None:
    own = set(kind.model_fields) - set(Rule.model_fields)
    varied = _varied(kind.kind)
    assert set(varied) == own, f"tests/cases/{kind.kind}.toml: [varied]"
    for name, values in varied.items():
        told = [_texts(_place(kind), _table(kind.kind, **{name: value})) for value in values]
        for language in LANGUAGES:
            assert len({texts[language] for texts in told}) == len(values), (name, language)


def test_a_parameter_with_one_possible_value_is_told_too() -> None:
    for kind in BUILT_IN:
        field = kind.model_fields.get("not_documented")
        for value in get_args(field.annotation) if field else ():
            words = kind.kind_words()[f"not_documented.{value}"]
            told = _texts(_place(kind), _table(kind.kind, not_documented=value))
            assert all(words.in_(language) in told[language] for language in LANGUAGES)


def test_a_changed_parameter_of_a_limit_changes_the_text_in_every_language() -> None:
    limits = {one.kind_id(): one for one in limit_kinds()}
    assert set(LIMIT_VALUES) == set(limits)
    for kind, varied in LIMIT_VALUES.items():
        own = set(limits[kind].model_fields) - {"kind", "id", "title", "source", "assumptions"}
        assert set(varied) == own
        first = {name: values[0] for name, values in varied.items()}
        for name, values in varied.items():
            table = {"kind": kind, "id": "x", "title": TITLE, **first}
            told = [_texts("limits", {**table, name: value}) for value in values]
            for language in LANGUAGES:
                assert len({texts[language] for texts in told}) == len(values), (kind, language)


def test_titles_sources_assumptions_notes_and_days_are_in_the_text() -> None:
    rulebooks = load_rulebooks(shipped("rules"))
    for rulebook in rulebooks.values():
        for dated in dated_entries(rulebook):
            for language in LANGUAGES:
                text = rulebook_text(rulebook, dated.entry, dated.valid_to, language)
                assert str(dated.entry.valid_from.year) in text
                assert citation(dated.entry.source, language) in text
                assert all(a.why.in_(language) in text for a in dated.entry.assumptions.values())
                if not isinstance(dated.entry, Version):
                    continue
                assert not any(sign in text for sign in "{}[]_")
                assert dated.entry.note is None or dated.entry.note.in_(language) in text
                for rule in (*dated.entry.rules(), *dated.entry.limits):
                    assert rule.title.in_(language) in text
                    assert rule.source is None or citation(rule.source, language) in text
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

Du må oppfylle alle krava. Manglar ei opplysning som eit krav byggjer på, er det ikkje oppfylt.

- **Bachelorgrad på minst tre år.** Kravet er ein bachelorgrad på minst 180 studiepoeng.
- **Arbeid i barnevernet.** Kravet er at du arbeider i kommunalt, statleg eller privat barnevern.
- **Dokumentert relevant erfaring.** Kravet er at du har dokumentert relevant erfaring.

Står det ingenting i søknaden om dokumentert erfaring, blir det rekna som ja.

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


def test_one_of_a_thing_is_written_in_the_singular() -> None:
    for rulebook in load_rulebooks(shipped("rules")).values():
        for version in rulebook.versions:
            text = rulebook_text(rulebook, version, None, "en")
            assert re.search(r"\b1 \w+s\b", text) is None, version.id
