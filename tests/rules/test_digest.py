"""The digest: published before the deadline, and recomputed by anybody with sha256sum."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from admissions.model.errors import DataError
from admissions.rulebooks.digest import commitment, digest_of, digest_of_files, sealed_texts
from admissions.rulebooks.scenario import ResolvedScenario, resolve
from admissions.rulebooks.scenario_files import (
    as_shipped,
    load_scenario,
    read_scenario_file,
    scenario_ids,
)


def of(scenario: str, **settings: object) -> ResolvedScenario:
    return resolve(load_scenario(scenario).model_copy(update=settings))


def test_it_is_the_hash_of_the_lines_that_sha256sum_prints() -> None:
    files = {"scenario.toml": "aa", "rules/b.toml": "bb", "rules/a.toml": "cc", "report.html": "dd"}
    lines = b"cc  rules/a.toml\nbb  rules/b.toml\naa  scenario.toml\n"
    assert digest_of_files(files) == hashlib.sha256(lines).hexdigest()


@pytest.mark.parametrize("scenario", scenario_ids())
def test_it_is_the_same_when_the_sealed_files_are_read_back(scenario: str, tmp_path: Path) -> None:
    before = of(scenario)
    (tmp_path / "rules").mkdir()
    for name, text in sealed_texts(before).items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    stated = read_scenario_file(tmp_path / "scenario.toml")
    after = resolve(stated, rules=tmp_path / "rules")
    assert digest_of(after) == digest_of(before)
    assert as_shipped(after)


def test_another_seed_seat_or_rule_gives_another() -> None:
    base = load_scenario("coordinated-2019")
    found = {
        digest_of(of("coordinated-2019")),
        digest_of(of("coordinated-2019", seed=base.seed + 1)),
        digest_of(of("coordinated-2019", seats={**base.seats, "uis-juss": 33})),
        digest_of(of("harmonised-points")),
        digest_of(of("relasjon-as-sum", id="coordinated-2019")),
    }
    assert len(found) == 5


def test_the_seed_stands_in_a_commitment_as_its_hash_alone() -> None:
    found = commitment(of("coordinated-2019", seed=7))
    assert found.seed_sha256 == hashlib.sha256(b"7").hexdigest()
    assert found.digest == digest_of(of("coordinated-2019", seed=7))


def write(folder: Path, text: str) -> str:
    path = folder / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "more",
    ["seed = 123\n", "[seats]\nuis-juss = 1\n", 'leader = "points"\n',
     '[[changes]]\nofferings = ["vid-minoritet"]\nrule = "sector"\n'
     'set = { tiers = [["private"], ["municipal", "state"]] }\n'],
)  # fmt: skip
def test_a_file_with_a_shipped_id_and_other_content_is_refused(more: str, tmp_path: Path) -> None:
    text = f'id = "coordinated-2019"\nextends = "coordinated-2019"\n{more}'
    with pytest.raises(DataError, match=r"coordinated-2019.*shipped.*Maybe"):
        load_scenario(write(tmp_path, text))


def test_a_file_with_a_shipped_id_and_its_content_is_that_scenario(tmp_path: Path) -> None:
    shipped = load_scenario("seats-2020")
    text = 'id = "seats-2020"\nextends = "seats-2020"\n'
    title = "".join(
        f"{name} = {{ nb = '{one.nb}', nn = '{one.nn}', en = '{one.en}' }}\n"
        for name, one in (("title", shipped.title), ("why", shipped.why))
        if one is not None
    )
    sources = f"sources = {list(shipped.sources)}\n"
    assert load_scenario(write(tmp_path, text + title + sources)) == shipped


def test_other_rules_are_not_as_shipped_under_a_shipped_id() -> None:
    turned = of("relasjon-as-sum", id="coordinated-2019")
    assert not as_shipped(turned)
    assert as_shipped(of("relasjon-as-sum", id="my-own"))
