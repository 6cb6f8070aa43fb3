"""Two rankers: the plain reading of every kind, and of whole rounds, against the vectorised one."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from admissions.intake import read_round
from admissions.model.facts import Facts
from admissions.model.resources import offering_ids, shipped
from admissions.model.round import Round
from admissions.ranking.tables import rank_round
from admissions.rulebooks.scenario import ResolvedScenario, resolve
from admissions.rulebooks.scenario_files import load_scenario, scenario_ids
from admissions.rules.base import Criterion, Rule
from admissions.rules.registry import BUILT_IN, build_rule
from admissions.verification.plain import plain_tables, read_rows
from admissions.verification.plain.reading import cells, is_met, is_read
from tests.acceptance.command import write_round
from tests.acceptance.random_rounds import OFFERINGS, make
from tests.rules import made_facts
from tests.verification.plain_rows import plain_rows

CASES = Path(__file__).parents[1] / "cases"
TITLE = {"nb": "x", "nn": "x", "en": "x"}
ROWS = 10_000


def tables() -> list[dict[str, Any]]:
    return [
        tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        for path in sorted(CASES.glob("*.toml"))
    ]


def built(kind: str, parameters: Mapping[str, Any]) -> Rule:
    return build_rule({"id": "x", "kind": kind, "title": TITLE, "source": "x", **parameters})


def cases() -> list[Any]:
    return [
        pytest.param(
            built(table["kind"], {**table.get("rule", {}), **case.get("rule", {})}), case,
            id=f"{table['kind']}: {case['says']}",
        )
        for table in tables()
        for case in table["cases"]
    ]  # fmt: skip


@pytest.mark.parametrize(("rule", "case"), cases())
def test_every_case_of_a_kind_holds_when_it_is_read_plainly(
    rule: Rule, case: dict[str, Any]
) -> None:
    rows = plain_rows(case["facts"], case.get("year", 2019))
    assert cells(rule, rows) == case["cells"]
    if "qualifies" in case:
        assert [is_met(rule, row) for row in rows] == case["qualifies"]


def test_every_kind_of_the_program_is_read_plainly() -> None:
    assert {table["kind"] for table in tables()} == {kind.kind for kind in BUILT_IN}
    assert all(is_read(rule) for kind in BUILT_IN for rule in rules_of(kind.kind))


@cache
def rules_of(kind: str) -> list[Rule]:
    """The rules of the kind's cases, and with each parameter varied as they vary it."""
    table = next(one for one in tables() if one["kind"] == kind)
    base: dict[str, Any] = table.get("rule") or next(
        (c["rule"] for c in table["cases"] if "rule" in c), {}
    )
    stated = [base, *({**base, **case["rule"]} for case in table["cases"] if "rule" in case)]
    for name, values in table.get("varied", {}).items():
        stated += [{**base, name: value} for value in values]
    return [built(kind, one) for one in stated]


STATED: Mapping[str, tuple[Any, ...]] = {  # on, next to and far from every threshold
    "sector": ("municipal", "municipal", "state", "private", "none"),
    "position": ("staff", "team-leader", "professional-lead", "deputy-leader", "leader"),
    "master": ("none", "relevant", "other"),
    "gender": ("female", "female", "male", "other", None),
    "bachelor_ects": (None, 179, 179.99, 180, 180.01, 240),
    "bachelor_grade": (None, 1, 2.5, 2.94, 2.95, 3.44, 3.45, 4.49, 4.5, 5),
    "bachelor_passed": (False, False, True),
    "post_percent": (0, 49, 49.99, 50, 100),
    "experience_municipal": (0, 0.01, 0.99, 1, 1.99, 2, 2.99, 3, 3.01, 4.7, 10, 31),
    "experience_state": (0, 0, 0.01, 1, 2.5),
    "experience_private": (0, 0, 0.99, 1.01, 7),
    "education_ects": (0, 14.99, 15, 29.99, 30, 60, 119, 120, 300),
    "relevant_education_ects": (0, 15, 29, 30, 59.99, 60, 240),
    "further_education_count": (0, 1, 2, 3, 9),
    "competence_courses": (0, 1, 2, 5),
    "employees": (None, 0, 0.5, 29.99, 30, 90, 150),
    "need": (None, 0, 0.95, 1.2),
    "municipality_employees": (None, 0, 29.99, 30, 90, 150),
    "centrality": (None, 1, 4, 5, 6),
    "birth_date": (None, 19800517, 19800518, 19991231),
    "recommendation_date": (None, 20181231, 20190101, 20191231, 20200101),
    "service": (None, 0, 1, 2),
    "municipality": (None, 0, 1, 2),
    "leader_rank": (None, 1, 2, 3, 4, 5),
    "lottery_place": (1, 2, 3, 10_000),
    "index": (0, 1, 2, 3, 17),
}  # fmt: skip
FLAGS = (
    "personnel_responsibility", "leader_tasks", "supervisor_responsibility", "qualified",
    "experience_documented", "workplace_agreement", "employer_recommended",
)  # fmt: skip


