"""Every mutation of three result folders, through the command: each must be rejected.

Run from the repository's root: python -m tests.acceptance.many_mutations [OF_2019]
Changes each cell, row and value of a small round's result under both mechanisms, and OF_2019 of
those of the shipped round's (1000), each sealed again (``mutations``). Prints those that are not
rejected with exit code 1, or whose message does not name the person; exit code 1 when there is one
that ``INHERENT`` does not explain.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from admissions.model.resources import shipped
from tests.acceptance.command import run, write_round
from tests.acceptance.conftest import SCENARIO, SMALL
from tests.acceptance.mutations import Mutation, every_mutation, sealed

INHERENT = "certificate.json: program.version is "
"""A result may be of another version of the program; its own words are then not compared."""


def not_rejected(round_: Path, out: Path, mutations: Sequence[Mutation]) -> Iterator[str]:
    """What ``verify`` says of each mutation that it does not reject as it should."""
    certificate = (out / "certificate.json").read_bytes()
    for mutation in mutations:
        original = (out / mutation.file).read_bytes()
        sealed(out, mutation)
        ran = run("verify", out, "--round", round_, "--without-allocating")
        (out / mutation.file).write_bytes(original)
        (out / "certificate.json").write_bytes(certificate)
        if ran.code != 1:
            yield f"{mutation.what}: exit code {ran.code}"
        elif not all(name in ran.said for name in mutation.place):
            yield f"{mutation.what}: {', '.join(mutation.place)} is not named in {ran.said}"


def small(folder: Path, mechanism: str) -> tuple[Path, Path]:
    write_round(folder / "round", SMALL)
    scenario = folder / "scenario.toml"
    scenario.write_text(SCENARIO.replace("coordinated", mechanism), encoding="utf-8")
    return folder / "round", allocated(folder / "round", scenario, folder / "out")


def allocated(round_: Path, scenario: object, out: Path) -> Path:
    ran = run("allocate", round_, "--scenario", scenario, "--out", out, "--language", "en")
    assert ran.code == 0, ran.said
    return out


def main() -> None:
    of_2019 = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    found: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        for mechanism in ("coordinated", "independent"):
            folder = Path(place) / mechanism
            folder.mkdir()
            round_, out = small(folder, mechanism)
            found += tried(mechanism, round_, out, [*every_mutation(out)])
        round_, out = shipped("scenarios") / "rounds" / "2019", Path(place) / "2019"
        allocated(round_, "coordinated-2019", out)
        drawn = random.Random(2019).sample([*every_mutation(out)], of_2019)
        found += tried("the round of 2019", round_, out, drawn)
    sys.exit(1 if [line for line in found if not line.startswith(INHERENT)] else 0)


def tried(name: str, round_: Path, out: Path, mutations: Sequence[Mutation]) -> list[str]:
    found = [*not_rejected(round_, out, mutations)]
    sys.stdout.write(f"{name}: {len(mutations)} mutations, {len(found)} not rejected\n")
    sys.stdout.writelines(f"  {line}\n" for line in found)
    sys.stdout.flush()
    return found


if __name__ == "__main__":
    main()
