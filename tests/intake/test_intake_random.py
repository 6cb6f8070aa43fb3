"""Random rounds in random forms: what is read is what was drawn, and survives the canonical files.

The drawn values are the expectation; the canonical files are read again by the csv module alone.
"""

from __future__ import annotations

import csv
import io
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from admissions.intake import read_round
from admissions.intake.writing import round_texts
from admissions.model.messages import as_message
from admissions.model.round import Round

OFFERINGS = ("hvl-barnets-beste", "uis-juss", "uit-veiledning", "vid-relasjon")
Value = str | int | None
Rows = list[dict[str, Value]]

HEADERS = {
    "person_id": "Søker-ID",
    "sector": "sektor",
    "service_id": "Barneverntjeneste",
    "municipality_no": "kommune nr",
    "post_percent": "STILLINGSPROSENT",
    "position": "stilling",
    "personnel_responsibility": "Personalansvar",
    "leader_tasks": "lederoppgaver",
    "supervisor_responsibility": "rettleiaransvar",
    "bachelor_ects": "Bachelor studiepoeng",
    "bachelor_grade": "karaktersnitt",
    "experience_municipal": "erfaring_kommunal",
    "experience_state": "erfaring-statlig",
    "experience_private": "erfaring privat",
    "experience_documented": "dokumentert erfaring",
    "workplace_agreement": "arbeidsplassavtale",
    "education_ects": "studiepoeng",
    "relevant_education_ects": "relevante studiepoeng",
    "further_education_count": "Antall videreutdanninger",
    "master": "mastergrad",
    "competence_courses": "kurs",
    "region": "gruppested",
    "birth_date": "foedselsdato",
    "gender": "kjoenn",
    "offering_id": "studietilbud",
    "preference": "prioritet",
    "employer_recommended": "tilrådd",
    "recommendation_date": "anbefalingsdato",
    "name": "navn",
    "centrality": "sentralitet",
    "employees": "årsverk",
    "need": "behov",
    "max_students": "maks studenter",
    "rank": "rang",
    "at_least": "minst",
}
WORDS = {
    "sector": (
        ("municipal", "kommunal"),
        ("state", "statleg"),
        ("private", "Privat"),
        ("none", "ingen"),
    ),
    "position": (
        ("staff", "ansatt"),
        ("team-leader", "Teamleder"),
        ("professional-lead", "fagleder"),
        ("deputy-leader", "stedfortreder"),
        ("leader", "leiar"),
    ),
    "master": (("none", "ingen"), ("relevant", "Relevant"), ("other", "annen")),
    "region": (
        ("oslo", "Oslo"),
        ("bergen", "Bergen"),
        ("trondheim", "T-rondheim"),
        ("tromso", "Tromsø"),
    ),
    "gender": (("female", "kvinne"), ("male", "mann"), ("other", "annet")),
}
YES_NO = [(("no", "yes")[i], ("nei", "ja")[i], ("FALSE", "TRUE")[i], ("0", "1")[i]) for i in (0, 1)]
NUMBERS = {
    "post_percent": (101, 10_000),  # up to 1 per cent is asked about in a note
    "bachelor_ects": (0, 30_000),
    "bachelor_grade": (100, 500),
    "experience_municipal": (0, 4_000),
    "experience_state": (0, 4_000),
    "experience_private": (0, 4_000),
    "education_ects": (0, 30_000),
    "relevant_education_ects": (0, 30_000),
    "employees": (0, 100_000),
    "need": (0, 10_000),
}
WHOLE = {
    "further_education_count": (0, 9),
    "competence_courses": (0, 9),
    "preference": (1, 99),
    "centrality": (1, 6),
    "max_students": (0, 9),
    "rank": (1, 99),
    "at_least": (2, 5),
}
DATES = ("birth_date", "recommendation_date")
FLAGS = (
    "personnel_responsibility",
    "leader_tasks",
    "supervisor_responsibility",
    "experience_documented",
    "workplace_agreement",
    "employer_recommended",
)
DEFAULTS: dict[str, Value] = {
    "post_percent": 10_000,
    "position": 0,
    **dict.fromkeys(("personnel_responsibility", "leader_tasks", "supervisor_responsibility"), 0),
    "experience_documented": 1,
    "workplace_agreement": 1,
    **dict.fromkeys(("experience_municipal", "experience_state", "experience_private"), 0),
    **dict.fromkeys(("education_ects", "relevant_education_ects"), 0),
    **dict.fromkeys(("further_education_count", "competence_courses", "master"), 0),
    "employer_recommended": 0,
    **dict.fromkeys(("service_id", "municipality_no", "name", "offering_id"), ""),
}
"""What an empty cell means; -1, not documented, for all others."""

