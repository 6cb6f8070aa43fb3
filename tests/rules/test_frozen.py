"""What is frozen cannot be changed, and settings change only where they still hang together."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from admissions.model.errors import DataError
from admissions.ranking.leader_rules import with_leader_rules
from admissions.rulebooks.rulebook import Version
from admissions.rulebooks.scenario import Scenario, resolve
from admissions.rulebooks.scenario_files import load_scenario
from admissions.rules.base import RESERVED_IDS
from admissions.rules.registry import build_rule

TITLE = {"nb": "x", "nn": "x", "en": "x"}
LOTTERY = {"kind": "lottery", "id": "lottery", "title": TITLE, "source": "S"}


def scenario(**values: Any) -> Scenario:
    stated = {"id": "s", "mechanism": "coordinated", "seed": 1, "seats": {"o": 3}}
    return Scenario.model_validate({**stated, **values})


def version(*criteria: dict[str, Any], **lists: Any) -> Version:
    stated = {"id": "v", "valid_from": "2019-01-01", "source": "S", "requirements": []}
    return Version.model_validate(
        {**stated, "criteria": list(criteria), "ties": [LOTTERY], **lists}
    )


def test_a_frozen_objects_mappings_are_frozen_too() -> None:
    why = {"why": TITLE, "range": [1, 2]}
    one = scenario(
        offers={"o": 4},
        assumptions={"seed": why},
        changes=[{"offerings": "all", "rule": "grade", "set": {"values": [1, [2]]}}],
    )
    held = version(
        limits=[{"kind": "region-maximum", "id": "m", "title": TITLE, "seats": {"oslo": 1}}]
    )
    rule = build_rule({**LOTTERY, "source": None, "assumptions": {"rule": why}})
    changed = one.changes[0].set
    assert changed is not None
    assert changed["values"] == (1, (2,))
    frozen: tuple[Any, ...] = (
        one.seats, one.offers, one.assumptions, changed, rule.assumptions,
        held.limits[0].parameters()["seats"], held.assumptions,
    )  # fmt: skip
    for mapping in frozen:
        before = dict(mapping)
        with pytest.raises(TypeError, match="frozen"):
            mapping["o"] = 100
        with pytest.raises(TypeError, match="frozen"):
            mapping.clear()
        with pytest.raises(TypeError, match="frozen"):
            mapping |= {"o": 100}
        assert mapping == before
    assert pickle.loads(pickle.dumps(one)) == one


def test_other_settings_are_validated_and_leave_the_scenario_as_it_was() -> None:
    one = scenario(leader="points", leader_points=["3.5", 2])
    other = one.with_settings(seed=2)
    assert (one.seed, other.seed) == (1, 2)
    assert other.leader_points == (350, 200)
    assert other.with_settings(seed=1) == one
    with pytest.raises(DataError, match="mechanism"):
        one.with_settings(mechanism="by-hand")
    with pytest.raises(DataError, match="objectives need a solver"):
        one.with_settings(
            mechanism="independent", objectives=("blocking-pairs", "preferences", "tie")
        )
    with pytest.raises(DataError, match="no such key"):
        one.with_settings(sead=2)


def test_shipped_scenarios_are_the_same_after_a_change_back() -> None:
    for name in ("coordinated-2019", "leader-points", "spread-proportional"):
        one = load_scenario(name)
        assert one.with_settings(seed=one.seed) == one
        assert resolve(one.with_settings(seed=7)).versions == resolve(one).versions


@pytest.mark.parametrize("name", RESERVED_IDS)
def test_a_rule_cannot_be_called_as_a_tables_own_column(name: str) -> None:
    with pytest.raises(DataError, match="columns of its own called rank, slot"):
        build_rule({**LOTTERY, "id": name})


def test_a_rule_with_a_leader_columns_id_is_refused_where_leaders_have_points() -> None:
    taken = {"kind": "courses", "id": "leader-points", "title": TITLE, "source": "S", "minimum": 1}
    plain = version(taken)
    assert with_leader_rules(plain, scenario()) is plain
    with pytest.raises(DataError, match=r"leader = 'points' adds columns to the rules v .*called"):
        with_leader_rules(plain, scenario(leader="points"))
    for name in ("leader-first-choice", "leader-proportional"):
        with pytest.raises(DataError, match="employer-first"):
            with_leader_rules(version({**taken, "id": name}), scenario(leader="employer-first"))
