"""The result folder as the contract describes it."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import random
import re
import shutil
import socket
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.command import files_of, read_csv, run, run_installed, write_round
from tests.acceptance.conftest import SMALL

DECISIONS = [
    "person_id", "offering_id", "preference", "qualified", "points", "rank", "outcome",
    "waiting_number", "reason", "explanation",
]  # fmt: skip
NAMED = (
    "decisions.csv", "certificate.json", "summary.json", "scenario.toml", "report.html",
    "rankings/uis-juss.csv", "rankings/vid-minoritet.csv", "rules/uis-juss.toml",
)  # fmt: skip


def test_every_file_of_the_contract_is_there(small: Path) -> None:
    assert set(NAMED) <= set(files_of(small / "out"))
    assert [path.name for path in sorted((small / "out" / "rankings").iterdir())] == [
        "uis-juss.csv",
        "vid-minoritet.csv",
    ]


def test_decisions_have_the_columns_and_a_row_an_application_by_person_and_preference(
    small: Path,
) -> None:
    columns, rows = read_csv(small / "out" / "decisions.csv")
    assert columns == DECISIONS
    keys = [(row["person_id"], int(row["preference"])) for row in rows]
    assert keys == sorted(keys)
    applied = {tuple(line.split(",")) for line in SMALL["applications.csv"].split("\n")[2:-1]}
    assert {(r["person_id"], r["offering_id"], r["preference"]) for r in rows} == applied
    for row in rows:
        assert row["qualified"] in ("yes", "no")
        assert row["outcome"] in ("offered", "waiting", "lapsed", "not-qualified")
        assert (row["rank"] == "") == (row["qualified"] == "no")
        assert (row["waiting_number"] != "") == (row["outcome"] == "waiting")
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row["reason"])
        assert "," not in row["points"]
        assert row["explanation"].strip()


def test_ranking_tables_sort_to_their_ranks(small: Path) -> None:
    for path in sorted((small / "out" / "rankings").iterdir()):
        columns, rows = read_csv(path)
        assert columns[:4] == ["rank", "person_id", "service_id", "qualified"]
        ranked = [row for row in rows if row["qualified"] == "yes"]
        assert rows[: len(ranked)] == ranked
        assert [row["rank"] for row in ranked] == [str(n) for n in range(1, len(ranked) + 1)]
        assert all(row["rank"] == "" for row in rows[len(ranked) :])
        cells = [[int(row[name]) for name in columns[4:]] for row in ranked]
        assert cells == sorted(cells, reverse=True)
        assert all(re.fullmatch(r"-?[0-9]+", row[c]) for row in rows for c in columns[4:])


def test_ranking_columns_are_the_rules_in_the_rulebooks_order(small: Path) -> None:
    for offering in ("uis-juss", "vid-minoritet"):
        text = (small / "out" / "rules" / f"{offering}.toml").read_text(encoding="utf-8")
        (version,) = tomllib.loads(text)["versions"]
        rules = [
            rule["id"] for part in ("requirements", "criteria", "ties") for rule in version[part]
        ]
        assert read_csv(small / "out" / "rankings" / f"{offering}.csv")[0][4:] == rules
        assert rules[-1] == "lottery"


def test_the_lotterys_cell_is_minus_the_place_in_the_draw(small: Path) -> None:
    people = {line.split(",")[0] for line in SMALL["applicants.csv"].split("\n")[2:-1]}

    def number(person: str) -> tuple[bytes, str]:
        return hashlib.sha256(f"7:{person}".encode()).digest()[:8], person

    place = {person: n for n, person in enumerate(sorted(people, key=number), start=1)}
    for path in sorted((small / "out" / "rankings").iterdir()):
        for row in read_csv(path)[1]:
            assert int(row["lottery"]) == -place[row["person_id"]]


def test_the_certificate_names_inputs_rulebooks_program_seed_solvers_and_properties(
    small: Path,
) -> None:
    certificate = json.loads((small / "out" / "certificate.json").read_text(encoding="utf-8"))
    for name, digest in certificate["inputs"].items():
        data = (small / "round" / name).read_bytes()
        assert digest == hashlib.sha256(data).hexdigest()
    assert set(certificate["inputs"]) == set(SMALL)
    assert certificate["seed"] == 7
    assert certificate["rulebooks"]["uis-juss"] == "uis-juss-2019"
    assert certificate["program"]["version"]
    assert {solver["solver"] for solver in certificate["solvers"]} == {
        "cp-sat",
        "deferred-acceptance",
    }
    exact = next(s for s in certificate["solvers"] if s["solver"] == "cp-sat")
    assert exact["status"] == "OPTIMAL"
    assert [o["name"] for o in exact["objectives"]][:3] == [
        "blocking-pairs",
        "offers-used",
        "preferences",
    ]
    properties = certificate["properties"]
    assert {f"P{n}" for n in range(1, 12)} <= set(properties)
    for found in properties.values():
        assert found["holds"] in (True, False, None)
        assert found["statement"]
        assert found["counted"]
    for promised in ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P11"):
        assert properties[promised]["holds"] is True


def test_the_summary_counts_what_the_decisions_say(small: Path) -> None:
    summary = json.loads((small / "out" / "summary.json").read_text(encoding="utf-8"))
    _, rows = read_csv(small / "out" / "decisions.csv")
    sector = {line.split(",")[0]: line.split(",")[1] for line in SMALL["applicants.csv"].split()}
    for offering, counts in summary["offerings"].items():
        assert counts["seats"] == 2
        here = [row for row in rows if row["offering_id"] == offering]
        for outcome in ("offered", "waiting"):
            chosen = [sector[r["person_id"]] for r in here if r["outcome"] == outcome]
            assert counts[outcome]["total"] == len(chosen)
            for name in ("municipal", "state", "private"):
                assert counts[outcome][name] == chosen.count(name)
        qualified = [r for r in here if r["qualified"] == "yes"]
        assert counts["qualified"]["total"] == len(qualified)
        last = max((r for r in here if r["outcome"] == "offered"), key=lambda r: int(r["rank"]))
        assert counts["last_admitted_points"]["total"] == last["points"]


def _texts_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and of a workbook every part."""
    for name, data in files_of(folder).items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                yield from ((f"{name}/{part}", parts.read(part)) for part in parts.namelist())
        else:
            yield name, data


