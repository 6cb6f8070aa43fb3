"""Commands, exit codes and messages as the contract describes them."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from admissions.model.resources import shipped
from tests.acceptance.command import (
    INSTALLED,
    files_of,
    heeds_ctrl_c,
    run,
    run_installed,
    write_round,
)
from tests.acceptance.conftest import SCENARIO, SMALL

SHIPPED_ROUND = shipped("scenarios") / "rounds" / "2019"
COMMANDS = (
    "demo", "check", "rank", "allocate", "verify", "explain", "pool", "template", "rules list",
    "rules show", "rules matrix", "rules try", "rules assumptions",
    "scenarios list", "scenarios show", "serve",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_of_the_command(command: str) -> None:
    ran = run(*command.split(), "--help")
    assert ran.code == 0
    assert re.search(rf"Example:\s+admissions {command}\b", ran.out), ran.out


def test_help_lists_every_command() -> None:
    ran = run_installed("--help")
    assert ran.code == 0
    for command in COMMANDS:
        assert re.search(rf"^\s+{command.split()[0]}\b", ran.out, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [
        "check {round} --json",
        "verify {out} --round {round} --json",
        "explain {out} --person p02 --json",
        "explain {out} --person p02 --offering uis-juss --language nn --json",
        "rules list --json",
        "rules show uis-juss --json",
        "rules show uis-juss --prose --json",
        "rules assumptions --json",
        "scenarios list --json",
        "scenarios show coordinated-2019 --json",
    ],
)
def test_json_is_json(arguments: str, small: Path) -> None:
    ran = run(*arguments.format(round=small / "round", out=small / "out").split())
    assert ran.code == 0, ran.said
    assert json.loads(ran.out)


def test_what_is_only_written_is_told_as_json(small: Path, tmp_path: Path) -> None:
    rules = small / "small.toml"
    ranked = run("rank", small / "round", "--scenario", rules, "--out", tmp_path / "r", "--json")
    told = json.loads(ranked.out)
    for offering, rows in told["rankings"].items():
        with (tmp_path / "r" / "rankings" / f"{offering}.csv").open(encoding="utf-8-sig") as file:
            assert len(list(csv.reader(file))) == rows + 1
    drawn = run("pool", "--year", "2019", "--seed", "1", "--out", tmp_path / "p", "--json")
    with (tmp_path / "p" / "applicants.csv").open(encoding="utf-8-sig", newline="") as file:
        assert json.loads(drawn.out)["applicants"] == len(list(csv.DictReader(file)))
    blank = run("template", "--out", tmp_path / "t.xlsx", "--json")
    assert json.loads(blank.out)["out"] == str(tmp_path / "t.xlsx")


def test_everybody_is_told_what_each_alone_is_told(small: Path) -> None:
    """A line of JSON a letter, in the order of decisions.csv; as text the letters one by one."""
    out = small / "out"
    lines = run("explain", out, "--all", "--json", "--language", "nn").out.splitlines()
    told = [json.loads(line) for line in lines]
    with (out / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["person_id"], row["offering_id"]) for row in csv.DictReader(file)]
    found = [
        (one["explanation"]["person_id"], one["explanation"]["verdict"]["offering"]["id"])
        for one in told
    ]
    assert found == rows
    for person in sorted({person for person, _ in rows}):
        alone = json.loads(
            run("explain", out, "--person", person, "--json", "--language", "nn").out
        )
        assert alone == [one for one in told if one["explanation"]["person_id"] == person]
    text = run("explain", out, "--all", "--offering", "uis-juss", "--language", "nn").out
    at_uis = [one["text"].rstrip() for one, (_, at) in zip(told, rows, strict=True)
              if at == "uis-juss"]  # fmt: skip
    assert text.rstrip() == "\n\n".join(at_uis)


def test_seats_of_the_shipped_scenarios_are_those_of_table_3_2() -> None:
    seats = {
        name: json.loads(run("scenarios", "show", name, "--json").out)["seats"]
        for name in ("current-2019", "seats-2020")
    }
    assert sum(seats["current-2019"].values()) == 274
    assert sum(seats["seats-2020"].values()) == 358
    assert seats["current-2019"]["uit-veiledning"] == 50
    assert seats["seats-2020"]["uit-veiledning"] == 70


def test_every_scenario_of_the_design_is_shipped() -> None:
    found = {entry["id"] for entry in json.loads(run("scenarios", "list", "--json").out)}
    assert found >= {
        "current-2019", "seats-2020", "coordinated-2019", "harmonised-2023", "harmonised-points",
        "least-education-first", "leader-tie-break", "leader-within-service", "leader-points",
        "leader-employer-first", "spread-breadth", "spread-proportional", "spread-need",
        "relasjon-as-sum", "no-service-limit",
    }  # fmt: skip


BAD_SCENARIOS = {
    "a change that changes nothing": """id = "x"
