"""A changed result is rejected, though whoever changed it sealed it again.

Some of all mutations of a small result; ``many_mutations`` tries each of them, and of the shipped
round's.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.acceptance import many_mutations
from tests.acceptance.many_mutations import INHERENT, not_rejected
from tests.acceptance.mutations import Mutation, every_mutation, of_values

OF_ALL = 60


@pytest.mark.parametrize("mechanism", ["coordinated", "independent"])
def test_a_sealed_mutation_is_rejected_and_its_person_named(mechanism: str, tmp_path: Path) -> None:
    round_, out = many_mutations.small(tmp_path, mechanism)
    drawn = random.Random(mechanism).sample([*every_mutation(out)], OF_ALL)
    assert [line for line in not_rejected(round_, out, drawn)
            if not line.startswith(INHERENT)] == []  # fmt: skip


def test_a_sentence_is_rejected_that_says_something_else(small: Path, tmp_path: Path) -> None:
    out = shutil.copytree(small / "out", tmp_path / "out")
    text = (out / "decisions.csv").read_bytes()
    assert text.count(b"number 1 on the waiting list") == 2
    changed = text.replace(b"number 1 on the waiting list", b"number 3 on the list")
    mutation = Mutation("sentences", "decisions.csv", changed, ("p02", "p03", "explanation"))
    assert [*not_rejected(small / "round", out, [mutation])] == []


@pytest.mark.parametrize("name", ["round/applicants.csv", "round/leader_preferences.csv"])
def test_a_copy_of_the_round_is_rejected_that_is_not_the_round(
    name: str, small: Path, tmp_path: Path
) -> None:
    """``explain`` reads it: a changed or added file there would change what a person is told."""
    out = shutil.copytree(small / "out", tmp_path / "out")
    if not (out / name).exists():
        (out / name).write_text("service_id,offering_id,person_id,rank\n", encoding="utf-8")
    data = (out / name).read_bytes().replace(b"municipal", b"state", 1) + b"\n"
    assert [*not_rejected(small / "round", out, [Mutation(name, name, data, (name,))])] == []


def test_a_certificate_that_leaves_out_a_file_is_rejected(small: Path, tmp_path: Path) -> None:
    out = shutil.copytree(small / "out", tmp_path / "out")
    drawn = [
        one
        for one in of_values(out, "certificate.json")
        if "files." in one.what and "is left out" in one.what
    ]
    assert len(drawn) > 8
    assert [*not_rejected(small / "round", out, drawn)] == []
