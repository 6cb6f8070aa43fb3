"""A long solve: its bound on a terminal; interrupted: a message, exit code 3, nothing written."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from pathlib import Path
from unittest.mock import patch

import pytest

from admissions.model.resources import shipped
from tests.acceptance.command import INSTALLED, heeds_ctrl_c, run

HARD = """id = "hard"
extends = "coordinated-2019"
objectives = ["offers-used", "blocking-pairs", "spread-proportional", "preferences", "tie"]

[[quotas]]
id = "few"
title = { nb = "få", nn = "få", en = "few" }
offerings = ["oslomet-juss", "uis-juss", "vid-relasjon", "hvl-barnets-beste"]
seats = 60
"""


def test_a_long_solve_shows_its_bound_on_a_terminal_and_ctrl_c_stops_it(tmp_path: Path) -> None:
    (tmp_path / "hard.toml").write_text(HARD, encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    terminal, errors = os.openpty()
    process = subprocess.Popen(
        [INSTALLED, "allocate", shipped("scenarios") / "rounds" / "2019",
         "--scenario", tmp_path / "hard.toml", "--out", tmp_path / "out"],
        stdout=subprocess.PIPE, stderr=errors, text=True, preexec_fn=heeds_ctrl_c,
    )  # fmt: skip
    os.close(errors)
    shown = read_until(terminal, "bound ")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    shown += read_until(terminal, "nothing was written")
    os.close(terminal)
    assert process.returncode == 3, shown
    assert "Proving spread-proportional: best " in shown
    assert "Ctrl-C stops." in shown
    assert "error: spread-proportional: stopped before a plan was proven the best" in shown
    assert "Traceback" not in shown
    assert out == ""
    assert sorted(tmp_path.iterdir()) == before


def test_ctrl_c_while_a_library_is_loaded_is_no_fault_of_the_program() -> None:
    fault = ImportError("initialization failed")
    fault.__cause__ = KeyboardInterrupt()
    with patch("admissions.intake.read_round", side_effect=fault):
        ran = run("check", shipped("scenarios") / "rounds" / "2019")
    assert ran.code == 130
    assert "fault" not in ran.said


def read_until(terminal: int, words: str) -> str:
    """What is shown on the terminal up to ``words``, in a minute at most; nothing more after."""
    shown = ""
    while words not in shown and select.select([terminal], [], [], 60)[0]:
        shown += os.read(terminal, 4096).decode()
    return shown


def test_a_fault_of_the_program_is_one_line_and_with_admissions_debug_its_traceback_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    round_ = shipped("scenarios") / "rounds" / "2019"
    with patch("admissions.intake.read_round", side_effect=ZeroDivisionError("by nought")):
        short = run("check", round_)
        monkeypatch.setenv("ADMISSIONS_DEBUG", "1")
        long = run("check", round_)
    assert (short.code, long.code) == (70, 70)
    assert "Traceback" not in short.err
    assert "ADMISSIONS_DEBUG=1" in short.err
    assert long.err.startswith("Traceback")
    assert "error: A fault of the program: ZeroDivisionError: by nought." in long.err


def test_a_mistake_of_the_user_shows_no_traceback_with_admissions_debug_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ADMISSIONS_DEBUG", "1")
    ran = run("check", "no-such-round")
    assert ran.code == 2
    assert "Traceback" not in ran.said
