"""The catalogue itself: every kind has docs, cases and a use; every assumption can be varied."""

from __future__ import annotations

import inspect
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from admissions.model.errors import DataError, UsageError
from admissions.model.resources import shipped
from admissions.ranking.leader_rules import with_leader_rules
from admissions.rulebooks.catalogue import (
    all_assumptions,
    show_rules,
    show_scenario,
    shown_scenarios,
)
from admissions.rulebooks.rulebook import Rulebook, load_rulebooks
from admissions.rulebooks.scenario import resolve
from admissions.rulebooks.scenario_files import load_scenario, scenario_ids
from admissions.rules import base, registry
from admissions.rules.base import Rule
from admissions.rules.registry import build_rule
from admissions.rules.sum_of_points import SumOfPoints

TESTS = Path(__file__).parents[1]

OFFERED_FOR_OTHERS = {"minimum-share", "leader-order"}
"""Kinds that no shipped rulebook or scenario uses, for a rulebook of one's own."""

ONLY_IN_SCENARIOS = {"leader-first-choice", "leader-proportional", "leader-points"}


@pytest.fixture(scope="module")
def rulebooks() -> dict[str, Rulebook]:
    return load_rulebooks(shipped("rules"))


def _with_parts(rules: tuple[Rule, ...]) -> list[Rule]:
    parts = [part for rule in rules if isinstance(rule, SumOfPoints) for part in rule.parts]
    return [*rules, *parts]


def _all_rules() -> list[Rule]:
    found = [
        rule
        for rulebook in load_rulebooks(shipped("rules")).values()
        for version in rulebook.versions
        for rule in _with_parts(version.rules())
    ]
    for name in scenario_ids():
        resolved = resolve(load_scenario(name))
        for version in resolved.versions.values():
            found += _with_parts(with_leader_rules(version, resolved.scenario).rules())
    return found


@pytest.mark.parametrize("rule_class", registry.BUILT_IN, ids=lambda c: c.kind)
def test_every_kind_has_its_module_docs_and_cases(rule_class: type[Rule]) -> None:
    name = rule_class.kind
    assert rule_class.__module__ == f"admissions.rules.{name.replace('-', '_')}"
    module = inspect.getmodule(rule_class)
    assert module is not None
    assert module.__doc__
    doc = rule_class.__doc__ or ""
    assert "\n\n" in doc, "a summary and an example"
    for parameter in set(rule_class.model_fields) - set(Rule.model_fields):
        text = doc + "".join(n.__doc__ or "" for n in vars(module).values() if inspect.isclass(n))
        words = parameter.replace("_", " ")
        assert parameter in text or words in text or f"``{parameter}``" in text, parameter
    assert (TESTS / "cases" / f"{name}.toml").is_file()


def test_every_kind_is_used_or_offered_for_others() -> None:
    used = {rule.kind for rule in _all_rules()}
    built_in = {rule_class.kind for rule_class in registry.BUILT_IN}
    assert used | OFFERED_FOR_OTHERS == built_in
    assert not used & OFFERED_FOR_OTHERS


def test_every_case_file_is_a_kinds() -> None:
    found = {path.stem for path in (TESTS / "cases").glob("*.toml")}
    assert found == {rule_class.kind for rule_class in registry.BUILT_IN}