def facts_of(stated: list[dict[str, Any]], year: int = 2019) -> Facts:
    """What nobody states is left out, as ``made_facts`` wants it."""
    known = [{name: value for name, value in row.items() if value is not None} for row in stated]
    decimal = [
        {n: Decimal(str(v)) if isinstance(v, float) else v for n, v in row.items()} for row in known
    ]
    return made_facts.facts(decimal, year)


@pytest.fixture(scope="module")
def many() -> list[dict[str, Any]]:
    draw = random.Random(20190801)
    return [
        {name: draw.choice(values) for name, values in STATED.items()}
        | {name: draw.random() < 0.6 for name in FLAGS}
        for _ in range(ROWS)
    ]


@pytest.fixture(scope="module")
def both(many: list[dict[str, Any]]) -> tuple[Facts, list[dict[str, Any]]]:
    return facts_of(many), plain_rows(many)


@pytest.mark.parametrize("kind", [kind.kind for kind in BUILT_IN])
def test_ten_thousand_rows_of_a_kind_agree(
    kind: str, both: tuple[Facts, list[dict[str, Any]]]
) -> None:
    for rule in rules_of(kind):
        agree(rule, *both)


def agree(rule: Rule, facts: Facts, rows: list[dict[str, Any]]) -> None:
    assert cells(rule, rows) == rule.column(facts).tolist(), rule
    if isinstance(rule, Criterion):
        assert [is_met(rule, row) for row in rows] == rule.qualifies(facts).tolist(), rule


@given(
    st.sampled_from([kind.kind for kind in BUILT_IN]).flatmap(
        lambda kind: st.sampled_from(rules_of(kind))
    ),
    st.lists(
        st.fixed_dictionaries(
            {name: st.sampled_from(values) for name, values in STATED.items()}
            | {name: st.booleans() for name in FLAGS}
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(2018, 2020),
)
@settings(deadline=None, max_examples=300)
def test_any_few_rows_of_a_kind_agree(rule: Rule, stated: list[dict[str, Any]], year: int) -> None:
    agree(rule, facts_of(stated, year), plain_rows(stated, year))


def same_tables(round_: Round, resolved: ResolvedScenario) -> None:
    plain = plain_tables(read_rows(round_), round_, resolved)
    for offering, table in rank_round(round_, resolved).items():
        one = plain[offering]
        assert one.columns == table.columns, offering
        assert [list(row) for row in one.cells] == table.cells.tolist(), offering
        assert list(one.rank) == table.rank.tolist(), offering
        assert list(one.tier) == table.tier.tolist(), offering
        assert [row["application"] for row in one.rows] == table.application.tolist()
        assert [row["qualified"] for row in one.rows] == table.qualified.tolist(), offering


@pytest.mark.parametrize("scenario", scenario_ids())
def test_the_shipped_round_is_ranked_alike_by_both(scenario: str) -> None:
    round_ = read_round(shipped("scenarios") / "rounds" / "2019", offerings=offering_ids())
    same_tables(round_, resolve(load_scenario(scenario), round_rules_on=round_.settings.rules_on))


@pytest.mark.parametrize("seed", range(30))
def test_random_rounds_are_ranked_alike_by_both(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    made = make(draw, 40, OFFERINGS)
    texts = {
        **made.tables,
        "leader_preferences.csv": with_own_lists(draw, made.tables),
        "applications.csv": with_assessments(draw, made.tables),
    }
    write_round(tmp_path / "round", texts)
    (tmp_path / "scenario.toml").write_text(made.scenario, encoding="utf-8")
    round_ = read_round(tmp_path / "round", offerings=offering_ids())
    same_tables(round_, resolve(load_scenario(str(tmp_path / "scenario.toml"))))


ASSESSED: Mapping[str, tuple[str, ...]] = {
    "bachelor_grade": ("", "", "3.449", "4.1", "passed"),
    "experience_municipal": ("", "", "1.996", "7"),
    "leader_tasks": ("", "yes", "no"),
    "region": ("", "", "oslo", "tromso"),
}


def with_assessments(draw: random.Random, tables: Mapping[str, str]) -> str:
    """The applications, some with facts as the office of that offering assessed them."""
    header, *rows = tables["applications.csv"].splitlines()
    cells = ([row, *(draw.choice(values) for values in ASSESSED.values())] for row in rows)
    return "\n".join([",".join([header, *ASSESSED]), *map(",".join, cells)]) + "\n"


def with_own_lists(draw: random.Random, tables: Mapping[str, str]) -> str:
    """Some leaders' lists for any offering, and beside them turned round for one."""
    header, *rows = tables["leader_preferences.csv"].splitlines()
    lists: dict[str, list[str]] = {}
    for row in rows:
        service, _, person, _ = row.split(",")
        lists.setdefault(service, []).append(person)
    for service, people in lists.items():
        if draw.random() < 0.5:
            offering = draw.choice(OFFERINGS)
            turned = enumerate(reversed(people), start=1)
            rows += [f"{service},{offering},{person},{rank}" for rank, person in turned]
    return "\n".join([header, *rows]) + "\n"
