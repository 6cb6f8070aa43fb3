"""What one can hold on to: the digest published before, the commitment, the signature."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from pathlib import Path

import pytest

from admissions.model.resources import shipped
from tests.acceptance.command import run, write_round
from tests.acceptance.conftest import SCENARIO, SMALL

SALT = "cutlet willow snazzy marble onion teapot"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with ``round/`` and ``small.toml``."""
    write_round(tmp_path / "round", SMALL)
    (tmp_path / "small.toml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def allocate(place: Path, *more: object, out: str = "out") -> str:
    ran = run(
        "allocate", place / "round", "--scenario", place / "small.toml", "--out", place / out,
        "--language", "en", *more,
    )  # fmt: skip
    assert ran.code == 0, ran.said
    return ran.said


def committed(place: Path, *more: object) -> dict[str, str]:
    ran = run("commit", place / "round", "--scenario", place / "small.toml", *more)
    assert ran.code == 0, ran.said
    found: dict[str, str] = json.loads(ran.out)
    return found


def test_the_digest_is_that_of_the_sealed_files_and_stands_everywhere(place: Path) -> None:
    found = committed(place)
    assert found["seed_sha256"] == hashlib.sha256(b"7").hexdigest()
    assert found["digest"] in allocate(place)
    out = place / "out"
    names = sorted(path.relative_to(out).as_posix() for path in (out / "rules").iterdir())
    lines = [
        f"{hashlib.sha256((out / name).read_bytes()).hexdigest()}  {name}\n"
        for name in [*names, "scenario.toml"]
    ]
    assert found["digest"] == hashlib.sha256("".join(lines).encode()).hexdigest()
    certificate = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["digest"] == found["digest"]
    assert found["digest"] in (out / "report.html").read_text(encoding="utf-8")
    told = run("verify", out, "--round", place / "round", "--digest", found["digest"])
    assert told.code == 0
    assert found["digest"] in told.out


def test_a_result_of_another_digest_fails(place: Path) -> None:
    before = committed(place)["digest"]
    (place / "small.toml").write_text(SCENARIO.replace("uis-juss = 2", "uis-juss = 3"), "utf-8")
    assert before in allocate(place)  # a note: it is not what was published
    ran = run("verify", place / "out", "--round", place / "round", "--digest", before)
    assert ran.code == 1
    assert before in ran.err


def test_what_is_no_digest_is_refused(place: Path) -> None:
    allocate(place)
    assert run("verify", place / "out", "--round", place / "round", "--digest", "7").code == 2


def test_a_committed_round_has_its_seed(place: Path) -> None:
    found = committed(place, "--seed", 123456789012345678)
    ran = run(
        "allocate", place / "round", "--scenario", place / "small.toml", "--out", place / "out",
        "--seed", 8,
    )  # fmt: skip
    assert ran.code == 2
    assert found["digest"] in ran.err
    assert not (place / "out").exists()
    assert found["digest"] in allocate(place, "--seed", 123456789012345678)  # revealed


def test_a_hidden_seed_is_not_in_what_is_published(place: Path) -> None:
    ran = run(
        "commit", place / "round", "--scenario", place / "small.toml", "--seed", 123456789012345678
    )
    kept = (place / "round" / "commitment.json").read_text(encoding="utf-8")
    assert "123456789012345678" not in ran.said + kept
    assert "small" not in ran.err


def test_a_seed_that_can_be_guessed_is_said_to_be(place: Path) -> None:
    ran = run("commit", place / "round", "--scenario", place / "small.toml")
    assert "18 digits" in ran.err


def test_a_salt_hides_a_small_seed_until_both_are_told(place: Path) -> None:
    round_, scenario = place / "round", ("--scenario", place / "small.toml")
    ran = run("commit", round_, *scenario, "--salt", SALT)
    published = json.loads(ran.out)
    kept = round_ / "commitment.salt"
    salt = SALT

    assert "18 digits" not in ran.err
    assert kept.read_text(encoding="utf-8").strip() == salt
    assert salt not in ran.said
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    tried = {hashlib.sha256(str(seed).encode()).hexdigest() for seed in range(100)}
    assert published["seed_sha256"] not in tried
    assert published["seed_sha256"] == hashlib.sha256(f"{salt}:7".encode()).hexdigest()

    allocate(place)
    certificate = json.loads((place / "out" / "certificate.json").read_text(encoding="utf-8"))
    digest = certificate["digest"]
    assert published["digest"] == hashlib.sha256(f"{salt}:{digest}".encode()).hexdigest()
    verified = ("verify", place / "out", "--round", round_, "--digest", published["digest"])
    assert run(*verified, "--salt", salt).code == 0
    assert run(*verified).code == 1
    assert run(*verified, "--salt", "another").code == 1


def test_a_salt_that_could_be_guessed_is_refused(place: Path) -> None:
    ran = run(
        "commit", place / "round", "--scenario", place / "small.toml", "--salt", "fifteen letters"
    )

    assert ran.code == 2
    assert "has 15 characters; expected at least 16" in ran.err
    assert not (place / "round" / "commitment.json").exists()


def test_a_salted_round_refuses_other_seeds_and_says_where_the_salt_is_gone(place: Path) -> None:
    round_, scenario = place / "round", ("--scenario", place / "small.toml")
    assert run("commit", round_, *scenario, "--salt", SALT).code == 0
    made = ("allocate", round_, *scenario, "--overwrite", "--out", place / "out")

    assert run(*made, "--seed", 8).code == 2
    assert run(*made, "--seed", 7).code == 0
    (round_ / "commitment.salt").unlink()
    assert run(*made, "--seed", 7).code == 2
    assert "the salt is not beside the round" in run(*made).err


def test_another_commitment_says_that_there_was_one(place: Path) -> None:
    before = committed(place)
    ran = run("commit", place / "round", "--scenario", place / "small.toml", "--seed", 9)
    assert before["digest"] in ran.err
    assert json.loads(ran.out)["digest"] != before["digest"]


def test_the_commitment_is_no_table_of_the_round(place: Path) -> None:
    committed(place)
    ran = run("check", place / "round")
    assert ran.code == 0
    assert "commitment" not in ran.said


def test_a_commitment_that_nobody_wrote_is_an_error(place: Path) -> None:
    (place / "round" / "commitment.json").write_text('{"digest": "7"}', encoding="utf-8")
    ran = run(
        "allocate", place / "round", "--scenario", place / "small.toml", "--out", place / "out"
    )
    assert ran.code == 2
    assert "commitment.json" in ran.err


def test_the_shipped_round_is_nobody_s_to_commit() -> None:
    round_ = shipped("scenarios") / "rounds" / "2019"
    before = sorted(path.name for path in round_.iterdir())
    assert run("commit", round_, "--scenario", "coordinated-2019").code == 0
    assert sorted(path.name for path in round_.iterdir()) == before


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """Two keys, ``office`` and ``other``."""
    for name in ("office", "other"):
        assert run("keygen", "--out", tmp_path / name).code == 0
    return tmp_path


def test_a_key_is_for_its_owner_and_never_overwritten(keys: Path) -> None:
    assert stat.S_IMODE((keys / "office").stat().st_mode) == 0o600
    before = (keys / "office").read_bytes()
    assert run("keygen", "--out", keys / "office").code == 2
    assert (keys / "office").read_bytes() == before


def test_who_signed_is_named(place: Path, keys: Path) -> None:
    allocate(place, "--sign-with", keys / "office")
    told = run("verify", place / "out", "--round", place / "round")
    assert told.code == 0
    assert "Signed with the key" in told.out
    by = ("verify", place / "out", "--round", place / "round", "--signer")
    known = run(*by, keys / "office.pub")
    assert (known.code, "Signed by office" in known.out) == (0, True)
    assert run(*by, keys / "other.pub").code == 1


def test_a_certificate_changed_after_it_was_signed_fails(place: Path, keys: Path) -> None:
    allocate(place, "--sign-with", keys / "office")
    certificate = place / "out" / "certificate.json"
    certificate.write_bytes(certificate.read_bytes() + b"\n")
    ran = run("verify", place / "out", "--round", place / "round")
    assert ran.code == 1
    assert "signature.json" in ran.err


def test_a_signature_taken_from_another_result_fails(place: Path, keys: Path) -> None:
    allocate(place, "--sign-with", keys / "office")
    allocate(place, "--seed", 8, out="other-seed")
    shutil.copy(place / "out" / "signature.json", place / "other-seed")
    assert run("verify", place / "other-seed", "--round", place / "round").code == 1


def test_a_signature_that_is_demanded_and_missing_fails(place: Path, keys: Path) -> None:
    allocate(place)
    ran = run("verify", place / "out", "--round", place / "round", "--signer", keys / "office.pub")
    assert ran.code == 1


@pytest.mark.parametrize("name", ["office.pub", "small.toml", "missing"])
def test_what_is_no_private_key_signs_nothing(place: Path, keys: Path, name: str) -> None:
    ran = run(
        "allocate", place / "round", "--scenario", place / "small.toml", "--out", place / "out",
        "--sign-with", keys / name,
    )  # fmt: skip
    assert ran.code == 2
    assert not (place / "out").exists()


SHIPPED_ID = """id="coordinated-2019"
extends="coordinated-2019"
[seats]
vid-minoritet=1
[[changes]]
offerings=["vid-minoritet"]
rule="sector"
set={tiers=[["private"],["municipal","state"]]}
"""


def test_turned_tiers_under_a_shipped_scenario_s_id_are_refused(place: Path) -> None:
    (place / "small.toml").write_text(SHIPPED_ID, encoding="utf-8")
    ran = run(
        "allocate", place / "round", "--scenario", place / "small.toml", "--out", place / "out"
    )
    assert ran.code == 2
    assert "coordinated-2019" in ran.err
    assert not (place / "out").exists()


def test_a_result_of_other_rules_sealed_under_a_shipped_id_fails(place: Path) -> None:
    own = SHIPPED_ID.replace('id="coordinated-2019"', 'id="my-own"', 1)
    (place / "small.toml").write_text(own, encoding="utf-8")
    allocate(place)
    forged = place / "forged"
    shutil.copytree(place / "out", forged)
    for name in ("scenario.toml", "summary.json"):
        path = forged / name
        path.write_text(path.read_text("utf-8").replace("my-own", "coordinated-2019"), "utf-8")
    certificate = json.loads((forged / "certificate.json").read_text(encoding="utf-8"))
    certificate["scenario"] = "coordinated-2019"
    for name in certificate["files"]:
        certificate["files"][name] = hashlib.sha256((forged / name).read_bytes()).hexdigest()
    names = [*sorted(n for n in certificate["files"] if n.startswith("rules/")), "scenario.toml"]
    lines = "".join(f"{certificate['files'][name]}  {name}\n" for name in names)
    certificate["digest"] = hashlib.sha256(lines.encode()).hexdigest()
    (forged / "certificate.json").write_text(json.dumps(certificate), encoding="utf-8")
    ran = run("verify", forged, "--round", place / "round")
    assert ran.code == 1
    assert "is a shipped scenario's" in ran.said
