"""Scenarios: what the shipped ones mean, what is refused, and that the base stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.model.errors import DataError
from admissions.model.resources import shipped
from admissions.rulebooks.catalogue import show_scenario
from admissions.rulebooks.rulebook import load_rulebooks
from admissions.rulebooks.scenario import ResolvedScenario, resolve
from admissions.rulebooks.scenario_files import (
    load_scenario,
    read_scenario_file,
    rules_tomls,
    scenario_ids,
    scenario_toml,
)
from admissions.rules.sum_of_points import SumOfPoints

SHIPPED = [
    "coordinated-2019", "current-2019", "harmonised-2023", "harmonised-points",
    "leader-employer-first", "leader-points", "leader-tie-break", "leader-within-service",
    "least-education-first", "no-service-limit", "relasjon-as-sum", "seats-2020",
    "serial-2019",
    "spread-breadth", "spread-need", "spread-proportional", "ties-accept-all", "ties-reject-all",
    "uit-own-list",
    "year-by-risk", "year-choose", "year-one-call", "year-over-offers", "year-replace",
    "year-three-weeks",
]  # fmt: skip


def _resolved(name: str) -> ResolvedScenario:
    return resolve(load_scenario(name))


def _criteria(name: str, offering: str) -> list[str]:
    return [rule.id for rule in _resolved(name).versions[offering].criteria]


def test_the_shipped_ones_are_those_of_the_design() -> None:
    assert scenario_ids() == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_each_says_what_it_is_and_why(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.id == name
    assert scenario.title is not None
    assert scenario.why is not None
    assert scenario.sources
    assert len({scenario.why.nb, scenario.why.nn, scenario.why.en}) == 3
    assert len(_resolved(name).versions) == 8


@pytest.mark.parametrize("name", SHIPPED)
def test_only_two_are_not_coordinated(name: str) -> None:
    scenario = load_scenario(name)
    others = {"current-2019": "independent", "serial-2019": "serial"}
    expected = others.get(name, "coordinated")
    assert scenario.mechanism == expected
    assert str(scenario.rules_on) == "2019-08-01"
    assert scenario.seed == 2019


@pytest.mark.parametrize("name", SHIPPED)
def test_seats_are_those_of_table_3_2(name: str) -> None:
    seats = load_scenario(name).seats
    assert sum(seats.values()) == (358 if name == "seats-2020" else 274)
    assert seats["uit-veiledning"] == (70 if name == "seats-2020" else 50)
    assert seats["vid-relasjon"] == (64 if name == "seats-2020" else 32)
    assert seats["oslomet-barnets-beste"] == (64 if name == "seats-2020" else 32)


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("coordinated-2019", "none"),
        ("leader-tie-break", "tie-break"),
        ("leader-within-service", "within-service"),
        ("leader-points", "points"),
        ("leader-employer-first", "employer-first"),
    ],
)
def test_leader_influence(name: str, mode: str) -> None:
    scenario = load_scenario(name)
    assert scenario.leader == mode
    assert scenario.leader_points == (300, 200, 100)


@pytest.mark.parametrize("name", ["spread-breadth", "spread-proportional", "spread-need"])
def test_spread_stands_after_the_tiers_and_before_the_points(name: str) -> None:
    assert _criteria(name, "uis-juss") == [
        "sector", "experience-two-years", "service-limit", name, "grade", "years",
    ]  # fmt: skip
    assert _criteria(name, "vid-minoritet") == ["sector", name, "grade"]
    assert _criteria(name, "hvl-barnets-beste") == ["sector", name, "points"]
    assert _criteria(name, "uit-veiledning")[-3:] == [name, "years", "further-education"]


def test_harmonised_tiers_stand_where_the_sector_stood() -> None:
    base, changed = _resolved("coordinated-2019"), _resolved("harmonised-2023")
    for offering, version in changed.versions.items():
        before = [rule.id for rule in base.versions[offering].criteria]
        assert before[0] == "sector"
        assert [rule.id for rule in version.criteria] == ["recommendation", *before[1:]]


def test_harmonised_points_are_the_same_everywhere() -> None:
    versions = list(_resolved("harmonised-points").versions.values())
    assert all(version.criteria == versions[0].criteria for version in versions)
    assert [rule.id for rule in versions[0].criteria] == ["sector", "points"]


def test_no_service_limit_takes_it_away_at_uis_alone() -> None:
    base, changed = _resolved("coordinated-2019"), _resolved("no-service-limit")
    assert _criteria("no-service-limit", "uis-juss") == [
        "sector", "experience-two-years", "grade", "years",
    ]  # fmt: skip
    for offering in set(base.versions) - {"uis-juss"}:
        assert changed.versions[offering] == base.versions[offering]


def test_uit_s_own_list_puts_the_sectors_on_a_par_there_alone() -> None:
    base, changed = _resolved("coordinated-2019"), _resolved("uit-own-list")
    assert _criteria("uit-own-list", "uit-veiledning") == [
        "supervisor", "experience-beyond-three", "master", "courses", "no-leader-responsibility",
        "years", "further-education",
    ]  # fmt: skip
    for offering in set(base.versions) - {"uit-veiledning"}:
        assert changed.versions[offering] == base.versions[offering]


def test_relasjon_as_sum_counts_grades_ten_times_as_an_assumption() -> None:
    (points,) = [
        rule
        for rule in _resolved("relasjon-as-sum").versions["vid-relasjon"].criteria
        if isinstance(rule, SumOfPoints)
    ]
    grade = points.parts[0]
    assert grade.table()["factor"] == 10
    assert [int(value) for value in grade.assumptions["factor"].range] == [1, 2, 5, 10]


@pytest.mark.parametrize("name", SHIPPED)
def test_what_a_run_writes_gives_the_same_rules_again(name: str, tmp_path: Path) -> None:
    resolved = _resolved(name)
    (tmp_path / "rules").mkdir()
    for offering, text in rules_tomls(resolved).items():
        (tmp_path / "rules" / f"{offering}.toml").write_text(text, encoding="utf-8")
    path = tmp_path / "scenario.toml"
    path.write_text(scenario_toml(resolved), encoding="utf-8")
    again = resolve(read_scenario_file(path), rules=tmp_path / "rules")
    assert again.versions == dict(resolved.versions)
    assert again.scenario == resolved.scenario.model_copy(update={"changes": ()})


def _write(tmp_path: Path, text: str) -> str:
    path = tmp_path / "own.toml"
    path.write_text(f'id = "own"\nextends = "current-2019"\n{text}', encoding="utf-8")
    return str(path)


def test_the_contracts_example_works(tmp_path: Path) -> None:
    name = _write(
        tmp_path, 'mechanism = "coordinated"\nseed = 7\n[seats]\nuis-juss = 4\nntnu-ledelse = 32\n'
    )
    resolved = _resolved(name)
    assert resolved.scenario.mechanism == "coordinated"
    assert resolved.scenario.seed == 7
    assert resolved.offers_to_make("uis-juss") == 4
    assert resolved.offers_to_make("vid-minoritet") == 32


TITLE = 'title = { nb = "x", nn = "x", en = "x" }'
COURSES = f'{{ id = "own", kind = "courses", {TITLE}, source = "x", minimum = 1 }}'
AGE = f'{{ id = "age", kind = "oldest-first", {TITLE}, source = "x", not_documented = "last" }}'
POST = (
    f'{{ id = "post", kind = "minimum-post", {TITLE}, source = "x", percent = 50, '
    'sectors = ["state"] }'
)


def _change(offering: str, text: str) -> str:
    where = '"all"' if offering == "all" else f'["{offering}"]'
    return f"[[changes]]\nofferings = {where}\n{text}\n"


@pytest.mark.parametrize(
    ("offering", "text", "message"),
    [
        ("nowhere", 'remove = "grade"', "there is no offering 'nowhere' on 2019-08-01"),
        ("uis-juss", 'remove = "limit"', "uis-juss-2019 has no rule 'limit'; .*service-limit"),
        ("all", 'remove = "service-limit"', "hvl-barnets-beste-2019 has no rule 'service-limit'"),
        ("uis-juss", 'rule = "limit"\nset = { maximum = 3 }', "has no rule 'limit'"),
        ("uis-juss", 'rule = "service-limit"\nset = { minimum = 3 }',
         "no parameter 'minimum'; expected one of: maximum, sectors"),
        ("uis-juss", 'rule = "lottery"\nset = { seed = 3 }', "expected one of: none"),
        ("uis-juss", 'rule = "service-limit"\nset = { maximum = 2 }', "changes nothing at uis"),
        ("uis-juss", 'rule = "service-limit"\nset = {}', "changes nothing at uis-juss-2019"),
        ("uis-juss", 'rule = "service-limit"\nset = { maximum = 0 }', "maximum: Input should be"),
        ("uis-juss", 'rule = "grade.x"\nset = { factor = 2 }', "no part 'x'; .*it is no sum"),
        ("hvl-barnets-beste", 'rule = "points.x"\nset = { factor = 2 }',
         "no part 'x'; expected one of: grade, education"),
        ("hvl-barnets-beste", 'rule = "points.grade"\nset = { factor = 10 }', "changes nothing"),
        ("uis-juss", "set = { maximum = 3 }", "set and replace need the rule"),
        ("uis-juss", 'rule = "service-limit"', "expected exactly one of set, .*found none"),
        ("uis-juss", 'remove = "grade"\nset = { maximum = 3 }', "found set, remove"),
        ("uis-juss", 'remove = "grade"\nbefore = "years"', "remove does not go .*before"),
        ("uis-juss", f'add = {COURSES}\nbefore = "lottery"', "no rule 'lottery' among its crit"),
        ("uis-juss", f'add = {COURSES}\nbefore = "grade"\nplace = "before-points"', "one of them"),
        ("uis-juss", f'add = {AGE}\nplace = "before-points"', "is no criterion and cannot stand"),
        ("uis-juss", f"add = {COURSES.replace('own', 'grade')}", "two rules are called 'grade'"),
        ("uis-juss", f"add = {COURSES.replace('courses', 'course')}", "unknown rule kind"),
        ("uis-juss", 'remove = "lottery"', "the last tie-break must be the lottery"),
        ("uis-juss", f'limits = [{{ kind = "class-min", {TITLE} }}]',
         "limits.0: expected a kind .*'class-minimum'"),
        ("uis-juss", f'limits = [{{ kind = "class-minimum", id = "a", {TITLE}, seats = "2" }}]',
         "limits.0.class-minimum.seats: expected a whole number"),
        ("uis-juss", f'rule = "grade"\nreplace = {AGE}', "'age' .* cannot stand in criteria"),
    ],
)  # fmt: skip
def test_a_change_that_names_nothing_or_changes_nothing_is_refused(
    tmp_path: Path, offering: str, text: str, message: str
) -> None:
    scenario = load_scenario(_write(tmp_path, _change(offering, text)))
    with pytest.raises(DataError, match=message) as caught:
        resolve(scenario)
    assert "scenario 'own', change 1" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"add = {COURSES}", ["sector", "grade", "own"]),
        (f'add = {COURSES}\nbefore = "sector"', ["own", "sector", "grade"]),
        (f'add = {COURSES}\nplace = "before-points"', ["sector", "own", "grade"]),
        (f'rule = "grade"\nreplace = {COURSES}', ["sector", "own"]),
        (f"replace_criteria = [{COURSES}]", ["own"]),
        ('remove = "grade"', ["sector"]),
    ],
)
def test_where_a_criterion_comes_to_stand(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert _criteria(_write(tmp_path, _change("vid-minoritet", text)), "vid-minoritet") == expected


def test_a_tie_break_comes_before_the_lottery_and_a_requirement_last(tmp_path: Path) -> None:
    text = _change("uis-juss", f"add = {AGE}") + _change("uis-juss", f"add = {POST}")
    version = _resolved(_write(tmp_path, text)).versions["uis-juss"]
    assert [rule.id for rule in version.ties] == ["age", "lottery"]
    assert version.requirements[-1].id == "post"


def test_a_parameter_that_is_set_has_the_scenario_as_its_source(tmp_path: Path) -> None:
    text = _change("hvl-barnets-beste", 'rule = "points.grade"\nset = { passed = 2.5 }')
    points = _resolved(_write(tmp_path, text)).versions["hvl-barnets-beste"].rule("points")
    grade = points.parameters()["parts"][0]
    assert grade.passed == 250
    assert "passed" not in grade.assumptions
    assert "decimals" in grade.assumptions


def test_resolving_leaves_the_base_and_the_rulebooks_as_they_were() -> None:
    before = load_rulebooks(shipped("rules"))
    base = load_scenario("coordinated-2019")
    plain = resolve(base)
    for name in SHIPPED:
        changed = _resolved(name)
        assert dict(changed.rulebooks) == before
    assert resolve(base).versions == plain.versions
    assert load_scenario("coordinated-2019") == base


QUOTA = f"""[[quotas]]
id = "budget"
{TITLE}
offerings = ["uis-juss", "vid-relasjon"]
seats = 3
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[seats]\nnowhere = 3\n", "seats or a turn for 'nowhere', which is no offering"),
        (QUOTA.replace("vid-relasjon", "vid"), "has the quota budget over 'vid', which is no"),
            ('turns = ["nowhere"]\n', "seats or a turn for 'nowhere', which is no offering"),
            ('turns = ["uis-juss", "uis-juss"]\n', "turns names uis-juss twice"),
        ('rules_on = 2018-07-31\n', "no rules are stated for 2018-07-31"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused(tmp_path: Path, text: str, message: str) -> None:
    scenario = load_scenario(_write(tmp_path, text))
    with pytest.raises(DataError, match=message):
        resolve(scenario)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('mechanism = "fair"\n', "own.toml: mechanism: Input should be"),
        ('mechanism = "Coordinated"\n', r"'Coordinated'\)\. Maybe write 'coordinated'\.$"),
        ("colour = 3\n", "own.toml: colour: no such key is known here"),
        (
            'objectives = "tie"\n',
            r"objectives: expected a list, in square brackets \(found 'tie'\)",
        ),
        ('rules_on = "01.08.2019"\n', "rules_on: expected a date like 2019-08-01, without quotes"),
        ("rules_on = 2019\n", "rules_on: expected a date like 2019-08-01, without quotes"),
        (
            'call_rounds = "2"\n',
            r"call_rounds: expected a whole number, without quotes \(found '2'",
        ),
        ("call_rounds = true\n", "call_rounds: expected a whole number"),
        ("seed = 7.5\n", r"seed: expected a whole number, without quotes \(found 7\.5\)"),
        ('leader_points = ["a"]\n', "leader_points.0: expected a number with at most two decimals"),
        ("leader_points = [nan]\n", "leader_points.0: expected a number with at most two decimals"),
        ("title = 3\n", "title: expected the text in three languages"),
        ("[[changes]]\nofferings = []\nlimits = []\n", "changes.0.offerings.*: expected at least"),
        (
            "[assumptions.foo]\nwhy = { nb = 'x', nn = 'x', en = 'x' }\nrange = [1]\n",
            "assumptions.foo names no setting of a scenario",
        ),
        (QUOTA + QUOTA, "two quotas are called budget; expected each id once"),
        (QUOTA.replace("vid-relasjon", "uis-juss"), "quotas.0.offerings: names uis-juss twice"),
        (QUOTA.replace("= 3", "= 9_999_999"), "quotas.0.seats: Input should be less than or equal"),
        (QUOTA.replace("= 3", '= "3"'), "quotas.0.seats: expected a whole number, without quotes"),
        (QUOTA.replace("= 3", "= true"), "quotas.0.seats: expected a whole number"),
        ("seed = -1\n", "own.toml: seed: Input should be greater"),
        ("seed = \n", "own.toml: Invalid value"),
    ],
)
def test_a_file_that_says_something_else_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        load_scenario(_write(tmp_path, text))


