"""Small rounds whose year is played by hand, through the commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance.command import Ran, read_csv, run, write_round

START = "2019-06-03"
"""A Monday; eight days later is Tuesday 11 June."""


@dataclass(frozen=True)
class Year:
    """A season folder, and the commands on it."""

    place: Path

    def run(self, command: str, *words: object) -> Ran:
        return run("season", command, self.place, *words)

    def ok(self, command: str, *words: object) -> str:
        ran = self.run(command, *words)
        assert ran.code == 0, ran.said
        return ran.out

    def refused(self, command: str, *words: object) -> str:
        ran = self.run(command, *words)
        assert ran.code == 2, ran.said
        assert "Traceback" not in ran.said
        return ran.err

    def answer(self, text: str, *, on: str) -> str:
        return self.ok("answers", self.answers_file(text), "--on", on)

    def answers_file(self, text: str) -> Path:
        file = self.place.parent / "answers.csv"
        rows = [line.split() for line in text.strip().splitlines()]
        lines = [",".join([*row[:2], " ".join(row[2:])]) for row in rows]
        file.write_text("\n".join(["person_id,offering_id,answer", *lines]), encoding="utf-8")
        return file

    def states(self) -> dict[str, str]:
        """``person offering`` → ``state``, with the waiting number behind it where there is one."""
        _, rows = read_csv(self.place / "state.csv")
        return {
            f"{row['person_id']} {row['offering_id']}": " ".join(
                part for part in (row["state"], row["waiting_number"]) if part
            )
            for row in rows
        }

    def rows(self, name: str) -> list[tuple[str, ...]]:
        _, rows = read_csv(self.place / name)
        return [tuple(row.values()) for row in rows]

    def holds(self) -> None:
        ran = self.run("verify")
        assert ran.code == 0, ran.said


def begun(
    folder: Path,
    people: Mapping[str, str],
    wishes: Mapping[str, str],
    seats: Mapping[str, int],
    *,
    policy: str = "",
    tables: Mapping[str, str] | None = None,
    scenario: str = "",
    settings: str = 'mechanism = "coordinated"',
) -> Year:
    """The season of a round: ``people`` by id with their grade (or a row's cells after the
    service), ``wishes`` by id, the most wanted offering first; ``settings`` and ``scenario``: lines
    of the scenario's file above its tables, and tables.
    """
    applicants = "person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal\n"
    services = set()
    for person, said in people.items():
        grade, _, rest = said.partition(" ")
        service, _, years = (rest or f"S{person} 5").partition(" ")
        services.add(service)
        applicants += f"{person},municipal,{service},180,{grade},{years or 5}\n"
    applications = "person_id,offering_id,preference\n" + "".join(
        f"{person},{offering},{number}\n"
        for person, line in wishes.items()
        for number, offering in enumerate(line.split(), start=1)
    )
    files = {
        "applicants.csv": applicants,
        "applications.csv": applications,
        "services.csv": "service_id\n" + "\n".join(sorted(services)) + "\n",
        **(tables or {}),
    }
    if policy:
        files["policy.toml"] = policy
    write_round(folder / "round", files)
    stated = "\n".join(f"{name} = {number}" for name, number in seats.items())
    (folder / "small.toml").write_text(
        f'id = "small"\nextends = "current-2019"\n{settings}\nseed = 7\n'
        f"{scenario}\n[seats]\n{stated}\n",
        encoding="utf-8",
    )
    allocated = run(
        "allocate", folder / "round", "--scenario", folder / "small.toml", "--out", folder / "out"
    )
    assert allocated.code == 0, allocated.said
    started = run("season", "start", folder / "out", "--out", folder / "season", "--on", START)
    assert started.code == 0, started.said
    return Year(folder / "season")


def chain_of_three(folder: Path, **more: Any) -> Year:
    """a has the seat at minoritet, b the one at relasjon, where c waits; b and d wait for a's."""
    return begun(
        folder,
        {"a": "4.5", "b": "4.2", "c": "4.0", "d": "3.9"},
        {
            "a": "vid-minoritet",
            "b": "vid-minoritet vid-relasjon",
            "c": "vid-relasjon",
            "d": "vid-minoritet",
        },
        {"vid-minoritet": 1, "vid-relasjon": 1},
        **more,
    )
