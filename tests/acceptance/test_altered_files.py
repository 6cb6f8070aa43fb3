"""Each file of a result folder, altered as somebody could and sealed again: caught, or told of."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from admissions.model.version import __version__
from tests.acceptance.command import run, write_round
from tests.acceptance.conftest import SCENARIO, SMALL

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Path]:
    """The files of a small round's result, the public report among them, and the round's folder."""
    place = tmp_path_factory.mktemp("altered")
    write_round(place / "round", SMALL)
    (place / "small.toml").write_text(SCENARIO, encoding="utf-8")
    ran = run(
        "allocate", place / "round", "--scenario", place / "small.toml", "--out", place / "out",
        "--language", "en", "--public",
    )  # fmt: skip
    assert ran.code == 0, ran.said
    out = place / "out"
    paths = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}, place / "round"


def sealed(files: Files) -> Files:
    """``files`` with a certificate that names them as they are: hashes, and the digest."""
    certificate = json.loads(files["certificate.json"])
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    certificate["files"] = {name: hashes[name] for name in sorted(certificate["files"])}
    rules = [*sorted(n for n in hashes if n.startswith("rules/")), "scenario.toml"]
    lines = "".join(f"{hashes[name]}  {name}\n" for name in rules)
    certificate["digest"] = hashlib.sha256(lines.encode()).hexdigest()
    return {**files, "certificate.json": json.dumps(certificate).encode()}


def verified(files: Files, round_: Path, tmp_path: Path, *more: str) -> tuple[int, str]:
    out = tmp_path / "result"
    for name, data in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    ran = run("verify", out, "--round", round_, "--without-allocating", "--language", "en", *more)
    return ran.code, ran.said


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    def alter(data: bytes) -> bytes:
        assert old.encode() in data, old
        return data.replace(old.encode(), new.encode(), 1)

    return alter


def cell(sheet: int, at: str, value: str | int) -> Callable[[bytes], bytes]:
    def alter(data: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(data))
        book.worksheets[sheet][at] = value
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    return alter


ALTERED = {
    "report.html": replaced("Testhøgskolen", "Another university"),
    "report-public.html": replaced("</h1>", ", corrected</h1>"),
    "decisions.csv": replaced("You are offered", "You are not offered"),
    "summary.json": replaced('"qualified"', '"applied"'),
    "rankings/uis-juss.csv": replaced(",T1,", ",T2,"),
    "decisions.xlsx": cell(0, "H2", "waiting"),
    "round/applicants.csv": replaced("p05", "p50"),
    "round/applications.csv": replaced("p05", "p50"),
    "round/services.csv": replaced("12.5", "99"),
    "round/round.toml": replaced("Testhøgskolen", "Another university"),
}


@pytest.mark.parametrize("name", sorted(ALTERED))
def test_a_file_altered_and_sealed_again_is_caught(
    made: tuple[Files, Path], tmp_path: Path, name: str
) -> None:
    files, round_ = made
    altered = sealed({**files, name: ALTERED[name](files[name])})
    code, said = verified(altered, round_, tmp_path)
    assert code == 1
    assert name.rpartition("/")[2].removesuffix(".csv") in said


def test_every_file_of_a_result_is_among_those_tried(made: tuple[Files, Path]) -> None:
    by_digest = {name for name in made[0] if name.startswith("rules/")} | {"scenario.toml"}
    rankings = {name for name in made[0] if name.startswith("rankings/")}
    assert set(made[0]) == {*ALTERED, *by_digest, *rankings, "certificate.json"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", 8),
        ("language", "nn"),
        ("language", "se"),
        ("mechanism", "independent"),
        ("rules_on", "2019-08-02"),
        ("inputs", {}),
        ("files", {}),
        ("solvers", []),
        ("properties", {}),
        ("from_base", None),
        ("from_base", {"base": "my-own", "seats": [], "seed": False, "rules_on": True}),
        ("taken_as_published", {"uis-juss": {"grade": "grade-points"}}),
    ],
)
def test_a_certificate_that_says_something_else_is_caught(
    made: tuple[Files, Path], tmp_path: Path, key: str, value: object
) -> None:
    files, round_ = made
    certificate = {**json.loads(files["certificate.json"]), key: value}
    code, _ = verified(
        {**files, "certificate.json": json.dumps(certificate).encode()}, round_, tmp_path
    )
    assert code == 1


def test_other_words_in_scenario_or_rules_are_caught_by_the_digest_published_before(
    made: tuple[Files, Path], tmp_path: Path
) -> None:
    files, round_ = made
    digest = json.loads(files["certificate.json"])["digest"]
    for at, name in enumerate(("scenario.toml", "rules/uis-juss.toml")):
        altered = sealed({**files, name: files[name] + b"# another\n"})
        code, said = verified(altered, round_, tmp_path / str(at), "--digest", digest)
        assert code == 1
        assert digest in said


def test_a_file_that_no_run_writes_is_said_not_to_be_checked(
    made: tuple[Files, Path], tmp_path: Path
) -> None:
    files, round_ = made
    code, said = verified({**files, "minutes.docx": b"\x00"}, round_, tmp_path)
    assert (code, "Not checked, since no run writes them: minutes.docx." in said) == (0, True)
    code, said = verified({**files, "rankings/more.csv": b"rank\n"}, round_, tmp_path)
    assert code == 1


def test_a_page_added_to_a_result_under_the_name_of_a_public_report_is_caught(
    made: tuple[Files, Path], tmp_path: Path
) -> None:
    files, round_ = made
    certificate = json.loads(files["certificate.json"])
    del certificate["files"]["report-public.html"]
    added = {**files, "certificate.json": json.dumps(certificate).encode()}
    code, said = verified(added, round_, tmp_path)
    assert (code, "report-public.html" in said) == (1, True)


def test_a_workbook_answered_in_where_it_lies_verifies_and_says_what_was_filled_in(
    made: tuple[Files, Path], tmp_path: Path
) -> None:
    files, round_ = made
    filled = cell(1, "L2", "ja")(cell(1, "M2", "2019-05-20")(files["decisions.xlsx"]))
    code, said = verified({**files, "decisions.xlsx": filled}, round_, tmp_path)
    assert code == 0
    assert "decisions.xlsx: only the answer columns were filled in since the run" in said


def test_a_workbook_answered_in_and_changed_besides_names_the_row(
    made: tuple[Files, Path], tmp_path: Path
) -> None:
    files, round_ = made
    changed = cell(0, "G3", 1)(cell(0, "L2", "ja")(files["decisions.xlsx"]))
    code, said = verified({**files, "decisions.xlsx": changed}, round_, tmp_path)
    assert code == 1
    assert "decisions.xlsx, sheet All, row 3" in said
    assert "only the answer columns" not in said


def test_what_another_version_wrote_is_said_not_to_be_made_again(
    made: tuple[Files, Path], tmp_path: Path
) -> None:
    files, round_ = made
    certificate = json.loads(files["certificate.json"])
    certificate["program"]["version"] = "0.0.9"
    older = {**files, "certificate.json": json.dumps(certificate).encode()}
    code, said = verified(older, round_, tmp_path)
    assert (code, "only the hashes were held against the certificate" in said) == (0, True)
    assert __version__ != "0.0.9"