COLUMNS = {
    "applicants": list(HEADERS)[: list(HEADERS).index("offering_id")],
    "applications": ["person_id", *list(HEADERS)[list(HEADERS).index("offering_id") :][:4]],
    "services": [
        *("service_id", "name", "municipality_no", "centrality", "employees", "region", "need"),
        "max_students",
    ],
    "municipalities": ["municipality_no", "centrality"],
    "leader_preferences": ["service_id", "offering_id", "person_id", "rank"],
    "leader_groups": ["service_id", "offering_id", "at_least"],
}
KEYS = {
    "applicants": ("person_id",),
    "applications": ("person_id", "preference"),
    "services": ("service_id",),
    "municipalities": ("municipality_no",),
    "leader_preferences": ("service_id", "offering_id", "rank"),
    "leader_groups": ("service_id", "offering_id"),
}

texts = st.text("abcZ09æøåÅ-_.:;,'\"/ ", min_size=1, max_size=6).map(str.strip).filter(bool)


codes = texts.filter(lambda text: not text.startswith("-"))
municipality_numbers = st.integers(0, 9999).map("{:04d}".format)


def ids(least: int, most: int, of: st.SearchStrategy[str] = codes) -> st.SearchStrategy[list[str]]:
    return st.lists(of, min_size=least, max_size=most, unique=True)


def values(name: str) -> st.SearchStrategy[int]:
    if name in WORDS:
        return st.integers(0, len(WORDS[name]) - 1)
    if name in FLAGS:
        return st.integers(0, 1)
    if name in DATES:
        return st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2199-12-31").date()).map(
            lambda day: day.year * 10_000 + day.month * 100 + day.day
        )
    return st.integers(*(NUMBERS.get(name) or WHOLE[name]))


def optional(draw: Callable[..., Any], name: str) -> Value:
    return draw(st.none() | values(name))  # type: ignore[no-any-return]


@st.composite
def rounds(draw: Callable[..., Any]) -> dict[str, Rows]:
    """The rows of every table; None is an empty cell. Everybody applies somewhere."""
    municipalities = draw(ids(1, 3, municipality_numbers))
    services: Rows = [
        {
            "service_id": service,
            "name": draw(st.none() | texts),
            "municipality_no": draw(st.none() | st.sampled_from(municipalities)),
            **{name: optional(draw, name) for name in COLUMNS["services"][3:]},
        }
        for service in draw(ids(1, 3))
    ]
    applicants: Rows = []
    applications: Rows = []
    for person in draw(ids(1, 5)):
        sector = draw(values("sector"))
        service = draw(st.sampled_from([row["service_id"] for row in services]))
        applicants.append(
            {
                "person_id": person,
                "sector": sector,
                "service_id": service if sector == 0 else draw(st.sampled_from([None, service])),
                "municipality_no": draw(st.none() | st.sampled_from(municipalities)),
                **{name: optional(draw, name) for name in COLUMNS["applicants"][4:]},
            }
        )
        if draw(st.integers(0, 9)) == 0:
            applicants[-1]["bachelor_grade"] = "passed"
        chosen = draw(st.lists(st.sampled_from(OFFERINGS), min_size=1, unique=True))
        preferences = draw(
            st.lists(values("preference"), min_size=len(chosen), max_size=len(chosen), unique=True)
        )
        applications += [
            {
                "person_id": person,
                "offering_id": offering,
                "preference": preference,
                "employer_recommended": optional(draw, "employer_recommended"),
                "recommendation_date": optional(draw, "recommendation_date"),
            }
            for offering, preference in zip(chosen, preferences, strict=True)
        ]
    return {
        "applicants": draw(st.permutations(applicants)),
        "applications": draw(st.permutations(applications)),
        "services": draw(st.permutations(services)),
        "municipalities": [
            {"municipality_no": number, "centrality": optional(draw, "centrality")}
            for number in municipalities
        ],
        "leader_preferences": draw(leader_preferences(applicants)),
        "leader_groups": draw(leader_groups(services)),
    }


