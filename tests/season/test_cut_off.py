"""Whatever stops a season, and whoever else writes: it is whole, and nothing is lost."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from admissions.model.errors import UsageError
from admissions.results.season import read_season, save_events
from admissions.season.record import Record
from admissions.season.records import recorded
from tests.season.year import Year, chain_of_three


@pytest.fixture(scope="module")
def begun_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    year = chain_of_three(tmp_path_factory.mktemp("begun"))
    year.answer("a vid-minoritet nei", on="2019-06-05")
    return year.place


def copy(place: Path, to: Path) -> Year:
    shutil.copytree(place, to / "season")
    return Year(to / "season")


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("writes", range(8))
def test_a_call_that_ends_at_any_rename_leaves_a_whole_season(
    begun_year: Path, tmp_path: Path, writes: int
) -> None:
    """b is silent, so the call writes twice: the expiry, then the call itself."""
    year, done = copy(begun_year, tmp_path), 0
    replace, rename = Path.replace, Path.rename

    def cut(real: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def step(self: Path, target: Path) -> Path:
            nonlocal done
            if done == writes:
                raise Killed
            done += 1
            return real(self, target)

        return step

    with (
        patch.object(Path, "replace", cut(replace)),
        patch.object(Path, "rename", cut(rename)),
        contextlib.suppress(Killed),
    ):
        year.run("call", "--on", "2019-06-12")
    year.holds()
    if not year.place.joinpath("call-2").exists() or '"call": 1' in year.ok("status", "--json"):
        year.ok("call", "--on", "2019-06-12")
    assert year.states()["d vid-minoritet"] == "offered"
    assert year.states()["b vid-relasjon"] == "expired"
    assert year.states()["c vid-relasjon"] == "offered"
    year.holds()


def test_of_two_who_enter_something_at_once_the_later_is_told(
    begun_year: Path, tmp_path: Path
) -> None:
    year = copy(begun_year, tmp_path)
    one, other = read_season(year.place), read_season(year.place)
    day = one.standing.on
    assert day is not None
    noted = Record("appeal-received", day, "b", reason="letter of today")
    save_events(recorded(one, noted), year.place)
    with pytest.raises(UsageError, match="meanwhile"):
        save_events(
            recorded(other, Record("appeal-received", day, "c", reason="letter")), year.place
        )
    assert "letter of today" in (year.place / "events.csv").read_text(encoding="utf-8")
    year.holds()


def test_edited_events_are_not_sealed_anew_by_the_next_command(
    begun_year: Path, tmp_path: Path
) -> None:
    year = copy(begun_year, tmp_path)
    year.answer("b vid-relasjon ja", on="2019-06-06")
    path = year.place / "events.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace(",decline,a", ",accept,a"), encoding="utf-8-sig")
    edited = path.read_bytes()
    said = year.refused("answers", year.answers_file("b vid-relasjon ja endelig"),
                        "--on", "2019-06-07")  # fmt: skip
    assert "edited by hand" in said
    assert path.read_bytes() == edited


def test_an_offering_has_its_own_deadline_where_it_states_one(tmp_path: Path) -> None:
    year = chain_of_three(
        tmp_path,
        tables={"offerings.csv": "offering_id,answer_deadline\nvid-minoritet,2019-06-21\n"},
    )
    deadlines = {row[1]: row[4] for row in year.rows("state.csv") if row[3] == "offered"}
    assert deadlines == {"vid-minoritet": "2019-06-21", "vid-relasjon": "2019-06-11"}
    year.holds()


def test_an_offering_that_nobody_asked_for_takes_late_applicants(tmp_path: Path) -> None:
    year = chain_of_three(
        tmp_path,
        tables={
            "round.toml": 'offerings = ["vid-minoritet", "vid-relasjon", "uis-juss"]\n',
        },
    )
    year.ok(
        "record", "late-application", "--person", "d", "--offering", "uis-juss",
        "--on", "2019-06-06", "--reason", "supplementary admission",
    )  # fmt: skip
    year.ok("call", "--on", "2019-06-06")
    assert year.states()["d uis-juss"] == "offered"
    year.holds()
