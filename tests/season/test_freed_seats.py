"""How a seat came to be free: what the office reads of its chain, and who is called of why."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.model.vocabulary import LANGUAGES, Language
from admissions.report.call import chain_sentences
from admissions.results.season import read_season
from admissions.season.chains import Link
from admissions.season.history import histories
from admissions.season.history_words import reason_sentence
from tests.acceptance.command import read_csv
from tests.season.year import Year, begun

FREED = ("no", "withdrawn", "annulled", "deferred", "no-show", "dropped", "silent")
"""Who has a seat at minoritet and loses it, in the order in which it happens; silence at the
call."""

WAIT = ("w1", "w2", "w3", "w4", "w5", "w6", "w7")
ROWS = """event,person_id,offering_id,on,reason,sector,service_id,bachelor_ects,bachelor_grade
annul,annulled,vid-minoritet,2019-06-06,false-information,,,,
defer,deferred,vid-minoritet,2019-06-06,ill,,,,
no-show,no-show,vid-minoritet,2019-06-06,start,,,,
met,dropped,vid-minoritet,2019-06-06,start,,,,
dropped-out,dropped,vid-minoritet,2019-06-06,ill,,,,
late-application,w9,vid-relasjon,2019-06-06,office,municipal,Sno,180,4.1
"""
CHAINS = {
    "nb": [
        "no ga fra seg vid-minoritet",
        "withdrawn trakk seg fra vid-minoritet",
        "Plassen til annulled ved vid-minoritet ble annullert",
        "Plassen til deferred ved vid-minoritet ble utsatt til neste opptak",
        "no-show møtte ikke til studiestart ved vid-minoritet",
        "dropped sluttet ved vid-minoritet",
        "silent svarte ikke i tide på tilbudet ved vid-minoritet",
        "En plass ved vid-relasjon var ledig",
    ],
    "nn": [
        "no gav frå seg vid-minoritet",
        "withdrawn trekte seg frå vid-minoritet",
        "Plassen til annulled ved vid-minoritet blei annullert",
        "Plassen til deferred ved vid-minoritet blei utsett til neste opptak",
        "no-show møtte ikkje til studiestart ved vid-minoritet",
        "dropped slutta ved vid-minoritet",
        "silent svarte ikkje i tide på tilbodet ved vid-minoritet",
        "Ein plass ved vid-relasjon var ledig",
    ],
    "en": [
        "no gave up vid-minoritet",
        "withdrawn withdrew from vid-minoritet",
        "The seat of annulled at vid-minoritet was annulled",
        "The seat of deferred at vid-minoritet was deferred to the next admission",
        "no-show did not come to the start at vid-minoritet",
        "dropped dropped out of vid-minoritet",
        "silent did not answer in time at vid-minoritet",
        "A seat at vid-relasjon was free",
    ],
}
WHY = {
    "nb": [
        "Du fikk tilbud om plass fordi noen ga fra seg sin.",
        "Du fikk tilbud om plass fordi noen trakk seg fra sin.",
        "Du fikk tilbud om plass fordi en plass ble annullert.",
        "Du fikk tilbud om plass fordi en plass ble utsatt til neste opptak.",
        "Du fikk tilbud om plass fordi noen ikke møtte til studiestart.",
        "Du fikk tilbud om plass fordi noen sluttet.",
        "Du fikk tilbud om plass fordi noen ikke svarte i tide på sitt.",
        "Du fikk tilbud om plass fordi en plass var ledig.",
    ],
    "nn": [
        "Du fekk tilbod om plass fordi nokon gav frå seg sin.",
        "Du fekk tilbod om plass fordi nokon trekte seg frå sin.",
        "Du fekk tilbod om plass fordi ein plass blei annullert.",
        "Du fekk tilbod om plass fordi ein plass blei utsett til neste opptak.",
        "Du fekk tilbod om plass fordi nokon ikkje møtte til studiestart.",
        "Du fekk tilbod om plass fordi nokon slutta.",
        "Du fekk tilbod om plass fordi nokon ikkje svarte i tide på sitt.",
        "Du fekk tilbod om plass fordi ein plass var ledig.",
    ],
    "en": [
        "You were called when a seat was given up.",
        "You were called when somebody withdrew from a seat.",
        "You were called when a seat was annulled.",
        "You were called when a seat was deferred to the next admission.",
        "You were called when somebody did not come to the start.",
        "You were called when somebody dropped out.",
        "You were called when an offer was not answered in time.",
        "You were called to a seat that was free.",
    ],
}


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Seven seats at minoritet are freed, each in a way of its own; one at relasjon is unused."""
    place = tmp_path_factory.mktemp("freed")
    grades = {name: f"{4.9 - n / 20:.2f}" for n, name in enumerate((*FREED, *WAIT, "own"))}
    wishes = dict.fromkeys((*FREED, *WAIT), "vid-minoritet") | {"own": "vid-relasjon"}
    year = begun(place, grades, wishes, {"vid-minoritet": len(FREED), "vid-relasjon": 2})
    yes = "\n".join(f"{name} vid-minoritet ja" for name in FREED if name not in ("no", "silent"))
    year.answer(f"no vid-minoritet nei\nown vid-relasjon ja\n{yes}", on="2019-06-05")
    year.answer("withdrawn vid-minoritet trekker seg", on="2019-06-05")
    rows = place / "rows.csv"
    rows.write_text(ROWS, encoding="utf-8")
    year.ok("record", "--file", rows)
    year.ok("call", "--on", "2019-06-12")
    return year


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chain_says_how_its_seat_was_freed(called: Year, language: Language) -> None:
    _, rows = read_csv(called.place / "call-2" / "chains.csv")
    steps = [
        Link(int(r["chain"]), int(r["step"]), r["offering_id"], r["person_id"], r["gave_up"],
             r["became"])
        for r in rows
    ]  # fmt: skip
    said = [line.split(" → ") for line in chain_sentences(steps, language)]
    assert [line[0] for line in said] == CHAINS[language]
    assert [line[1].split()[0] for line in said] == [*WAIT, "w9"]


