"""Rulebooks of one's own: known by --rules or ADMISSIONS_RULES; the package's stay as they are."""

import csv

import pytest

from admissions.model.resources import shipped
from admissions.rulebooks.known import known_offerings, known_rulebooks, own_rulebooks, use_rules
from tests.acceptance.command import read_csv, run, write_round

TEAMS = shipped("scenarios") / "schemes" / "veiledningsteam"
TITLE = "{ nb = 'Regel', nn = 'Regel', en = 'Rule' }"
GRADE = f"""
requirements = []
[[versions.criteria]]
id = "grade"
kind = "grade-points"
factor = 1
decimals = 2
passed = 3
not_documented = "no-points"
title = {TITLE}
source = "made up"
[[versions.ties]]
id = "lottery"
kind = "lottery"
title = {TITLE}
source = "made up"
"""
NAME = "{ nb = 'Fag', nn = 'Fag', en = 'Subject' }"


@pytest.fixture(autouse=True)
def _none_named():
    yield
    use_rules(None)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def version(ident, day):
    return f'[[versions]]\nid = "{ident}"\nvalid_from = {day}\nsource = "made up"\n{GRADE}'


def group(folder, offerings=()):
    folder.joinpath("groups").mkdir(parents=True, exist_ok=True)
    listed = "".join(
        f'[[offerings]]\noffering = "{o}"\nprogramme = {NAME}\nsite = "A"\n' for o in offerings
    )
    text = f'group = "all"\n{listed}\n{version("2023", "2023-01-01")}'
    (folder / "groups" / "all.toml").write_text(text, encoding="utf-8")


def own(folder, offering, text):
    (folder / f"{offering}.toml").write_text(f'offering = "{offering}"\n{text}', encoding="utf-8")


def test_19_of_the_services_that_are_ready_get_a_team_the_greatest_needs(tmp_path):
    """By hand from the files: those ready, by need; no two needs at the edge are alike."""
    out = tmp_path / "teams"
    ran = run(
        "allocate", TEAMS / "round", "--rules", TEAMS / "rules",
        "--scenario", TEAMS / "scenario.toml", "--out", out,
    )  # fmt: skip
    assert ran.code == 0, ran.said
    services, applicants = (rows(TEAMS / "round" / f"{n}.csv") for n in ("services", "applicants"))
    ready = {row["person_id"] for row in applicants if row["workplace_agreement"] == "yes"}
    by_need = sorted(
        (row for row in services if row["service_id"] in ready), key=lambda r: -float(r["need"])
    )
    assert by_need[18]["need"] != by_need[19]["need"]
    _, decisions = read_csv(out / "decisions.csv")
    offered = {row["person_id"] for row in decisions if row["outcome"] == "offered"}
    assert offered == {row["service_id"] for row in by_need[:19]}
    verified = run("verify", out, "--round", TEAMS / "round")
    assert verified.code == 0, "a result bears its rules: whoever verifies needs no folder"


def test_the_variable_does_as_the_option(monkeypatch, tmp_path):
    monkeypatch.setenv("ADMISSIONS_RULES", str(TEAMS / "rules"))
    assert "veiledningsteam" in run("rules", "list", "--json").out
    assert run("check", TEAMS / "round").code == 0
    monkeypatch.delenv("ADMISSIONS_RULES")
    assert "veiledningsteam" not in run("rules", "list", "--json").out


def test_a_rulebook_extends_a_group_with_a_change_of_its_own(tmp_path):
    group(tmp_path, ["one", "two"])
    change = '[[changes]]\nrule = "grade"\nset = { decimals = 1 }\n'
    own(tmp_path, "three", f'extends = "all"\nprogramme = {NAME}\nsite = "B"\n{change}')
    books = own_rulebooks(tmp_path)
    decimals = {
        o: book.versions[0].rule("grade").parameters()["decimals"] for o, book in books.items()
    }
    assert decimals == {"one": 2, "two": 2, "three": 1}
    assert [book.versions[0].id for book in books.values()] == [f"{o}-2023" for o in books]


