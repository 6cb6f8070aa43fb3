"""The command: the same bytes from any number of workers, stopped and continued or not."""

import json
import os
import signal
import subprocess
import time

import pytest

from tests.acceptance.command import (
    INSTALLED,
    files_of,
    heeds_ctrl_c,
    read_csv,
    run,
    run_installed,
)

SCENARIOS = ("--scenario", "current-2019", "--scenario", "leader-within-service")
DRAWS = 45


def simulate(out, *more, draws=DRAWS, command=run):
    return command(
        "simulate", *SCENARIOS, "--draws", draws, "--seed", 3, "--out", out, *more
    )  # fmt: skip


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    out = tmp_path_factory.mktemp("simulated") / "out"
    ran = simulate(out)
    assert ran.code == 0, ran.said
    return out


def test_the_folder_has_its_tables_and_says_what_they_follow_from(once):
    assert {"measures.csv", "differences.csv", "offers.csv", "simulation.json"} <= set(
        files_of(once)
    )
    table = json.loads((once / "simulation.json").read_text(encoding="utf-8"))
    assert (table["seed"], table["draws"], table["reference"]) == (3, DRAWS, "current-2019")
    assert set(table["sha256"]) == {
        "scenario current-2019", "scenario leader-within-service", "people", "yields",
        "scenario current-2019-coordinated",
    }  # fmt: skip
    assert not (once.parent / ".out.draws").exists()


def test_means_lie_between_their_percentiles_and_rows_are_complete(once):
    _, rows = read_csv(once / "measures.csv")
    assert {row["scenario"] for row in rows} == {
        "current-2019", "leader-within-service", "current-2019-coordinated",
    }  # fmt: skip
    met = [r for r in rows if (r["measure"], r["offering"], r["group"]) == ("met", "all", "all")]
    for row in met:
        assert float(row["p5"]) <= float(row["mean"]) <= float(row["p95"])
        assert row["draws"] == str(DRAWS)


def test_differences_are_means_apart(once):
    _, rows = read_csv(once / "measures.csv")
    mean = {(r["scenario"], r["measure"], r["offering"], r["group"]): r["mean"] for r in rows}
    _, differences = read_csv(once / "differences.csv")
    for row in differences:
        key = (row["measure"], row["offering"], row["group"])
        one, first = mean[row["scenario"], *key], mean[row["against"], *key]
        if row["measure"] in ("winners", "losers"):
            first = "0"  # it is counted against that scenario, of which nobody wins or loses by it
        if row["draws"] == str(DRAWS):
            apart = float(one) - float(first)
            assert float(row["mean"]) == pytest.approx(apart, abs=0.011)


def test_each_difference_says_what_it_is_from_and_what_differs(once):
    _, rows = read_csv(once / "differences.csv")
    assert {(row["scenario"], row["against"], row["effect"]) for row in rows} == {
        ("leader-within-service", "current-2019-coordinated", "rules"),
        ("current-2019-coordinated", "current-2019", "mechanism"),
    }
    table = json.loads((once / "simulation.json").read_text(encoding="utf-8"))
    assert table["scenarios"] == ["current-2019", "leader-within-service"]
    assert table["between"] == ["current-2019-coordinated"]


def test_rules_do_nothing_to_who_completes_where_as_many_meet(once):
    """The mechanism sends fewer offers; a leader's order of own staff sends no other number."""
    _, rows = read_csv(once / "differences.csv")
    completed = {
        row["effect"]: (float(row["mean"]), float(row["se"]))
        for row in rows
        if (row["measure"], row["offering"], row["group"]) == ("completed", "all", "all")
    }
    mean, error = completed["mechanism"]
    assert mean < -4 * error
    mean, error = completed["rules"]
    assert abs(mean) < 3 * error + 0.3


def test_two_workers_give_the_same_bytes(once, tmp_path):
    ran = simulate(tmp_path / "two", "--workers", 2, command=run_installed)
    assert ran.code == 0, ran.said
    assert files_of(tmp_path / "two") == files_of(once)


def test_a_run_stopped_by_ctrl_c_keeps_its_draws_and_ends_alike(once, tmp_path):
    out, kept = tmp_path / "out", tmp_path / ".out.draws"
    words = [str(INSTALLED), "simulate", *SCENARIOS, "--draws", str(DRAWS), "--seed", "3"]
    with subprocess.Popen(
        [*words, "--out", str(out)], stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=heeds_ctrl_c,
    ) as process:  # fmt: skip
        deadline = time.monotonic() + 60
        while not list(kept.glob("*.npy")) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume" in said
    assert "Traceback" not in said
    assert not out.exists()
    assert list(kept.glob("*.npy"))
    refused = simulate(out)
    assert refused.code == 2
    assert "--resume" in refused.err
    ran = simulate(out, "--resume")
    assert ran.code == 0, ran.said
    assert files_of(out) == files_of(once)
    assert not kept.exists()


def test_another_run_is_not_continued(tmp_path):
    kept = tmp_path / ".out.draws"
    kept.mkdir()
    (kept / "run.json").write_text('{"seed": 4}', encoding="utf-8")
    ran = simulate(tmp_path / "out", "--resume", draws=1)
    assert ran.code == 2
    assert "the draws of another run" in ran.err


def test_a_result_is_not_overwritten_unless_told(once, tmp_path):
    ran = simulate(once)
    assert ran.code == 2
    assert "exists" in ran.err
    other = tmp_path / "mine"
    other.mkdir()
    assert simulate(other, "--overwrite", draws=1).code == 2


def test_a_scenario_named_twice_is_refused(tmp_path):
    ran = run(
        "simulate", "--scenario", "current-2019", "--scenario", "current-2019",
        "--draws", 1, "--seed", 1, "--out", tmp_path / "out",
    )  # fmt: skip
    assert ran.code == 2
    assert "named twice" in ran.err


def test_json_has_the_main_measures(tmp_path):
    ran = simulate(tmp_path / "out", "--json", draws=2)
    table = json.loads(ran.out)
    assert [row["measure"] for row in table["measures"]["current-2019"]][:2] == ["offers", "met"]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense"])
def test_no_scheduler_there_is_a_usage_error(tmp_path, address):
    ran = simulate(tmp_path / "out", "--scheduler", address, draws=1)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "no Dask scheduler answers" in ran.err
    assert not list(tmp_path.iterdir()), "a run that never began leaves nothing"