def test_nothing_of_the_machine_or_the_moment_is_inside(small: Path) -> None:
    host = socket.gethostname()
    for name, data in _texts_of(small / "out"):
        text = data.decode("utf-8-sig")
        assert str(small) not in text, name
        assert platform.python_version() not in text, name
        assert len(host) < 5 or host not in text, name


def test_the_report_opens_offline(small: Path) -> None:
    page = (small / "out" / "report.html").read_text(encoding="utf-8")
    loads = re.findall(r"<(?:link|script|img|iframe)\b[^>]*\b(?:src|href)=[\"']?([^\"' >]+)", page)
    assert not [url for url in loads if not url.startswith(("data:", "#"))]
    assert not re.search(r"@import|url\(\s*[\"']?https?:", page)


def test_verify_needs_nothing_but_the_folder_and_the_round(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small / "out", tmp_path / "moved")
    shutil.copytree(small / "round", tmp_path / "elsewhere")
    ran = run("verify", tmp_path / "moved", "--round", tmp_path / "elsewhere", "--json")
    assert ran.code == 0, ran.said
    assert all(found["holds"] in (True, None) for found in json.loads(ran.out))


def _replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def tamper(out: Path) -> None:
        path = out / name
        text = path.read_bytes().decode("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_bytes(text.replace(old, new, 1).encode())

    return tamper


def _swap_people(out: Path) -> None:
    """The one with the offer and the first in line change outcomes."""
    path = out / "decisions.csv"
    lines = path.read_bytes().decode("utf-8").split("\n")
    held = next(n for n, line in enumerate(lines) if ",uis-juss," in line and ",offered," in line)
    next_in = next(
        n for n, line in enumerate(lines) if ",uis-juss," in line and ",waiting,1," in line
    )
    lines[held] = lines[held].replace(",offered,,", ",waiting,1,")
    lines[next_in] = lines[next_in].replace(",waiting,1,", ",offered,,")
    path.write_bytes("\n".join(lines).encode())


TAMPERED: dict[str, tuple[Callable[[Path], None], str]] = {
    "two people change places": (_swap_people, "P5"),
    "somebody who is not qualified gets an offer": (
        _replace("decisions.csv", "not-qualified", "offered"),
        "P1",
    ),
    "an offer is taken away": (_replace("decisions.csv", ",offered,,", ",waiting,1,"), "P6"),
    "a rank in a ranking": (_replace("rankings/uis-juss.csv", "\n1,", "\n2,"), "P8"),
    "a cell in a ranking": (_replace("rankings/uis-juss.csv", ",370,", ",380,"), "P8"),
    "points in the decisions": (_replace("decisions.csv", ",4.10,", ",4.20,"), ""),
    "a seed in the scenario": (_replace("scenario.toml", "seed = 7", "seed = 8"), ""),
    "seats in the scenario": (_replace("scenario.toml", "uis-juss = 2", "uis-juss = 3"), ""),
    "a threshold in the rules": (_replace("rules/uis-juss.toml", "years = 2", "years = 3"), ""),
    "an objective in the certificate": (
        _replace("certificate.json", '"name": "preferences",', '"name": "preferencez",'),
        "P9",
    ),
    "a count in the summary": (_replace("summary.json", '"total": 2', '"total": 3'), ""),
    "the explanation of a decision": (
        _replace("decisions.csv", "are offered a seat", "were offered a seat"),
        "",
    ),
    "the report": (_replace("report.html", "</title>", "!</title>"), ""),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_result_is_rejected_with_the_property_named(
    what: str, small: Path, tmp_path: Path
) -> None:
    tamper, name = TAMPERED[what]
    shutil.copytree(small / "out", tmp_path / "out")
    tamper(tmp_path / "out")
    ran = run("verify", tmp_path / "out", "--round", small / "round")
    assert ran.code == 1, ran.said
    assert re.search(rf"\b{name or 'P[0-9]+'}\b", ran.err), ran.err
    assert "Traceback" not in ran.err


def test_a_workbook_that_says_otherwise_is_rejected_though_it_is_sealed_again(
    small: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(small / "out", out)
    workbook, edited = out / "decisions.xlsx", io.BytesIO()
    with zipfile.ZipFile(workbook) as was, zipfile.ZipFile(edited, "w") as now:
        for name in was.namelist():
            now.writestr(name, was.read(name).replace(b"<t>p10</t>", b"<t>p99</t>"))
    workbook.write_bytes(edited.getvalue())
    certificate = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    certificate["files"]["decisions.xlsx"] = hashlib.sha256(edited.getvalue()).hexdigest()
    (out / "certificate.json").write_text(json.dumps(certificate), encoding="utf-8")

    ran = run("verify", out, "--round", small / "round", "--without-allocating")

    assert ran.code == 1
    assert "it says something else than decisions.csv" in ran.err


def test_a_round_that_is_changed_afterwards_is_rejected(small: Path, tmp_path: Path) -> None:
    changed = SMALL["applicants.csv"].replace("p10,municipal,T4,180,3.7", "p10,municipal,T4,180,5")
    write_round(tmp_path / "round", {**SMALL, "applicants.csv": changed})
    ran = run("verify", small / "out", "--round", tmp_path / "round")
    assert ran.code == 1
    assert re.search(r"\bP[0-9]+\b", ran.err)


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_any_hash_seed_gives_the_same_bytes(hash_seed: str, small: Path, tmp_path: Path) -> None:
    ran = run_installed(
        "allocate", small / "round", "--scenario", small / "small.toml",
        "--out", tmp_path / "out", "--language", "en", env={"PYTHONHASHSEED": hash_seed},
    )  # fmt: skip
    assert ran.code == 0, ran.said
    assert files_of(tmp_path / "out") == files_of(small / "out")


@pytest.mark.parametrize("shuffle", [1, 2, 3])
def test_rows_in_another_order_give_the_same_decisions(
    shuffle: int, small: Path, tmp_path: Path
) -> None:
    tables = {}
    for name, text in SMALL.items():
        header, *rows = text.strip().split("\n")
        if name.endswith(".csv"):
            random.Random(shuffle).shuffle(rows)
        tables[name] = "\n".join([header, *rows]) + "\n"
    write_round(tmp_path / "round", tables)
    ran = run(
        "allocate", tmp_path / "round", "--scenario", small / "small.toml",
        "--out", tmp_path / "out", "--language", "en",
    )  # fmt: skip
    assert ran.code == 0, ran.said
    ours, theirs = files_of(tmp_path / "out"), files_of(small / "out")
    for name in theirs:
        if name not in ("certificate.json", "report.html"):
            assert ours[name] == theirs[name], name


def test_languages_change_the_words_and_nothing_else(small: Path, tmp_path: Path) -> None:
    found = {}
    for language in ("nb", "nn", "en"):
        ran = run(
            "allocate", small / "round", "--scenario", small / "small.toml",
            "--out", tmp_path / language, "--language", language,
        )  # fmt: skip
        assert ran.code == 0, ran.said
        _, rows = read_csv(tmp_path / language / "decisions.csv")
        found[language] = [row.pop("explanation") for row in rows], rows
    assert found["nb"][1] == found["nn"][1] == found["en"][1]
    assert found["nb"][0] != found["nn"][0]
    assert not set(found["nb"][0]) & set(found["en"][0])
