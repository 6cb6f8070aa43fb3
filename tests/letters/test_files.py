"""The folder of letters: PDFs that everybody can read, dispatch, archive, and what is refused."""

from __future__ import annotations

import base64
import csv
import hashlib
import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import pikepdf
import pytest

from tests.acceptance.command import run
from tests.letters.rounds import ROUND, contacts, result

ELEMENT = "{http://www.arkivverket.no/standarder/noark5/arkivmelding}"


def structure(path: Path) -> list[tuple[str, dict[str, pikepdf.Object]]]:
    """Every element of the PDF's structure tree, in reading order: its kind and itself."""
    found = []

    def walk(part: pikepdf.Object) -> None:
        kids = part.get("/K")
        for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                found.append((str(kid.S)[1:], kid))
                walk(kid)

    with pikepdf.open(path) as pdf:
        walk(pdf.Root.StructTreeRoot)
        return [(kind, dict(part)) for kind, part in found]


def test_a_letter_is_pdf_ua_1_and_pdf_a_2a(written: Path) -> None:
    with pikepdf.open(written / "letters/a.pdf") as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["dc:title"] == "Svar på søknaden din om opptak"
            assert str(metadata["xmp:CreateDate"]).startswith("2019-06-03")
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


@pytest.mark.parametrize(("person", "language"), [("a", "nb-NO"), ("b", "nn-NO"), ("c", "en-GB")])
def test_a_letter_is_in_the_person_s_language(written: Path, person: str, language: str) -> None:
    with pikepdf.open(written / f"letters/{person}.pdf") as pdf:
        assert str(pdf.Root.Lang) == language


def test_headings_and_headers_of_tables_can_be_read_aloud(written: Path) -> None:
    kinds = [kind for kind, _ in structure(written / "letters/b.pdf")]
    assert kinds.count("H1") == 1
    # what to do, all applications, and a part for each of the two
    assert kinds.count("H2") == 4
    tables = kinds.count("Table")
    assert tables == kinds.count("THead") == kinds.count("TBody") == 5
    # all applications; requirements and ranking of each part
    assert kinds.count("TH") == 4 + 2 * (3 + 4)


def test_every_font_is_the_package_s_own_and_inside(written: Path) -> None:
    with pikepdf.open(written / "letters/a.pdf") as pdf:
        fonts = {str(one.BaseFont) for one in pdf.objects if isinstance(one, pikepdf.Dictionary)
                 and one.get("/Type") == "/Font"}  # fmt: skip
    assert fonts
    assert all("SourceSansPro" in name for name in fonts)


def test_the_same_letters_have_the_same_bytes(
    written: Path, decided: dict[str, Path], tmp_path: Path
) -> None:
    again = tmp_path / "again"
    run("letters", decided["coordinated"], "--out", again, "--contacts", contacts(tmp_path))
    names = [path.relative_to(written) for path in written.rglob("*") if path.is_file()]
    assert len(names) == 7
    assert [
        name for name in names if (again / name).read_bytes() != (written / name).read_bytes()
    ] == []


def test_dispatch_says_who_gets_which_file(written: Path) -> None:
    text = (written / "dispatch.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["person_id"], row["file"], row["language"], row["state"]) for row in rows] == [
        ("a", "letters/a.pdf", "nb", "offered"),
        ("b", "letters/b.pdf", "nn", "offered"),
        ("c", "letters/c.pdf", "en", "not-qualified"),
        ("d", "letters/d.pdf", "nb", "waiting"),
    ]
    for row in rows:
        data = (written / row["file"]).read_bytes()
        assert row["sha256"] == hashlib.sha256(data).hexdigest()


def test_the_file_to_print_has_every_letter_on_sheets_of_its_own(written: Path) -> None:
    pages = []
    for person in "abcd":
        with pikepdf.open(written / f"letters/{person}.pdf") as pdf:
            pages.append(len(pdf.pages))
    with pikepdf.open(written / "print.pdf") as bound:
        assert len(bound.pages) == sum(n + n % 2 for n in pages)


ORDER = {
    "arkivmelding": "system meldingId tidspunkt antallFiler mappe",
    "mappe": (
        "mappeID tittel opprettetDato opprettetAv referanseEksternNoekkel registrering saksdato "
        "administrativEnhet saksansvarlig saksstatus"
    ),
    "registrering": (
        "opprettetDato opprettetAv dokumentbeskrivelse tittel offentligTittel korrespondansepart "
        "referanseEksternNoekkel journalposttype journalstatus dokumentetsDato"
    ),
    "dokumentbeskrivelse": (
        "dokumenttype dokumentstatus tittel opprettetDato opprettetAv tilknyttetRegistreringSom "
        "dokumentnummer dokumentobjekt"
    ),
    "dokumentobjekt": (
        "versjonsnummer variantformat format formatDetaljer mimeType opprettetDato opprettetAv "
        "referanseDokumentfil sjekksum sjekksumAlgoritme filstoerrelse"
    ),
    "korrespondansepart": (
        "korrespondanseparttype korrespondansepartNavn postadresse postnummer poststed epostadresse"
    ),
    "referanseEksternNoekkel": "fagsystem noekkel",
}
"""The schema's order of the elements used here. It requires them all but those under
OPTIONAL."""
OPTIONAL = {"postadresse", "postnummer", "poststed", "epostadresse"}