def test_every_module_of_rules_is_known() -> None:
    folder = Path(base.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")}
    kinds = {rule_class.kind.replace("-", "_") for rule_class in registry.BUILT_IN}
    assert modules - kinds == {
        "__init__",
        "base",
        "registry",
        "parameters",
        "experience",
        "proportion",
    }


def test_every_title_is_in_three_languages() -> None:
    for rule in _all_rules():
        assert len({rule.title.nb, rule.title.nn, rule.title.en}) >= 2, rule.id
        assert rule.title.en not in (rule.title.nb, rule.title.nn), rule.id


def test_every_source_names_the_report_or_a_page_with_its_year(
    rulebooks: dict[str, Rulebook],
) -> None:
    cited = re.compile(r"statusmåling 2, (§3|Table|chapter)|, [^,]+, .*(20\d\d|undated)")
    for name in rulebooks:
        for version in show_rules(rulebooks, name):
            assert cited.search(version.source), version.source
            for rule in version.rules:
                for shown in (rule, *rule.parts):
                    assert shown.source or shown.assumptions, shown.id
                    if shown.source:
                        assert cited.search(shown.source) or "UiT" in shown.source, shown.source


def test_every_assumption_says_why_and_its_range_holds_its_value(
    rulebooks: dict[str, Rulebook],
) -> None:
    entries = all_assumptions(rulebooks)
    assert len({(entry.where, entry.parameter) for entry in entries}) == len(entries)
    for entry in entries:
        words = {entry.why.nb, entry.why.nn, entry.why.en}
        assert len(words) == 3, entry
        assert all(text.endswith(".") for text in words), entry
        if entry.parameter != "rule":
            assert _plain(entry.value) in [_plain(value) for value in entry.range], entry


def test_every_value_in_a_range_is_one_that_the_rule_takes() -> None:
    varied = 0
    for rule in _all_rules():
        for parameter, assumption in rule.assumptions.items():
            for value in assumption.range if parameter != "rule" else ():
                changed = build_rule({**rule.table(), parameter: value})
                assert _plain(changed.model_dump()[parameter]) == _plain(value)
                varied += 1
    assert varied > 100


def test_the_assumptions_that_facts_ask_for_are_listed(rulebooks: dict[str, Rulebook]) -> None:
    listed = {(entry.where, entry.parameter) for entry in all_assumptions(rulebooks)}
    assert listed >= {
        ("hvl-barnets-beste-2019", "valid_from"),
        ("hvl-barnets-beste-2019: points", "rule"),
        ("hvl-barnets-beste-2022: grade", "rule"),
        ("hvl-barnets-beste-2022: recommendation", "rule"),
        ("ntnu-ledelse-2018", "rule"),
        ("ntnu-ledelse-2019: grade", "rule"),
        ("ntnu-ledelse-2019: leader-priority", "rule"),
        ("oslomet-juss-2019: points.experience", "points_per_year"),
        ("oslomet-juss-2019: points.education", "points"),
        ("oslomet-barnets-beste-2023: recommendation", "rule"),
        ("uis-juss-2019: experience-two-years", "years"),
        ("uit-veiledning-2019: documented-experience", "rule"),
        ("uit-veiledning-2019: no-leader-responsibility", "positions"),
        ("uit-veiledning-2019: regions", "seats"),
        ("uit-veiledning-2025: grade", "rule"),
        ("vid-minoritet-not-offered", "valid_from"),
        ("vid-relasjon-2019: experience", "points_per_year"),
        ("current-2019", "call_rounds"),
        ("current-2019", "leader_points"),
        ("relasjon-as-sum: points.grade", "factor"),
    }


def test_rules_are_shown_by_offering_and_by_version(rulebooks: dict[str, Rulebook]) -> None:
    entries = show_rules(rulebooks, "vid-minoritet")
    assert [(e.id, e.offered, str(e.valid_from), str(e.valid_to)) for e in entries] == [
        ("vid-minoritet-not-offered", False, "2018-08-01", "2018-12-31"),
        ("vid-minoritet-2019", True, "2019-01-01", "2023-12-31"),
        ("vid-minoritet-2024", True, "2024-01-01", "None"),
    ]
    (uit,) = show_rules(rulebooks, "uit-veiledning-2019")
    assert [rule.id for rule in uit.rules][-2:] == ["lottery", "regions"]
    (hvl,) = show_rules(rulebooks, "hvl-barnets-beste-2019")
    points = next(rule for rule in hvl.rules if rule.id == "points")
    assert points.meaning.startswith("The sum of ``parts``")
    assert [(part.id, part.place) for part in points.parts] == [
        ("grade", "parts"),
        ("education", "parts"),
    ]
    assert points.parts[1].parameters["maximum"] == 4
    with pytest.raises(UsageError, match=r"called 'uis'\. Maybe one of .*uis-juss"):
        show_rules(rulebooks, "uis")


def test_scenarios_are_shown_with_their_own_changes() -> None:
    shown = {scenario.id: scenario for scenario in shown_scenarios()}
    assert list(shown) == scenario_ids()
    assert shown["current-2019"].extends is None
    assert shown["no-service-limit"].extends == "coordinated-2019"
    assert [change.remove for change in shown["no-service-limit"].changes] == ["service-limit"]
    with pytest.raises(DataError, match="there is no scenario 'nowhere'"):
        show_scenario("nowhere")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