def test_the_page_of_the_call_says_so(called: Year) -> None:
    page = (called.place / "call-2" / "report.html").read_text(encoding="utf-8")
    assert all(line in page for line in CHAINS["nb"])
    called.holds()


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_called_reads_how_the_seat_was_freed(called: Year, language: Language) -> None:
    every = histories(read_season(called.place))
    found = {
        key[0]: reason_sentence(one.happenings[-1].reason, {}, language)
        for key, one in every.items()
        if key[0] in (*WAIT, "w9")
    }
    assert [found[name] for name in (*WAIT, "w9")] == WHY[language]


def test_a_seat_given_back_is_told_as_it_was_freed(tmp_path: Path) -> None:
    """a says no by mistake; a is reinstated beside the target before the next call."""
    year = begun(
        tmp_path,
        {"a": "4.9", "b": "4.8"},
        dict.fromkeys("ab", "vid-minoritet"),
        {"vid-minoritet": 1},
    )
    year.answer("a vid-minoritet nei", on="2019-06-05")
    year.ok(
        "record", "reinstate", "--person", "a", "--offering", "vid-minoritet",
        "--on", "2019-06-06", "--reason", "office-error",
    )  # fmt: skip
    assert "a gave up vid-minoritet → b is called" in year.ok("call", "--on", "2019-06-12")
    of_b = histories(read_season(year.place))["b", "vid-minoritet"]
    said = [reason_sentence(one.reason, {}, "en") for one in of_b.happenings]
    assert said == ["You were called when a seat was given up."]


def test_whoever_moved_on_by_an_appeal_did_not_give_up(tmp_path: Path) -> None:
    """b has relasjon and by an upheld appeal gets the seat at minoritet; c is called to b's."""
    year = begun(
        tmp_path,
        {"a": "4.5", "b": "4.2", "c": "4.0"},
        {"a": "vid-minoritet", "b": "vid-minoritet vid-relasjon", "c": "vid-relasjon"},
        {"vid-minoritet": 1, "vid-relasjon": 1},
    )
    year.ok(
        "record", "correct", "--person", "b", "--fact", "bachelor_grade", "--value", "4.9",
        "--on", "2019-06-06", "--reason", "transcript",
    )  # fmt: skip
    said = year.ok("call", "--on", "2019-06-07")
    assert "b left vid-relasjon for a higher wish → c is called at vid-relasjon" in said