def test_the_archive_s_message_has_the_schema_s_elements_in_its_order(written: Path) -> None:
    root = Xml.parse(written / "arkivmelding.xml").getroot()
    for part in root.iter():
        name = part.tag.removeprefix(ELEMENT)
        own = list(dict.fromkeys(kid.tag.removeprefix(ELEMENT) for kid in part))
        if name not in ORDER:
            assert own == []
            assert part.text
            continue
        allowed = ORDER[name].split()
        assert own == [one for one in allowed if one in own]
        assert set(allowed) - set(own) <= OPTIONAL
    for name, form in (
        ("opprettetDato", r"\d{4}-\d\d-\d\dT00:00:00"), ("dokumentetsDato", r"\d{4}-\d\d-\d\d"),
        ("filstoerrelse", r"\d+"), ("sjekksum", "[0-9a-f]{64}"), ("postnummer", r"\d{4}"),
    ):  # fmt: skip
        assert all(re.fullmatch(form, one.text or "") for one in root.iter(ELEMENT + name))


def test_each_case_has_a_folder_with_a_record_a_letter(written: Path) -> None:
    root = Xml.parse(written / "arkivmelding.xml").getroot()
    filed = {
        case.findtext(ELEMENT + "mappeID"): [
            one.text for one in case.iter(ELEMENT + "referanseDokumentfil")
        ]
        for case in root.iter(ELEMENT + "mappe")
    }
    assert filed == {
        "2019/100": ["letters/a.pdf", "letters/b.pdf", "letters/c.pdf"],
        "V-77": ["letters/a.pdf", "letters/b.pdf", "letters/d.pdf"],
    }
    sums = {one.text for one in root.iter(ELEMENT + "sjekksum")}
    assert sums == {hashlib.sha256(p.read_bytes()).hexdigest() for p in written.glob("letters/*")}


def test_what_a_decision_lacks_is_named_once_before_anything_is_written(tmp_path: Path) -> None:
    lacking = ROUND["offerings.csv"].replace("Klagenemnda ved VID", "").replace("2019-06-12", "")
    place = result(tmp_path, round="rules_on = 2019-08-01\n", offerings=lacking)
    ran = run("letters", place, "--out", tmp_path / "out")
    assert ran.code == 2
    assert ran.err == (
        "error: The decisions lack what an individual decision must have: decided_on, signatory, "
        "appeal_body (vid-minoritet), answer_deadline (uis-juss). Maybe write it in round.toml "
        "(for one offering in offerings.csv) and allocate again, or under [decision] of a template "
        "(--template).\n"
    )
    assert not (tmp_path / "out").exists()


def test_a_template_says_what_the_round_leaves_open(tmp_path: Path) -> None:
    place = result(tmp_path, round="rules_on = 2019-08-01\n")
    template = tmp_path / "template.toml"
    template.write_text('[decision]\ndecided_on = 2019-06-04\nsignatory = "Per"\n')
    ran = run("letters", place, "--out", tmp_path / "out", "--template", template)
    assert ran.code == 0, ran.err
    assert "<saksansvarlig>Per<" in (tmp_path / "out/arkivmelding.xml").read_text()


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><path d="M0 0h20v10z"/></svg>'
ALT = '[logo_alt]\nnb = "VID: et kors"\nnn = "VID: ein kross"\nen = "VID: a cross"\n'


def test_a_logo_is_told_to_who_does_not_see_it(decided: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG)
    template = tmp_path / "vid.toml"
    head = 'institution = "VID vitenskapelige høgskole"\naccent = "#7a1f5c"\nlogo = "logo.svg"\n'
    template.write_text(head + ALT, encoding="utf-8")
    ran = run("letters", decided["coordinated"], "--out", tmp_path / "out", "--template", template)
    assert ran.code == 0, ran.err
    figures = {}
    for person in ("b", "c", "d"):
        parts = structure(tmp_path / f"out/letters/{person}.pdf")
        figures[person] = [str(part["/Alt"]) for kind, part in parts if kind == "Figure"]
    assert figures == {"b": ["VID: et kors"], "c": [], "d": ["VID: et kors"]}


