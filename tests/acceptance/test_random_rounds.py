"""Random rounds through the program against public code that shares nothing with it."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest

from tests.acceptance.command import read_csv, run, write_round
from tests.acceptance.random_rounds import OFFERINGS, RESERVE, WITH_RESERVES, Made, Told, make


def _told(made: Made, folder: Path, *options: str) -> Told:
    round_ = write_round(folder / "round", made.tables)
    (folder / "scenario.toml").write_text(made.scenario, encoding="utf-8")
    ran = run(
        "allocate", round_, "--scenario", folder / "scenario.toml", "--out", folder / "out",
        *options,
    )  # fmt: skip
    assert ran.code == 0, made.scenario + ran.said
    rankings = {path.stem: read_csv(path)[1] for path in (folder / "out" / "rankings").iterdir()}
    lines = made.tables["applicants.csv"].splitlines()
    header, *people = (line.split(",") for line in lines)
    regions = {row[0]: row[header.index("region")] for row in people}
    sectors = {row[0]: row[header.index("sector")] for row in people}
    return Told(
        read_csv(folder / "out" / "decisions.csv")[1], rankings, made.seats, regions, sectors
    )


def _check(told: Told) -> None:
    assert told.faults() == []
    by_hand = told.recomputed_by_hand()
    assert told.held == by_hand
    assert told.published() == told.outcomes(by_hand)
    if told.seats.get(WITH_RESERVES, 4 * RESERVE) >= 4 * RESERVE:
        by_library = told.recomputed_by_matching()
        assert told.published() == told.outcomes(by_library)


@pytest.mark.parametrize("number", range(40))
def test_a_round_of_sixty_is_decided_as_the_library_does(number: int, tmp_path: Path) -> None:
    draw = random.Random(f"sixty:{number}")
    offerings = draw.sample(OFFERINGS, 4)
    _check(_told(make(draw, 60, offerings), tmp_path))


@pytest.mark.parametrize("number", range(8))
def test_independent_calls_come_out_as_called_by_hand(number: int, tmp_path: Path) -> None:
    draw = random.Random(f"independent:{number}")
    made = make(draw, 60, draw.sample(OFFERINGS, 4))
    calls = draw.randint(1, 4)
    mechanism = f'mechanism = "independent"\ncall_rounds = {calls}\nlottery ='
    told = _told(
        dataclasses.replace(made, scenario=made.scenario.replace("lottery =", mechanism)), tmp_path
    )
    held, called = told.recomputed_by_calls(calls)
    expected = told.outcomes(held)
    released = {wish for wish in called if held[wish[0]] != wish[1]}
    waiting: dict[str, int] = {}
    for (person, offering), row in sorted(
        told.decided.items(), key=lambda item: int(item[1]["rank"] or 0)
    ):
        outcome, _ = expected[person, offering]
        if (person, offering) in released:
            expected[person, offering] = "declined", ""
        elif outcome == "waiting":
            waiting[offering] = waiting.get(offering, 0) + 1
            expected[person, offering] = "waiting", str(waiting[offering])
        assert row["qualified"] == ("no" if outcome == "not-qualified" else "yes")
    assert told.held == held
    assert told.published() == expected


def test_a_round_of_eight_hundred_is_decided_as_the_library_does(tmp_path: Path) -> None:
    draw = random.Random("eight hundred")
    _check(_told(make(draw, 800, OFFERINGS), tmp_path))


def test_the_check_finds_a_swap(tmp_path: Path) -> None:
    """The oracle itself can fail: two people's outcomes exchanged are found."""
    draw = random.Random("swap")
    told = _told(make(draw, 60, ["vid-minoritet", "hvl-barnets-beste"]), tmp_path)
    holder, offering = next(iter(sorted(told.held.items())))
    waiting = next(
        person
        for (person, o), row in sorted(told.decided.items())
        if o == offering and row["outcome"] == "waiting" and person not in told.held
    )
    told.held[waiting] = told.held.pop(holder)
    assert told.faults()
    assert told.held != told.recomputed_by_matching()
