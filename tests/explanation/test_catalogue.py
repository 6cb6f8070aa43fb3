"""Every reason, fact, value and kind of rule has words in every language."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

import pytest

from admissions.explanation import phrases
from admissions.explanation.alterations import CHANGEABLE
from admissions.explanation.decisions import Reason
from admissions.explanation.fact_words import value_words
from admissions.model.choices import CHOICES
from admissions.model.facts_described import FACTS
from admissions.model.resources import shipped
from admissions.model.speech import gaps
from admissions.model.vocabulary import LANGUAGES, VOCABULARIES, Language
from admissions.model.wording import Wording
from admissions.ranking.facts_of_round import offering_facts, person_facts
from admissions.rulebooks.limits import BaseLimit, limit_kinds
from admissions.rulebooks.rulebook import load_rulebooks
from admissions.rules.base import Rule
from admissions.rules.registry import BUILT_IN

from .rounds import application, make_round, person, run_of


def test_every_reason_code_has_a_sentence() -> None:
    assert set(phrases.REASONS) == set(Reason)


def test_every_kind_of_limit_says_what_it_bounds() -> None:
    for limit in limit_kinds():
        words = limit.kind_words()
        assert {"name", "amount", "sentence", "in-the-way"} <= set(words), limit
        assert gaps(words["in-the-way"].en) <= {"limit", "seats", "region"}


def test_every_fact_has_a_name() -> None:
    run = run_of(make_round([person("A")], [application("A", "group")]), {"group": 1})
    _, facts = offering_facts(run.round, run.scenario, person_facts(run.round))["group"]
    derived = {"leader_rank", "index"}
    assert all(name in facts for name in set(FACTS) - derived - {"qualified"})
    companions = {name for fact in FACTS.values() for name in fact.companions}
    assert set(run.rankings["group"].facts._columns) <= set(FACTS) | companions


def test_every_value_of_every_closed_list_has_a_name() -> None:
    values = {name: tuple(c.value for c in choices) for name, choices in CHOICES.items()}
    beside = {"grade_scale": ("a-e", "old"), "language": ("nb", "nn", "en")}
    assert values == {**VOCABULARIES, **beside}


def test_every_kind_of_rule_says_what_it_means() -> None:
    kinds: tuple[type[Rule | BaseLimit], ...] = (*BUILT_IN, *limit_kinds())
    for kind in kinds:
        words, own = kind.kind_words(), set(kind.model_fields) - set(Rule.model_fields)
        assert {"name", "sentence"} <= set(words)
        named = {key.partition(".")[0] for key in words if "." in key}
        assert named <= own, "words for values of no parameter"


def _wordings() -> list[Wording]:
    tables: list[Mapping[Any, Wording]] = [
        phrases.REASONS,
        phrases.HEADINGS,
        phrases.HEAD,
        phrases.TOGETHER,
    ]
    found = [wording for table in tables for wording in table.values()]
    found += [choice.words for choices in CHOICES.values() for choice in choices]
    found += [words for fact in FACTS.values() for words in (fact.title, fact.phrase, fact.own)]
    return found + [value for value in vars(phrases).values() if isinstance(value, Wording)]


@pytest.mark.parametrize("wording", _wordings())
def test_the_languages_say_the_same_things_in_their_own_words(wording: Wording) -> None:
    fields = [
        sorted({field or "" for _, field, _, _ in Formatter().parse(text) if field is not None})
        for text in (wording.nb, wording.nn, wording.en)
    ]
    assert fields[0] == fields[1] == fields[2]
    bokmal_only = (" ikke ", " fra ", "søker", "tilbud", " hvis ", " jeg ", "plassene")
    assert not any(word in f" {wording.nn.lower()} " for word in bokmal_only)
    nynorsk_only = (" ikkje ", " frå ", "søkjar", "tilbod", " blei ", " kva ", "plassane")
    assert not any(word in f" {wording.nb.lower()} " for word in nynorsk_only)


def _shipped_rules() -> list[Rule]:
    rules: list[Rule] = []
    for rulebook in load_rulebooks(shipped("rules")).values():
        for version in rulebook.versions:
            for rule in version.rules():
                rules += rule.with_summands()
    return rules


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_rule_is_told_with_its_thresholds(language: Language) -> None:
    for rule in _shipped_rules():
        said = rule.sentence_in(language)
        assert said.endswith(".")
        assert not any(sign in said for sign in "{}_()[]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_are_told_with_their_units(language: Language) -> None:
    assert value_words("experience_state", 150, "nb") == "1,5 år"
    assert value_words("experience_state", 100, "en") == "1 year"
    assert value_words("bachelor_grade", 405, "nn") == "4,05"
    assert value_words("bachelor_grade", 405, "en") == "4.05"
    assert value_words("bachelor_grade", "4.449", "nb") == "4,449"
    assert value_words("bachelor_grade", "passed", "nn") == "berre «bestått»"
    assert value_words("birth_date", 1980_05_17, "nb") == "17. mai 1980"
    assert value_words("index", 0, "en") == "1"
    for fact in FACTS:
        assert value_words(fact, None, language)


def test_age_gender_the_draw_and_identities_are_never_proposed() -> None:
    never = {
        "birth_date", "gender", "lottery_place", "service", "municipality", "preference",
        "leader_rank", "index", "employees", "need", "centrality", "municipality_employees",
        "qualified",
    }  # fmt: skip
    assert set(CHANGEABLE).isdisjoint(never)
    assert set(CHANGEABLE) | never == set(FACTS)
