"""`import admissions`: what a notebook does, and that it is what the commands do."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import admissions as ad
from admissions.model.errors import DataError, NotProvenError, UsageError
from admissions.rulebooks.scenario import resolve
from tests.acceptance.command import files_of, run
from tests.results.seal import ROUND


@pytest.fixture(scope="module")
def plan() -> ad.Allocation:
    return ad.allocate(ROUND, "coordinated-2019")


def test_every_name_is_there_documented_and_listed() -> None:
    for name in ad.__all__:
        assert inspect.getdoc(getattr(ad, name)), name
        assert name in dir(ad)
    with pytest.raises(AttributeError, match="no attribute 'ranks'"):
        ad.ranks  # noqa: B018 - asking is the test


def test_importing_it_loads_no_library() -> None:
    code = (
        "import sys, admissions; print(sorted({'pandas', 'numpy', 'pydantic'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_contracts_example_works(plan: ad.Allocation) -> None:
    round_ = ad.read_round(str(ROUND))
    wider = ad.scenario("coordinated-2019").changed("uis-juss", "service-limit", maximum=3)
    other = ad.allocate(round_, wider)
    assert isinstance(other.decisions, pd.DataFrame)
    assert isinstance(other.summary, pd.DataFrame)
    person = other.decisions["person_id"].iloc[0]
    letters = other.explain(person, language="nn")
    assert "Vedtak" in letters[0].text
    assert other.verify().holds
    assert plan.run.scenario.versions["uis-juss"] != other.run.scenario.versions["uis-juss"]


def test_an_allocation_says_what_its_folder_says(plan: ad.Allocation, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("allocate", ROUND, "--scenario", "coordinated-2019", "--out", out).code == 0
    files = files_of(out)
    assert dict(plan.files("nb")) == files
    plan.write(tmp_path / "again")
    assert files_of(tmp_path / "again") == files
    written = pd.read_csv(out / "decisions.csv", dtype=str, keep_default_na=False)
    assert len(plan.decisions) == len(written)
    for name in plan.decisions:
        own = plan.decisions[name].astype("string").fillna("")
        assert own.tolist() == written[name].tolist(), name
    offered = written[written["outcome"] == "offered"]
    assert plan.held["person_id"].tolist() == offered["person_id"].tolist()
    counted = json.loads(files["summary.json"])["offerings"]
    for row in plan.summary.to_dict("records"):
        of = counted[row["offering_id"]]
        assert row["offered"] == of["offered"]["total"]
        assert row["offered_municipal"] == of["offered"]["municipal"]
        assert row["seats"] == of["seats"]


def test_sorting_a_ranking_by_its_rules_gives_its_ranks(plan: ad.Allocation) -> None:
    for table in plan.rankings.values():
        ranked = table[table["qualified"] == "yes"]
        rules = list(table.columns[4:])
        again = ranked.sort_values(rules, ascending=False)
        assert again["rank"].tolist() == list(range(1, len(ranked) + 1))


def test_it_shows_itself_shortly_and_as_a_table_in_a_notebook(plan: ad.Allocation) -> None:
    offers = len(plan.held)
    people = plan.decisions["person_id"].nunique()
    assert repr(plan) == (
        f"<Allocation coordinated-2019: {offers} offers to {people} people at 8 offerings>"
    )
    page = plan._repr_html_()
    assert "<table" in page
    assert "uis-juss" in page
    assert "everything promised holds" in repr(plan.verify())


def test_ranking_alone_gives_the_tables_of_the_allocation(plan: ad.Allocation) -> None:
    found = ad.rank(ROUND, "coordinated-2019")
    assert list(found.tables) == list(plan.rankings)
    for offering, table in found.tables.items():
        pd.testing.assert_frame_equal(table, plan.rankings[offering])
    assert dict(found.files()) == {
        name: data for name, data in plan.files().items() if name.startswith("rankings/")
    }
    assert list(ad.rank(ROUND, "coordinated-2019", offering="uis-juss").tables) == ["uis-juss"]
    assert repr(found).startswith("<Rankings of hvl-barnets-beste, ")
    with pytest.raises(UsageError, match=r"'uis' is not in the round; expected one of: .*uis-juss"):
        ad.rank(ROUND, "coordinated-2019", offering="uis")


def test_no_proof_is_told_after_what_was_checked(plan: ad.Allocation) -> None:
    """In no time nothing is proven: the properties stand, and asking for it all is refused."""
    found = ad.verify(plan, ROUND, allocating=True, seconds=0.001)
    assert found.holds
    assert found.unproven is not None
    with pytest.raises(NotProvenError):
        found.refuse()


def test_letters_are_those_of_the_folder(plan: ad.Allocation, tmp_path: Path) -> None:
    person = plan.decisions["person_id"].iloc[0]
    plan.write(tmp_path / "out", "nn")
    of_folder = ad.explain(str(tmp_path / "out"), person, language="nn")
    assert [str(one) for one in of_folder] == [str(one) for one in plan.explain(person, "nn")]
    assert [str(one) for one in ad.explain(plan, person, "nn")] == [str(one) for one in of_folder]
    assert plan.letter(person, "nn") == "\n\n".join(one.text for one in of_folder)
    with pytest.raises(UsageError, match="nobody"):
        plan.explain("nobody")


def test_a_forged_seat_does_not_verify(plan: ad.Allocation) -> None:
    files = dict(plan.files())
    assert ad.verify(files, ROUND).holds
    assert ad.verify(files).holds
    files["decisions.csv"] = files["decisions.csv"].replace(b",offered,", b",lapsed,", 1)
    found = ad.verify(files, ROUND)
    assert not found.holds
    assert "P12" in repr(found)
    assert found.table.set_index("property")["holds"]["P12"] == False  # noqa: E712 - or missing


def test_another_seed_draws_another_lottery(plan: ad.Allocation) -> None:
    other = ad.allocate(ROUND, "coordinated-2019", seed=1)
    assert other.run.scenario.scenario.seed == 1
    before, after = (one.rankings["uis-juss"].set_index("person_id") for one in (plan, other))
    assert before["lottery"].to_dict() != after["lottery"].to_dict()


@pytest.mark.parametrize(("given", "hundredths"), [(0.1, 10), (1.15, 115), (2.3, 230), (0.29, 29)])
def test_a_float_counts_as_the_decimal_that_is_written(given: float, hundredths: int) -> None:
    """100 * 0.29 is a little less than 29, and 1.15 as a binary fraction less than 1.15."""
    scenario = ad.scenario("coordinated-2019").changed(
        "uis-juss", "experience-two-years", years=given
    )
    assert scenario.changes[-1].set == {"years": Decimal(str(given))}
    rule = resolve(scenario).versions["uis-juss"].rule("experience-two-years")
    assert rule.parameters()["years"] in (hundredths, Decimal(hundredths) / 100)


def test_a_changed_scenario_has_an_id_that_says_so_and_leaves_its_base_alone() -> None:
    base = ad.scenario("coordinated-2019")
    once = base.changed("uis-juss", "service-limit", maximum=3)
    twice = once.changed(["uis-juss", "oslomet-juss"], "bachelor", minimum_ects=170)
    assert once.id == "coordinated-2019-uis-juss-service-limit-maximum-3"
    assert len(twice.changes) == len(base.changes) + 2
    assert base == ad.scenario("coordinated-2019")
    assert twice.id != once.id


@pytest.mark.parametrize(
    ("offering", "rule", "values", "said"),
    [
        ("uis-jus", "service-limit", {"maximum": 3}, "uis-jus"),
        ("uis-juss", "service-limits", {"maximum": 3}, "service-limits"),
        ("uis-juss", "service-limit", {"most": 3}, "most"),
        ("uis-juss", "service-limit", {"maximum": 2}, "changes nothing"),
        ("uis-juss", "service-limit", {"maximum": -1}, "maximum"),
    ],
)
def test_a_change_of_nothing_or_to_nonsense_is_refused(
    offering: str, rule: str, values: dict[str, int], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        ad.scenario("coordinated-2019").changed(offering, rule, **values)


def test_settings_change_only_to_what_a_scenario_may_be() -> None:
    base = ad.scenario("coordinated-2019")
    assert base.with_settings(seed=5, seats={"uis-juss": 4}).seats == {"uis-juss": 4}
    assert base.with_settings(leader_points=[2.5, 1]).leader_points == (250, 100)
    assert base.with_settings(seed=5).leader_points == base.leader_points
    for wrong in ({"seed": -1}, {"seats": {"uis-juss": -1}}, {"mechanism": "luck"}, {"sede": 5}):
        with pytest.raises(DataError):
            base.with_settings(**wrong)


def test_a_scenario_can_be_a_table() -> None:
    table = {"id": "mine", "extends": "current-2019", "mechanism": "coordinated", "seed": 7,
             "seats": {"uis-juss": 2}}  # fmt: skip
    plan = ad.allocate(ROUND, ad.scenario(table))
    assert plan.summary.set_index("offering_id")["offers"]["uis-juss"] == 2
    with pytest.raises(DataError, match="coordinated-2019"):
        ad.scenario({"id": "coordinated-2019", "extends": "current-2019", "seed": 3})


def test_a_comparison_gives_the_tables_of_its_folder(tmp_path: Path) -> None:
    found = ad.compare(ROUND, ["current-2019", "coordinated-2019"])
    two = ("--scenario", "current-2019", "--scenario", "coordinated-2019")
    assert run("compare", ROUND, *two, "--out", tmp_path / "out").code == 0
    assert dict(found.files("nb")) == files_of(tmp_path / "out")
    seats = found.tables["by-offering"].set_index("offering")["current-2019:seats"]
    assert seats["total"] == len(found.allocations["current-2019"].held)
    assert len(found.persons) == found.compared.base.run.problem.persons
    assert repr(found) == "<ScenarioComparison of current-2019 with coordinated-2019>"


def test_a_simulation_gives_means_of_its_draws_and_the_files_of_its_folder(tmp_path: Path) -> None:
    names = ["current-2019", "harmonised-2023"]
    drawn = ad.simulate(names, draws=3, seed=4)
    words = [word for name in names for word in ("--scenario", name)]
    ran = run("simulate", *words, "--draws", 3, "--seed", 4, "--out", tmp_path / "out")
    assert ran.code == 0, ran.said
    assert dict(drawn.files("nb")) == files_of(tmp_path / "out")
    key = ["scenario", "measure", "offering", "group"]
    means = drawn.draws.groupby(key, observed=True)["value"].mean().round(2)
    for row in drawn.measures.query("measure == 'met'").to_dict("records"):
        assert means[tuple(row[name] for name in key)] == pytest.approx(row["mean"], abs=0.01)
    assert set(drawn.draws["draw"]) == {1, 2, 3}
    assert {"harmonised-2023"} <= set(drawn.differences["scenario"])
    assert "current-2019" not in set(drawn.differences["scenario"])


def test_what_assumptions_move_has_the_files_of_its_folder(tmp_path: Path) -> None:
    found = ad.sensitivity("current-2019", draws=1, seed=1, round_=ROUND)
    asked = ("--scenario", "current-2019", "--draws", 1, "--seed", 1, "--round", ROUND)
    ran = run("sensitivity", *asked, "--out", tmp_path / "out")
    assert ran.code == 0, ran.said
    assert dict(found.files("nb")) == files_of(tmp_path / "out")
    assert {"difference", "se", "p95"} <= set(found.effects)
    assert set(found.assumptions["varied"]) == {"yes", "no"}


def test_the_rulebooks_are_those_of_the_eight_offerings() -> None:
    books = ad.rulebooks()
    assert len(books) == 8
    assert books["uis-juss"].site == "Universitetet i Stavanger"


def test_nonsense_is_refused_with_a_message_and_no_fault(
    plan: ad.Allocation, tmp_path: Path
) -> None:
    french: Any = "fr"
    refused = (
        lambda: ad.read_round(tmp_path / "nowhere"),
        lambda: ad.compare(ROUND, ["current-2019"]),
        lambda: ad.simulate(["current-2019"], draws=0, seed=1),
        lambda: ad.simulate(["current-2019"], draws=1, seed=1, workers=0),
        lambda: ad.sensitivity("current-2019", draws=0, seed=1),
        lambda: ad.frontier(ROUND, "current-2019"),
        lambda: ad.verify(ROUND),
        lambda: ad.allocate(ROUND, "current-2019", solver="cp-sat"),
        lambda: plan.letter(plan.decisions["person_id"].iloc[0], french),
        lambda: plan.files(french),
        lambda: plan.write(tmp_path / "out", french),
        lambda: plan.write(tmp_path),
    )
    for ask in refused:
        with pytest.raises(UsageError):
            ask()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DataError, match="seed"):
        ad.allocate(ROUND, "coordinated-2019", seed=-1)


def test_what_is_of_another_kind_is_named_with_what_was_expected(plan: ad.Allocation) -> None:
    """A notebook has no types checked: what stands in the wrong place is told, not a traceback."""
    swapped: Any = ad.scenario("current-2019")
    number: Any = 185
    broken: Any = 1.5
    asked: tuple[tuple[Any, str], ...] = (
        (lambda: ad.read_round(number), "int is no round"),
        (lambda: ad.allocate(swapped, ROUND), "Scenario is no round.*round goes first"),
        (lambda: ad.verify(number), "int is no result"),
        (lambda: ad.explain(number, "P0185"), "int is no result"),
        (lambda: ad.explain(plan, number), "185 is no person's id; expected text"),
        (lambda: ad.compare(ROUND, "current-2019"), "expected a list of scenarios.*brackets"),
        (lambda: ad.compare(ROUND, swapped), "expected a list of scenarios"),
        (lambda: ad.simulate("current-2019", draws=1, seed=1), "expected a list of scenarios"),
        (lambda: ad.simulate(["current-2019"], draws=broken, seed=1), "draws is 1.5 and workers 1"),
    )  # fmt: skip
    for ask, said in asked:
        with pytest.raises(UsageError, match=said):
            ask()


def test_an_allocation_is_verified_as_it_is_explained(plan: ad.Allocation) -> None:
    assert ad.verify(plan).holds
    assert ad.verify(plan, ROUND, allocating=True).best_plan_is_shown