def test_a_rulebook_of_another_year_stands_beside_the_shipped_versions(tmp_path):
    text = f'extends = "uis-juss"\n{version("uis-juss-2030", "2030-01-01")}'
    own(tmp_path, "uis-juss", text)
    before = known_rulebooks()["uis-juss"]
    use_rules(tmp_path)
    after = known_rulebooks()["uis-juss"]
    assert after.versions[:-1] == before.versions
    assert after.versions[-1].id == "uis-juss-2030"
    assert set(known_offerings()) == set(known_rulebooks())
    use_rules(None)
    assert known_rulebooks()["uis-juss"] == before


def test_rules_that_begin_later_do_not_stand_in_the_way_of_an_earlier_round(tmp_path):
    group(tmp_path, ["later"])
    round_ = shipped("scenarios") / "rounds" / "2019"
    ran = run(
        "rank", round_, "--scenario", "current-2019", "--rules", tmp_path,
        "--offering", "uis-juss", "--out", tmp_path / "out",
    )  # fmt: skip
    assert ran.code == 0, ran.said


@pytest.mark.parametrize(
    ("offering", "text", "said"),
    [
        ("uis-juss", "site = 'A'\n", "uis-juss.toml"),
        ("new", "extends = 'nobody'\n", "extends = 'nobody' is no group"),
        ("new", "extends = 'all'\n", "programme or site is missing for 'new'"),
        ("new", "extends = 'all'\nsit = 'A'\n", "sit"),
        (
            "new",
            f"extends = 'all'\nprogramme = {NAME}\nsite = 'A'\n[[changes]]\nremove = 'x'\n",
            "'x'",
        ),
        ("new", "= broken", "new.toml"),
        (
            "one",
            f"extends = 'all'\nprogramme = {NAME}\nsite = 'A'\n",
            "a second rulebook for 'one'",
        ),
    ],
    ids=["shipped", "no group", "no name", "unknown key", "no such rule", "broken", "second"],
)
def test_what_is_wrong_with_a_rulebook_is_said_with_its_file(tmp_path, offering, text, said):
    group(tmp_path, ["one"])
    own(tmp_path, offering, text)
    ran = run("rules", "list", "--rules", tmp_path)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_shipped_offering_says_how_to_extend_it(tmp_path):
    text = f'site = "A"\nprogramme = {NAME}\n{version("x", "2030-01-01")}'
    own(tmp_path, "uis-juss", text)
    ran = run("rules", "list", "--rules", tmp_path)
    assert ran.code == 2
    assert 'extends = "uis-juss"' in ran.err


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_a_folder_without_rulebooks_is_a_usage_error(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    ran = run("rules", "list", "--rules", tmp_path / folder)
    assert ran.code == 2
    assert folder in ran.err


def test_a_hundred_made_up_offerings_are_allocated_in_one_round(tmp_path):
    """100 offerings of one seat: of each two people the better graded gets the first wish."""
    many = [f"made-up-{n:03d}" for n in range(100)]
    rules = tmp_path / "rules"
    group(rules, many)
    people, wishes = ["person_id,sector,bachelor_ects,bachelor_grade"], []
    for n in range(100):
        people.append(f"P{n:04d},none,180,{'5.0' if n % 2 else '4.0'}")
        wishes += [f"P{n:04d},{many[n // 2]},1", f"P{n:04d},{many[50 + n // 2]},2"]
    tables = {
        "applicants.csv": "\n".join(people),
        "applications.csv": "\n".join(["person_id,offering_id,preference", *wishes]),
    }
    round_ = write_round(tmp_path / "round", tables)
    seats = "\n".join(f"{offering} = 1" for offering in many)
    scenario = tmp_path / "many.toml"
    scenario.write_text(
        'id = "many"\nrules_on = 2023-08-01\nmechanism = "coordinated"\nleader = "none"\n'
        f"seed = 1\n[seats]\n{seats}\n",
        encoding="utf-8",
    )
    ran = run(
        "allocate", round_, "--rules", rules, "--scenario", scenario, "--out", tmp_path / "out",
        "--solver", "deferred-acceptance",
    )  # fmt: skip
    assert ran.code == 0, ran.said
    _, decisions = read_csv(tmp_path / "out" / "decisions.csv")
    got = {row["person_id"]: row["preference"] for row in decisions if row["outcome"] == "offered"}
    assert len(got) == 100
    assert all(wish == ("1" if int(person[1:]) % 2 else "2") for person, wish in got.items())
