from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.command import run
from tests.letters.rounds import contacts, result


@pytest.fixture(scope="session")
def decided(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The round decided under each mechanism."""
    return {
        mechanism: result(tmp_path_factory.mktemp(mechanism), mechanism)
        for mechanism in ("coordinated", "independent")
    }


@pytest.fixture(scope="session")
def written(decided: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The letters of the coordinated result, with contacts."""
    folder = tmp_path_factory.mktemp("letters")
    out = folder / "out"
    ran = run("letters", decided["coordinated"], "--out", out, "--contacts", contacts(folder))
    assert (ran.code, ran.out) == (
        0, f"4 letters in {out}; 1 without an address. To print: {out}/print.pdf\n"
    )  # fmt: skip
    return out
