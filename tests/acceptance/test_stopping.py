"""A long solve that is interrupted: a message, exit code 3, and nothing written."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

from admissions.resources import shipped
from tests.acceptance.command import INSTALLED

HARD = """id = "hard"
extends = "coordinated-2019"
objectives = ["offers-used", "blocking-pairs", "spread-proportional", "preferences", "tie"]

[[quotas]]
id = "few"
title = { nb = "få", nn = "få", en = "few" }
offerings = ["oslomet-juss", "uis-juss", "vid-relasjon", "hvl-barnets-beste"]
seats = 60
"""


def test_ctrl_c_stops_a_solve_cleanly(tmp_path: Path) -> None:
    (tmp_path / "hard.toml").write_text(HARD, encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    process = subprocess.Popen(
        [INSTALLED, "allocate", shipped("scenarios") / "rounds" / "2019",
         "--scenario", tmp_path / "hard.toml", "--out", tmp_path / "out"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(4)
    assert process.poll() is None, "it was over before it could be interrupted"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "stopped" in err
    assert "nothing was written" in err
    assert "Traceback" not in err
    assert out == ""
    assert sorted(tmp_path.iterdir()) == before
