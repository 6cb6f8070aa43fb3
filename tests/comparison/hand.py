"""Rounds and scenarios of a few lines, written as files and read as any other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from admissions.comparison.runs import Comparison, compare
from admissions.intake import read_round
from admissions.model.resources import offering_ids
from admissions.rulebooks.scenario import ResolvedScenario, resolve
from admissions.rulebooks.scenario_files import load_scenario

_PEOPLE = (
    "person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal,"
    "experience_documented,further_education_count"
)


def write_round(folder: Path, case: Mapping[str, Any]) -> Path:
    people, wishes, services = [_PEOPLE], ["person_id,offering_id,preference"], []
    for person in case["people"]:
        service = person.get("service", f"own-{person['id']}")
        services.append(service)
        people.append(
            f"{person['id']},municipal,{service},180,{person['grade']},5,"
            f"{person.get('documented', 'yes')},{person.get('further', 0)}"
        )
        wishes += [f"{person['id']},{o},{n}" for n, o in enumerate(person["wishes"], start=1)]
    leader = ["service_id,offering_id,person_id,rank"]
    by_person = {person["id"]: person.get("service") for person in case["people"]}
    leader += [f"{by_person[p]},,{p},{n}" for n, p in enumerate(case.get("leader", []), start=1)]
    round_folder = folder / "round"
    round_folder.mkdir()
    for name, lines in (
        ("applicants", people),
        ("applications", wishes),
        ("services", ["service_id,employees", *(f"{s},10" for s in sorted(set(services)))]),
        ("leader_preferences", leader),
    ):
        (round_folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return round_folder


def write_scenario(folder: Path, name: str, text: str, seats: Mapping[str, int]) -> Path:
    lines = [f'id = "{name}"', text.strip().split("[[", 1)[0]]
    lines += ["[seats]", *(f"{offering} = {n}" for offering, n in seats.items())]
    if "[[" in text:
        lines.append("[[" + text.split("[[", 1)[1])
    path = folder / f"{name}.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def scenarios(folder: Path, case: Mapping[str, Any]) -> list[Path]:
    other = case.get("other_seats", case["seats"])
    return [
        write_scenario(folder, "base", case["base"], case["seats"]),
        write_scenario(folder, "other", case["other"], other),
    ]


def compared(folder: Path, case: Mapping[str, Any]) -> Comparison:
    read = read_round(write_round(folder, case), offerings=offering_ids())
    return compare(read, [resolved(path) for path in scenarios(folder, case)])


def resolved(name: Path | str) -> ResolvedScenario:
    return resolve(load_scenario(str(name)))