@st.composite
def leader_preferences(draw: Callable[..., Any], applicants: Rows) -> Rows:
    rows: Rows = []
    for service in {row["service_id"]: None for row in applicants if row["service_id"]}:
        own = [row["person_id"] for row in applicants if row["service_id"] == service]
        for offering in draw(
            st.lists(st.sampled_from([None, *OFFERINGS]), max_size=2, unique=True)
        ):
            rows += [
                {"service_id": service, "offering_id": offering, "person_id": person, "rank": rank}
                for rank, person in enumerate(draw(st.permutations(own)), start=1)
            ]
    return rows


@st.composite
def leader_groups(draw: Callable[..., Any], services: Rows) -> Rows:
    rows: Rows = []
    for service in services:
        most = service["max_students"]
        highest = 5 if most is None else int(most)
        if highest >= 2 and draw(st.booleans()):
            rows.append(
                {
                    "service_id": service["service_id"],
                    "offering_id": draw(st.sampled_from(OFFERINGS)),
                    "at_least": draw(st.integers(2, highest)),
                }
            )
    return rows


@dataclass(frozen=True)
class Form:
    delimiter: str
    encoding: str
    newline: str
    decimal: str
    norwegian: bool
    word: int
    spaces: str
    dotted: bool
    columns: dict[str, list[str]]
    blank_after: int

    def cell(self, name: str, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return f"{value}{self.spaces}"
        if name in WORDS:
            return f"{self.spaces}{WORDS[name][value][self.word % 2]}"
        if name in FLAGS:
            return YES_NO[value][self.word]
        if name in DATES:
            text = str(value)
            parts = (text[6:], text[4:6], text[:4])
            return ".".join(parts) if self.dotted else "-".join(reversed(parts))
        if name in NUMBERS:
            return f"{value // 100}{self.decimal}{value % 100:02d}"
        return str(value)

    def table(self, table: str, rows: Rows) -> list[list[str]]:
        columns = self.columns[table]
        lines = [[HEADERS[name] if self.norwegian else name for name in columns]]
        for row in rows:
            lines.append([self.cell(name, row[name]) for name in columns])
            if len(lines) == self.blank_after:
                lines.append([" "] * len(columns))
        return lines


@st.composite
def forms(draw: Callable[..., Any]) -> Form:
    return Form(
        delimiter=draw(st.sampled_from(";,\t")),
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])),
        newline=draw(st.sampled_from(["\n", "\r\n"])),
        decimal=draw(st.sampled_from(".,")),
        norwegian=draw(st.booleans()),
        word=draw(st.integers(0, 3)),
        spaces=draw(st.sampled_from(["", " ", "\u00a0 "])),
        dotted=draw(st.booleans()),
        columns={table: draw(st.permutations(names)) for table, names in COLUMNS.items()},
        blank_after=draw(st.integers(0, 4)),
    )


def write_csv(folder: Path, drawn: dict[str, Rows], form: Form) -> None:
    for table, rows in drawn.items():
        path = folder / f"{table}.csv"
        with path.open("w", encoding=form.encoding, newline="") as file:
            writer = csv.writer(file, delimiter=form.delimiter, lineterminator=form.newline)
            writer.writerows(form.table(table, rows))


def write_workbook(path: Path, drawn: dict[str, Rows], form: Form) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for table, rows in drawn.items():
        sheet = book.create_sheet(table)
        for line in form.table(table, rows):
            sheet.append([cell or None for cell in line])
    book.save(path)


def expected(drawn: dict[str, Rows]) -> dict[str, Rows]:
    """The tables that the drawn rows mean: defaults filled in, in canonical order."""
    homes = {row["service_id"]: row["municipality_no"] for row in drawn["services"]}
    result: dict[str, Rows] = {}
    for table, rows in drawn.items():
        meant = [
            {name: DEFAULTS.get(name, -1) if cell is None else cell for name, cell in row.items()}
            for row in rows
        ]
        for row, source in zip(meant, rows, strict=True):
            if table == "applicants":
                row["bachelor_passed"] = source["bachelor_grade"] == "passed"
                row["bachelor_grade_rest"] = 0
                row["bachelor_grade_old"] = -1
                if row["bachelor_passed"]:
                    row["bachelor_grade"] = -1
                if source["municipality_no"] is None:
                    row["municipality_no"] = homes.get(source["service_id"]) or ""
        result[table] = sorted(meant, key=lambda row: [row[name] for name in KEYS[table]])
    order = [row["person_id"] for row in result["applicants"]]
    for row in result["applications"]:
        row["person"] = order.index(row["person_id"])
    return result