def test_a_template_that_breaks_pdf_ua_is_refused_with_typst_s_reason(
    decided: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "logo.svg").write_text(SVG)
    template = tmp_path / "no-alt.toml"
    template.write_text('logo = "logo.svg"\n')
    ran = run("letters", decided["coordinated"], "--out", tmp_path / "out", "--template", template)
    assert ran.code == 2
    assert "PDF/UA-1 error: missing alt text" in ran.err
    assert "Maybe mend no-alt.toml" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('accent = "red"\n', "'red' is no colour; expected #rrggbb"),
        (
            'logo = "nowhere.svg"\n',
            "nowhere.svg is not there beside the template, or is neither SVG, PNG",
        ),
        ('logo = "../l.svg"\n', "../l.svg is not there beside the template"),
        ('logo = "large.png"\n', "large.png is too large for a logo; at most 1024 kB, and 4 mill"),
        ('logo = "wide.png"\n', "wide.png is too large for a logo"),
        ('logo = "wide.jpg"\n', "wide.jpg is too large for a logo"),
        ('logo = "drawn.svg"\n', "drawn.svg is too large for a logo"),
        ('color = "#000000"\n', "t.toml: color: "),
        ("accent = \n", "t.toml"),
    ],
)
def test_a_template_that_cannot_be_used_is_named(
    decided: dict[str, Path], tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "l.svg").write_text(SVG)
    (tmp_path / "own").mkdir()
    (tmp_path / "own/large.png").write_bytes(bytes(2**20 + 1))
    wide = b"\x89PNG\r\n\x1a\n" + bytes(8) + (2001).to_bytes(4) + (2000).to_bytes(4)
    (tmp_path / "own/wide.png").write_bytes(wide)
    sides = (2000).to_bytes(2) + (2001).to_bytes(2)
    (tmp_path / "own/wide.jpg").write_bytes(
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x0b\x08" + sides + bytes(3)
    )
    held = base64.b64encode(wide).decode()
    (tmp_path / "own/drawn.svg").write_text(f'<svg><image href="data:image/png;base64,{held}"/>')
    template = tmp_path / "own/t.toml"
    template.write_text(text)
    ran = run("letters", decided["coordinated"], "--out", tmp_path / "out", "--template", template)
    assert ran.code == 2
    assert said in ran.err


def test_contacts_of_nobody_are_refused(decided: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("person_id,name,postcode\na,Anne,403\nzz,Zoe,\n")
    ran = run("letters", decided["coordinated"], "--out", tmp_path / "out", "--contacts", path)
    assert ran.code == 2
    assert "contacts.csv, row 2, column postcode: found '403'" in ran.err
    assert (
        "contacts.csv, row 3, column person_id: found 'zz'; expected one in the applicants"
        in ran.err
    )


def test_everybody_whose_name_no_font_has_is_named_at_once(
    decided: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.csv"
    rows = "a,Anne 😀,V\nb,Bjørg Šťastný,V\nc,王小明,V\nd,Dag,王\n"
    path.write_text(f"person_id,name,address\n{rows}", encoding="utf-8")
    ran = run("letters", decided["coordinated"], "--out", tmp_path / "out", "--contacts", path)
    assert ran.code == 2
    assert ran.err == (
        "error: The letters' fonts lack characters in the name or address of a, c, d. Maybe write "
        "them in Latin letters in contacts.csv, as in the population register.\n"
    )
    assert not (tmp_path / "out").exists()
    ran = run("letters", decided["coordinated"], "--out", tmp_path / "out", "--contacts", path,
              "--person", "b")  # fmt: skip
    assert ran.code == 0, ran.err


def test_a_word_that_no_line_holds_breaks_within_the_page(
    decided: dict[str, Path], tmp_path: Path
) -> None:
    """Every run of glyphs of a name of 198 letters begins on the page."""
    path = tmp_path / "contacts.csv"
    path.write_text(f"person_id,name\na,{'Hubert' * 33}\n", encoding="utf-8")
    ran = run("letters", decided["coordinated"], "--out", tmp_path / "out", "--contacts", path,
              "--person", "a")  # fmt: skip
    assert ran.code == 0, ran.err
    with pikepdf.open(tmp_path / "out/letters/a.pdf") as pdf:
        matrices = re.findall(rb"1 0 0 -1 ([\d.]+) [\d.]+ Tm", pdf.pages[0].Contents.read_bytes())
    assert matrices
    assert max(float(x) for x in matrices) < 595


def test_only_changed_is_of_a_season(decided: dict[str, Path], tmp_path: Path) -> None:
    ran = run("letters", decided["coordinated"], "--out", tmp_path / "out", "--only", "changed")
    assert ran.code == 2
    assert "is a result: it has had no call that could have changed something" in ran.err


def test_a_name_is_text_whatever_stands_in_it(decided: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        'person_id,name\na,"#Áhkká *Čuđđi* ""q"" \\n $1$ <b> Łukasz"\n', encoding="utf-8"
    )
    ran = run("letters", decided["coordinated"], "--out", tmp_path / "out", "--contacts", path,
              "--person", "a")  # fmt: skip
    assert ran.code == 0, ran.err


def test_where_there_is_neither_result_nor_season(tmp_path: Path) -> None:
    ran = run("letters", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert ran.code == 2
    assert "nowhere is no result folder" in ran.err
