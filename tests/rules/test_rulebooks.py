"""The shipped rulebooks: no hole in time, the columns that sites publish, out and in equal."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from admissions.model.errors import DataError
from admissions.model.resources import offering_ids, shipped
from admissions.rulebooks.rulebook import (
    NotOffered,
    Rulebook,
    Version,
    load_rulebook,
    load_rulebooks,
    rulebook_toml,
)

FIRST_DAY, LAST_DAY = dt.date(2018, 8, 1), dt.date(2030, 12, 31)
OFFERINGS = [
    "hvl-barnets-beste", "ntnu-ledelse", "oslomet-barnets-beste", "oslomet-juss", "uis-juss",
    "uit-veiledning", "vid-minoritet", "vid-relasjon",
]  # fmt: skip

COLUMNS_2019 = {
    "hvl-barnets-beste": ["sector-tiers", "sum-of-points"],
    "ntnu-ledelse": ["sector-tiers", "leader-priority", "grade-points"],
    "oslomet-barnets-beste": ["sector-tiers", "sum-of-points"],
    "oslomet-juss": ["sector-tiers", "sum-of-points"],
    "uis-juss": [
        "sector-tiers", "experience-at-least", "service-limit", "grade-points", "experience-years",
    ],
    "uit-veiledning": [
        "sector-tiers", "supervisor-responsibility", "experience-beyond", "master", "courses",
        "no-leader-responsibility", "experience-years", "further-education-count",
    ],
    "vid-minoritet": ["sector-tiers", "grade-points"],
    "vid-relasjon": ["sector-tiers", "grade-points", "experience-points", "education-points"],
}  # fmt: skip


ASSUMED_2019 = {
    "hvl-barnets-beste-2019": [
        "points.rule", "points.grade.factor", "points.education.points",
        "points.education.per_ects",
    ],
    "ntnu-ledelse-2018": ["version.rule", "grade.rule"],
    "ntnu-ledelse-2019": ["leader-priority.rule", "grade.rule"],
    "oslomet-barnets-beste-2019": [
        "points.experience.points_per_year", "points.experience.year", "points.experience.maximum",
        "points.education.points", "points.education.per_ects", "points.education.maximum",
    ],
    "oslomet-juss-2019": [
        "points.experience.points_per_year", "points.experience.year", "points.experience.maximum",
        "points.education.points", "points.education.per_ects", "points.education.maximum",
    ],
    "uis-juss-2019": ["experience-two-years.years", "service-limit.rule", "years.rule"],
    "uit-veiledning-2019": [
        "sector.rule", "no-leader-responsibility.positions", "years.rule",
        "further-education.rule", "regions.seats",
    ],
    "vid-minoritet-2019": [],
    "vid-relasjon-2019": [
        "grade.rule", "experience.points_per_year", "education.points", "education.per_ects",
    ],
}  # fmt: skip
"""What the report does not state of the rules of 2019 and before: each is marked, with a range."""


@pytest.fixture(scope="module")
def rulebooks() -> dict[str, Rulebook]:
    return load_rulebooks(shipped("rules"))


def test_each_file_bears_its_offerings_name(rulebooks: dict[str, Rulebook]) -> None:
    assert offering_ids() == list(rulebooks)


def test_there_are_eight(rulebooks: dict[str, Rulebook]) -> None:
    assert list(rulebooks) == OFFERINGS


@pytest.mark.parametrize("offering", OFFERINGS)
def test_every_day_has_one_version_or_is_stated_not_offered(
    rulebooks: dict[str, Rulebook], offering: str
) -> None:
    rulebook = rulebooks[offering]
    entries: list[Version | NotOffered] = [*rulebook.versions, *rulebook.not_offered]
    day, seen = FIRST_DAY, list[Version | NotOffered]()
    while day <= LAST_DAY:
        begun = [entry for entry in entries if entry.valid_from <= day]
        latest = max(entry.valid_from for entry in begun)
        (applies,) = [entry for entry in begun if entry.valid_from == latest]
        assert rulebook.on(day) is applies
        if applies not in seen:
            seen.append(applies)
        day += dt.timedelta(days=1)
    assert len(seen) == len(entries), "an entry that never applies"
    with pytest.raises(DataError, match="no rules are stated for 2018-07-31"):
        rulebook.on(dt.date(2018, 7, 31))


@pytest.mark.parametrize(
    ("offering", "day", "version"),
    [
        ("hvl-barnets-beste", "2021-12-31", "hvl-barnets-beste-2019"),
        ("hvl-barnets-beste", "2022-01-01", "hvl-barnets-beste-2022"),
        ("ntnu-ledelse", "2018-12-31", "ntnu-ledelse-2018"),
        ("ntnu-ledelse", "2019-01-01", "ntnu-ledelse-2019"),
        ("oslomet-barnets-beste", "2022-12-31", "oslomet-barnets-beste-2019"),
        ("oslomet-barnets-beste", "2023-01-01", "oslomet-barnets-beste-2023"),
        ("oslomet-juss", "2021-12-31", "oslomet-juss-2019"),
        ("oslomet-juss", "2022-01-01", "oslomet-juss-2022"),
        ("uis-juss", "2025-06-01", "uis-juss-2019"),
        ("uit-veiledning", "2024-12-31", "uit-veiledning-2019"),
        ("uit-veiledning", "2025-01-01", "uit-veiledning-2025"),
        ("vid-minoritet", "2023-12-31", "vid-minoritet-2019"),
        ("vid-minoritet", "2024-01-01", "vid-minoritet-2024"),
        ("vid-relasjon", "2025-06-01", "vid-relasjon-2019"),
    ],
)
def test_each_version_begins_on_its_day(
    rulebooks: dict[str, Rulebook], offering: str, day: str, version: str
) -> None:
    entry = rulebooks[offering].on(dt.date.fromisoformat(day))
    assert not isinstance(entry, NotOffered)
    assert entry.id == version


def test_the_minority_programme_was_not_offered_in_2018(rulebooks: dict[str, Rulebook]) -> None:
    assert isinstance(rulebooks["vid-minoritet"].on(dt.date(2018, 12, 31)), NotOffered)


@pytest.mark.parametrize("offering", OFFERINGS)
def test_the_columns_of_2019_are_those_of_the_table(
    rulebooks: dict[str, Rulebook], offering: str
) -> None:
    version = rulebooks[offering].on(dt.date(2019, 8, 1))
    assert not isinstance(version, NotOffered)
    assert [rule.kind for rule in version.criteria] == COLUMNS_2019[offering]
    assert [rule.kind for rule in version.ties] == ["lottery"]


@pytest.mark.parametrize("offering", OFFERINGS)
def test_out_and_in_again_is_the_same(
    rulebooks: dict[str, Rulebook], offering: str, tmp_path: Path
) -> None:
    path = tmp_path / "out.toml"
    path.write_text(rulebook_toml(rulebooks[offering]), encoding="utf-8")
    assert load_rulebook(path) == rulebooks[offering]
    assert rulebook_toml(load_rulebook(path)) == path.read_text(encoding="utf-8")


MINIMAL = """
offering = "small"
site = "Somewhere"
programme = {{ nb = "x", nn = "x", en = "x" }}
[[versions]]
id = "small-2019"
valid_from = 2019-01-01
source = "nowhere"
requirements = []
criteria = [{criteria}]
ties = [{ties}]
"""
TITLE = 'title = { nb = "x", nn = "x", en = "x" }'
LOTTERY = f'{{ id = "lottery", kind = "lottery", {TITLE}, source = "x" }}'
GRADE = 'factor = 1, decimals = 2, passed = 3, not_documented = "no-points"'


def _grade(more: str) -> str:
    return f'{{ id = "grade", kind = "grade-points", {TITLE}, {more} }}'


def _education(rule_id: str) -> str:
    return (
        f'{{ id = "{rule_id}", kind = "education-points", {TITLE}, source = "x", points = 1, '
        "per_ects = 30, relevant_only = true, maximum = 2 }"
    )


def _sum(*parts: str) -> str:
    joined = ", ".join(parts)
    return f'{{ id = "points", kind = "sum-of-points", {TITLE}, source = "x", parts = [{joined}] }}'


@pytest.mark.parametrize(
    ("criteria", "ties", "message"),
    [
        (_grade(GRADE), LOTTERY, "rule 'grade' has no source, and no assumption for factor"),
        (_grade(f'{GRADE}, source = "x", weight = 2'), LOTTERY, "weight: no such key"),
        (_grade(GRADE.replace("2", "3") + ', source = "x"'), LOTTERY, "decimals: Input should be"),
        (_grade(GRADE.replace("factor = 1, ", "") + ', source = "x"'), LOTTERY, "factor: Field"),
        (_grade(GRADE.replace("passed = 3", "passed = 3.125") + ', source = "x"'), LOTTERY,
         "passed: expected at most two decimals"),
        ("", "", "the last tie-break must be the lottery"),
        ("", f"{LOTTERY}, {LOTTERY}", "two rules are called 'lottery'"),
        (LOTTERY, LOTTERY, "two rules are called 'lottery'"),
        (LOTTERY.replace('"lottery", kind', '"draw", kind'), LOTTERY,
         r"rule 'draw' \(lottery\) cannot stand in criteria"),
        (_sum(_education("a")), LOTTERY, "parts: expected at least 2, found 1"),
        (_sum(_education("a"), _education("a")), LOTTERY, "two parts have the same id"),
        (_sum(_education("a"), LOTTERY), LOTTERY, "parts"),
        (_sum(_education("a"), f'{{ id = "c", kind = "courses", {TITLE}, source = "x", '
              "minimum = 1 }"), LOTTERY, r"part 'c' \(courses\) counts no points"),
    ],
)  # fmt: skip
def test_a_rulebook_that_does_not_hang_together_is_refused(
    tmp_path: Path, criteria: str, ties: str, message: str
) -> None:
    path = tmp_path / "small.toml"
    path.write_text(MINIMAL.format(criteria=criteria, ties=ties), encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        load_rulebook(path)
    assert str(caught.value).startswith("small.toml: ")


def test_two_rulebooks_of_one_offering_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(MINIMAL.format(criteria="", ties=LOTTERY), encoding="utf-8")
    with pytest.raises(DataError, match=r"b\.toml: a second rulebook for 'small'"):
        load_rulebooks(tmp_path)


def _assumed(version: Version) -> dict[str, tuple[object, ...]]:
    found = {f"version.{name}": a.range for name, a in version.assumptions.items()}
    for rule in (*version.rules(), *version.limits):
        found |= {f"{rule.id}.{name}": a.range for name, a in rule.assumptions.items()}
        for part in getattr(rule, "parts", ()):
            path = f"{rule.id}.{part.id}"
            found |= {f"{path}.{name}": a.range for name, a in part.assumptions.items()}
    return found


@pytest.mark.parametrize("version_id", ASSUMED_2019)
def test_what_the_report_does_not_state_is_marked_and_can_be_varied(
    rulebooks: dict[str, Rulebook], version_id: str
) -> None:
    (version,) = [v for b in rulebooks.values() for v in b.versions if v.id == version_id]
    marked = _assumed(version)
    shared = ["version.valid_from", "lottery.rule"]
    if version.id != "uis-juss-2019":
        shared.append("documented-experience.rule")
    for name in (*shared, *ASSUMED_2019[version_id]):
        assert name in marked, f"{name} is not marked"
        assert len(marked[name]) > 1, f"{name} has nothing to vary it to"


def test_a_section_that_is_cited_is_one_of_a_named_report() -> None:
    """§3.3.3 alone could be anybody's; the report's sections 2 to 8 stand behind its name."""
    for folder in ("rules", "scenarios"):
        for path in shipped(folder).rglob("*.toml"):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if "§" in line:
                    assert "statusmåling 2" in line, (path.name, number)
                    assert not re.search(r"§[^3]|§3(?!\.[23])", line), (path.name, number)