def test_extending_in_a_circle_is_refused(tmp_path: Path) -> None:
    for own, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{own}.toml").write_text(f'id = "{own}"\nextends = "{other}.toml"\n')
    with pytest.raises(DataError, match="which extends it in turn"):
        load_scenario(str(tmp_path / "a.toml"))


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DataError, match=r"no scenario 'nothing'; .*current-2019"):
        load_scenario("nothing")
    with pytest.raises(DataError, match=r"there is no scenario file 'nothing\.toml'"):
        load_scenario("nothing.toml")
    with pytest.raises(DataError, match=r"Maybe 'harmonised-2023' is meant\."):
        load_scenario("harmonized-2023")


def _limits(resolved: ResolvedScenario) -> list[str]:
    return [limit.id for limit in resolved.versions["uit-veiledning"].limits]


def test_a_limit_goes_by_its_id_and_the_others_stay(tmp_path: Path) -> None:
    one = '[[changes]]\nofferings = ["uit-veiledning"]\nremove_limit = "regions"\n'
    assert _limits(_resolved(_write(tmp_path, ""))) == ["regions"]
    assert _limits(_resolved(_write(tmp_path, one))) == []


def test_a_limit_that_is_not_there_does_not_go(tmp_path: Path) -> None:
    one = '[[changes]]\nofferings = ["uis-juss"]\nremove_limit = "regions"\n'
    with pytest.raises(DataError, match=r"uis-juss-2019 has no limit 'regions'"):
        _resolved(_write(tmp_path, one))