extends = "coordinated-2019"
[[changes]]
offerings = ["uis-juss"]
rule = "experience-two-years"
set = { years = 2 }
""",
    "a change of a rule that is not there": """id = "x"
extends = "coordinated-2019"
[[changes]]
offerings = ["uis-juss"]
remove = "no-such-rule"
""",
    "a change at an offering that is not there": """id = "x"
extends = "coordinated-2019"
[[changes]]
offerings = ["uis-jus"]
remove = "service-limit"
""",
    "seats at an offering that is not there": """id = "x"
extends = "coordinated-2019"
[seats]
uis-jus = 3
""",
    "a negative number of seats": """id = "x"
extends = "coordinated-2019"
[seats]
uis-juss = -1
""",
    "a negative number of offers": """id = "x"
extends = "coordinated-2019"
[offers]
uis-juss = -1
""",
    "more seats than can be counted": """id = "x"
extends = "coordinated-2019"
[seats]
uis-juss = 99999999999999999999999
""",
    "half a seat": """id = "x"
extends = "coordinated-2019"
[seats]
uis-juss = 2.5
""",
    "an unknown key": 'id = "x"\nextends = "coordinated-2019"\nmecanism = "independent"\n',
    "an unknown mechanism": 'id = "x"\nextends = "coordinated-2019"\nmechanism = "lucky"\n',
    "an unknown leader influence": 'id = "x"\nextends = "coordinated-2019"\nleader = "all"\n',
    "an unknown base": 'id = "x"\nextends = "coordinated-2018"\n',
    "a base that is itself": 'id = "x"\nextends = "scenario.toml"\n',
    "no TOML": "id = \nseats",
    "an empty file": "",
    "a date before the scheme": 'id = "x"\nextends = "coordinated-2019"\nrules_on = 2017-01-01\n',
    "a negative seed": 'id = "x"\nextends = "coordinated-2019"\nseed = -1\n',
    "a seed that is text": 'id = "x"\nextends = "coordinated-2019"\nseed = "seven"\n',
}


@pytest.mark.parametrize("what", BAD_SCENARIOS)
def test_a_scenario_that_cannot_be_used_is_refused(what: str, small: Path, tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text(BAD_SCENARIOS[what], encoding="utf-8")
    _refused(
        tmp_path,
        "allocate", small / "round", "--scenario", tmp_path / "scenario.toml",
        "--out", tmp_path / "out",
    )  # fmt: skip


def test_settings_and_seats_may_repeat_the_bases_values(small: Path, tmp_path: Path) -> None:
    (tmp_path / "same.toml").write_text(
        'id = "same"\nextends = "coordinated-2019"\nmechanism = "coordinated"\nseed = 2019\n'
        "[seats]\nuis-juss = 32\n",
        encoding="utf-8",
    )
    ran = run(
        "rank", small / "round", "--scenario", tmp_path / "same.toml", "--out", tmp_path / "out"
    )
    assert ran.code == 0, ran.said


USAGE = {
    "no command": "",
    "an unknown command": "alocate",
    "an unknown option": "check {round} --fast",
    "no scenario": "allocate {round} --out {new}",
    "no --out": "allocate {round} --scenario small",
    "a round that is not there": "check {new}",
    "a file that is no round": "check {small}/small.toml",
    "an unknown scenario": "allocate {round} --scenario coordinated --out {new}",
    "an unknown solver": "allocate {round} --scenario {scenario} --out {new} --solver magic",
    "an unknown language": "allocate {round} --scenario {scenario} --out {new} --language sv",
    "a negative seed": "allocate {round} --scenario {scenario} --out {new} --seed -1",
    "a solver for the independent mechanism": (
        "allocate {round} --scenario current-2019 --out {new} --solver cp-sat"
    ),
    "the other solver for it": (
        "allocate {round} --scenario current-2019 --out {new} --solver deferred-acceptance"
    ),
    "an offering that is not in the round": (
        "rank {round} --scenario {scenario} --offering ntnu-ledelse --out {new}"
    ),
    "a result folder that exists": "allocate {round} --scenario {scenario} --out {out}",
    "a ranking folder that exists": "rank {round} --scenario {scenario} --out {out}",
    "a round folder that exists": "pool --year 2019 --seed 1 --out {round}",
    "a year without a population": "pool --year 2031 --seed 1 --out {new}",
    "a template that is no workbook": "template --out {new}.csv",
    "a template that exists": "template --out {scenario}",
    "a folder that is no result": "verify {round} --round {round}",
    "a result that is not there": "verify {new} --round {round}",
    "a round to verify with that is not there": "verify {out} --round {new}",
    "an unknown person": "explain {out} --person p99",
    "an offering not applied for": "explain {out} --person p10 --offering ntnu-ledelse",
    "no result to explain": "explain {new} --person p02",
    "an offering that nobody applied for": "explain {out} --all --offering no-such",
    "one person and everybody": "explain {out} --person p02 --all",
    "nobody to explain to": "explain {out}",
    "unknown rules": "rules show uis-jus",
    "an unknown scenario to show": "scenarios show coordinated",
    "a place under a file": "allocate {round} --scenario {scenario} --out {scenario}/out",
    "a place nobody can write to": "allocate {round} --scenario {scenario} --out /proc/out",
    "a template nobody can write": "template --out /proc/round.xlsx",
    "a template under a file": "template --out {scenario}/round.xlsx",
}


@pytest.mark.parametrize("what", USAGE)
def test_wrong_usage_is_2_with_a_message(what: str, small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path, dirs_exist_ok=True)
    names = {"round": "round", "out": "out", "scenario": "small.toml", "new": "new"}
    paths = {name: tmp_path / file for name, file in names.items()}
    _refused(tmp_path, *USAGE[what].format(small=tmp_path, **paths).split())


def _refused(folder: Path, *arguments: object) -> None:
    """Exit code 2, a message and no traceback, and nothing written or changed in ``folder``."""
    before = files_of(folder)
    ran = run(*arguments)
    assert ran.code == 2, (ran.code, ran.said)
    assert ran.said.strip()
    assert "Traceback" not in ran.said
    assert "fault of the program" not in ran.said
    assert files_of(folder) == before


def test_no_proven_optimum_is_3_and_says_which(small: Path, tmp_path: Path) -> None:
    ran = run(
        "allocate", small / "round", "--scenario", small / "small.toml",
        "--out", tmp_path / "out", "--time-limit", 0,
    )  # fmt: skip
    assert ran.code == 3, ran.said
    assert "Traceback" not in ran.said
    assert re.search(r"\bproven\b", ran.err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("solver", ["cp-sat", "deferred-acceptance"])
def test_each_solver_alone_gives_the_same_decisions(
    solver: str, small: Path, tmp_path: Path
) -> None:
    ran = run(
        "allocate", small / "round", "--scenario", small / "small.toml", "--language", "en",
        "--out", tmp_path / "out", "--solver", solver,
    )  # fmt: skip
    assert ran.code == 0, ran.said
    ours, theirs = files_of(tmp_path / "out"), files_of(small / "out")
    assert ours["decisions.csv"] == theirs["decisions.csv"]


def test_the_seed_option_wins_over_the_scenarios(small: Path, tmp_path: Path) -> None:
    ran = run(
        "allocate", small / "round", "--scenario", small / "small.toml",
        "--out", tmp_path / "out", "--seed", 8,
    )  # fmt: skip
    assert ran.code == 0, ran.said
    certificate = json.loads((tmp_path / "out" / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["seed"] == 8
    assert run("verify", tmp_path / "out", "--round", small / "round").code == 0


def test_overwrite_replaces_the_whole_folder(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small / "out", tmp_path / "out")
    (tmp_path / "out" / "stray.txt").write_text("from before", encoding="utf-8")
    ran = run(
        "allocate", small / "round", "--scenario", small / "small.toml", "--language", "en",
        "--out", tmp_path / "out", "--overwrite",
    )  # fmt: skip
    assert ran.code == 0, ran.said
    assert files_of(tmp_path / "out") == files_of(small / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_overwrite_that_fails_leaves_the_old_folder(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small / "out", tmp_path / "out")
    bad = {**SMALL, "applications.csv": SMALL["applications.csv"].replace("uis-juss", "uis-jus")}
    write_round(tmp_path / "round", bad)
    _refused(
        tmp_path,
        "allocate", tmp_path / "round", "--scenario", small / "small.toml",
        "--out", tmp_path / "out", "--overwrite",
    )  # fmt: skip


def test_rank_writes_the_rankings_alone(small: Path, tmp_path: Path) -> None:
    scenario = small / "small.toml"
    assert run("rank", small / "round", "--scenario", scenario, "--out", tmp_path / "all").code == 0
    expected = {
        name: data for name, data in files_of(small / "out").items() if name.startswith("rankings/")
    }
    assert files_of(tmp_path / "all") == expected
    ran = run(
        "rank", small / "round", "--scenario", scenario, "--offering", "uis-juss",
        "--out", tmp_path / "one",
    )  # fmt: skip
    assert ran.code == 0
    assert files_of(tmp_path / "one") == {
        "rankings/uis-juss.csv": expected["rankings/uis-juss.csv"]
    }


def test_demo_runs_anywhere_replaces_its_own_and_is_quiet_in_a_pipe(tmp_path: Path) -> None:
    first = run_installed("demo", cwd=tmp_path)
    assert first.code == 0, first.said
    files = files_of(tmp_path / "admissions-demo")
    again = run_installed("demo", "--json", cwd=tmp_path)
    assert again.code == 0, again.said
    assert json.loads(again.out)
    assert files_of(tmp_path / "admissions-demo") == files
    assert "\x1b" not in first.said + again.said
    assert [path.name for path in tmp_path.iterdir()] == ["admissions-demo"]
    ran = run("verify", tmp_path / "admissions-demo", "--round", SHIPPED_ROUND)
    assert ran.code == 0, ran.said


def test_demo_does_not_replace_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter-1.txt").write_text("years of work", encoding="utf-8")
    _refused(tmp_path, "demo", "--out", tmp_path / "thesis")


def test_overwrite_does_not_replace_a_folder_that_is_no_result(small: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter-1.txt").write_text("years of work", encoding="utf-8")
    _refused(
        tmp_path,
        "allocate", small / "round", "--scenario", small / "small.toml",
        "--out", tmp_path / "thesis", "--overwrite",
    )  # fmt: skip


def test_the_round_itself_is_never_overwritten(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small / "round", tmp_path / "round")
    _refused(
        tmp_path,
        "allocate", tmp_path / "round", "--scenario", small / "small.toml",
        "--out", tmp_path / "round", "--overwrite",
    )  # fmt: skip


def test_an_overwrite_that_the_system_refuses_leaves_no_litter(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(
        "allocate", small / "round", "--scenario", small / "small.toml", "--out", ".", "--overwrite"
    )
    assert ran.code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_version_before_an_offering_existed_is_named(small: Path, tmp_path: Path) -> None:
    text = SCENARIO.replace("seed = 7", "seed = 7\nrules_on = 2018-09-01")
    (tmp_path / "scenario.toml").write_text(text, encoding="utf-8")
    ran = run(
        "allocate", small / "round", "--scenario", tmp_path / "scenario.toml",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert ran.code == 2, ran.said
    assert "vid-minoritet" in ran.err
    assert "2018-09-01" in ran.err


@pytest.mark.parametrize("later", [0.0, 0.05, 0.2])
def test_a_killed_run_leaves_no_result(later: float, tmp_path: Path) -> None:
    """Killed ``later`` seconds after it began to write (or, with 0.0, as soon as it did)."""
    arguments = [
        INSTALLED, "allocate", SHIPPED_ROUND, "--scenario", "coordinated-2019",
        "--out", tmp_path / "out",
    ]  # fmt: skip
    running = subprocess.Popen(
        [str(part) for part in arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while running.poll() is None and not list(tmp_path.iterdir()):
            time.sleep(0.005)
        time.sleep(later)
    finally:
        running.kill()
        running.wait()
    whole = run("verify", tmp_path / "out", "--round", SHIPPED_ROUND)
    assert whole.code == (0 if (tmp_path / "out").exists() else 2), whole.said
    assert all(path.name == "out" or path.name.startswith(".") for path in tmp_path.iterdir())


def test_an_interrupted_run_cleans_up_without_a_traceback(tmp_path: Path) -> None:
    arguments = [
        INSTALLED, "allocate", SHIPPED_ROUND, "--scenario", "coordinated-2019",
        "--out", tmp_path / "out",
    ]  # fmt: skip
    running = subprocess.Popen(
        [str(part) for part in arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heeds_ctrl_c,
    )  # fmt: skip
    while running.poll() is None and not list(tmp_path.iterdir()):
        time.sleep(0.005)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert "Traceback" not in err
    assert running.returncode not in (0, 1, 2, 3)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB, where the system lets us make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("a small file system needs root")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=64k", "none", str(place)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("the system allows no mount")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_2_with_a_message_and_leaves_nothing(tiny_disk: Path) -> None:
    for arguments in (
        ["allocate", SHIPPED_ROUND, "--scenario", "coordinated-2019", "--out", tiny_disk / "out"],
        ["pool", "--year", 2019, "--seed", 1, "--out", tiny_disk / "round"],
    ):
        ran = run_installed(*arguments)
        assert ran.code == 2, ran.said
        assert "Traceback" not in ran.said
        assert "No space left" in ran.err
        assert list(tiny_disk.iterdir()) == []