def assert_holds(read: Round, drawn: dict[str, Rows]) -> None:
    for table, rows in expected(drawn).items():
        assert getattr(read, table).to_dict("records") == rows
    stated: list[dict[str, bool]] = [
        {name: cell is not None for name, cell in row.items()}
        | dict.fromkeys(
            ("bachelor_passed", "bachelor_grade_rest", "bachelor_grade_old"),
            row["bachelor_grade"] is not None,
        )
        for row in sorted(drawn["applicants"], key=lambda row: str(row["person_id"]))
    ]
    assert read.given.to_dict("records") == stated
    assert read.offerings == tuple(sorted({str(r["offering_id"]) for r in drawn["applications"]}))


@settings(max_examples=60, deadline=None)
@given(rounds(), forms(), st.booleans())
def test_what_is_read_is_what_was_drawn(drawn: dict[str, Rows], form: Form, excel: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        if excel:
            path /= "round.xlsx"
            write_workbook(path, drawn, form)
        else:
            write_csv(path, drawn, form)
        assert_holds(read_round(path, offerings=OFFERINGS), drawn)


PLAIN = Form(
    delimiter=",",
    encoding="utf-8",
    newline="\n",
    decimal=".",
    norwegian=False,
    word=0,
    spaces="",
    dotted=False,
    columns=COLUMNS,
    blank_after=0,
)


def canonical(cell: str) -> Any:
    """A canonical cell, so that 4.50, 4.5 and 4.05 are told apart but 4.50 and 4.5 are not."""
    whole, point, decimals = cell.partition(".")
    return (whole, decimals.rstrip("0")) if point and decimals.isdigit() else (cell, "")


@settings(max_examples=30, deadline=None)
@given(rounds(), st.lists(st.sampled_from(OFFERINGS), unique=True), texts)
def test_the_canonical_files_say_the_same_and_read_back_equal(
    drawn: dict[str, Rows], listed: list[str], institution: str
) -> None:
    named = {
        str(row["offering_id"])
        for table in ("applications", "leader_preferences", "leader_groups")
        for row in drawn[table]
        if row["offering_id"]
    }
    chosen = [*listed, *sorted(named - set(listed))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_csv(folder, drawn, PLAIN)
        toml = f"year = 2019\ninstitution = '''{institution} '''\n"
        if chosen:
            toml += f"rules_on = 2019-08-01\nofferings = {chosen}\n"
        (folder / "round.toml").write_text(toml, encoding="utf-8")
        read = read_round(folder, offerings=OFFERINGS)
    canonical_files = round_texts(read)
    with tempfile.TemporaryDirectory() as name:
        for file, text in canonical_files.items():
            (Path(name) / file).write_text(text, encoding="utf-8", newline="")
        again = read_round(Path(name), offerings=OFFERINGS)
    for table in (*COLUMNS, "given"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(read, table))
    assert (again.settings, again.offerings) == (read.settings, read.offerings)
    codes = {as_message(note.said).code for note in again.notes}
    assert {c for c in codes if not c.startswith("oddities.")} <= {"intake.groups-can-cost"}
    assert round_texts(again) == canonical_files
    settings_read = tomllib.loads(canonical_files["round.toml"])
    assert settings_read["institution"] == institution
    assert settings_read.get("offerings", []) == chosen
    for table, rows in drawn.items():
        if not rows and table not in ("applicants", "applications"):
            assert f"{table}.csv" not in canonical_files
            continue
        lines = list(csv.DictReader(io.StringIO(canonical_files[f"{table}.csv"], newline="")))
        ordered = sorted(
            rows,
            key=lambda row: [
                DEFAULTS.get(n, -1) if row[n] is None else row[n] for n in KEYS[table]
            ],
        )
        for line, row in zip(lines, ordered, strict=True):
            for column, value in row.items():
                wanted = PLAIN.cell(column, value)
                if column == "employer_recommended":
                    wanted = wanted or "no"
                assert canonical(line[column]) == canonical(wanted)