MOST = """
[[changes]]
offerings = ["{offering}"]

[{way}]
id = "most"
kind = "region-maximum"
title = {{ nb = "Tak", nn = "Tak", en = "Most" }}
seats = {{ oslo = 20 }}
source = "a proposal"
"""


def test_a_limit_is_added_beside_those_there_are_and_all_anew_say_what_goes(
    tmp_path: Path,
) -> None:
    more = MOST.format(offering="uis-juss", way="changes.add_limit")
    resolved = _resolved(_write(tmp_path, more))
    assert [limit.id for limit in resolved.versions["uis-juss"].limits] == ["most"]
    anew = MOST.format(offering="uit-veiledning", way="[changes.limits]")
    name = _write(tmp_path, anew)
    assert _limits(_resolved(name)) == ["most"]
    assert show_scenario(name).limits_removed == {1: (("uit-veiledning-2019", ("regions",)),)}
    assert show_scenario("no-service-limit").limits_removed == {}


def test_a_policy_is_laid_over_that_of_the_base_key_by_key(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('id = "own"\nextends = "year-choose"\n[policy]\nanswer_days = 3\n')
    policy = load_scenario(str(path)).policy
    assert policy is not None
    stated = {"target": "seats", "answer_days": 3, "better_offer": "choose"}
    assert policy.model_dump(exclude_unset=True) == stated


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("policy = 3\n", "policy is 3; expected a table"),
        ("[policy]\nanswer_day = 3\n", "policy.answer_day: no such key"),
        ("[policy.priors]\nuis = [1, 2]\n", "priors of"),
    ],
)
def test_a_policy_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f'id = "own"\nextends = "coordinated-2019"\n{text}')
    with pytest.raises(DataError, match=said):
        resolve(load_scenario(str(path)))
