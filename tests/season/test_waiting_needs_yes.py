"""Where a yes keeps only the waiting places named with it, whoever is offered a seat reads so."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.intake.contacts import Contact
from admissions.letters.pages import texts_of
from admissions.letters.reading import told_of_season
from admissions.letters.templates import Looks
from admissions.letters.wording import Writer
from admissions.model.round import RoundSettings
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.results.season import read_season
from admissions.season.history import histories
from admissions.season.history_words import reason_sentence
from tests.letters.test_season import DECIDED
from tests.season.year import Year, begun

NAMED = {
    "nb": "Sier du ja, blir du strøket fra hver venteliste som du ikke nevner med et ja i det "
    "samme svaret.",
    "nn": "Seier du ja, blir du stroken frå kvar venteliste som du ikkje nemner med eit ja i det "
    "same svaret.",
    "en": "If you say yes, you are taken off every waiting list that you do not name with a yes "
    "in the same answer.",
}
TAKEN_OFF = {
    "nb": "Du sa ja til Relasjon uten å nevne denne ventelisten med et ja, og er strøket fra den.",
    "nn": "Du sa ja til Relasjon utan å nemne denne ventelista med eit ja, og er stroken frå den.",
    "en": "You accepted Relasjon without naming this waiting list with a yes, and are taken off "
    "it.",
}


def waiting_for_two(folder: Path, *, policy: str) -> Year:
    """b has a seat at relasjon and waits for minoritet and for uis-juss."""
    return begun(
        folder,
        {"a": "4.5", "b": "4.2", "c": "4.8"},
        {
            "a": "vid-minoritet",
            "c": "uis-juss",
            "b": "vid-minoritet uis-juss vid-relasjon",
        },
        {"vid-minoritet": 1, "uis-juss": 1, "vid-relasjon": 1},
        policy=policy,
        tables=DECIDED
        | {"offerings.csv": DECIDED["offerings.csv"] + "uis-juss,UiS,U-79,Klagenemnda ved UiS\n"},
    )


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return waiting_for_two(tmp_path_factory.mktemp("asked"), policy="waiting_needs_yes = true\n")


def letter(year: Year, language: Language) -> str:
    """b's letter as the season stands."""
    reached = {"b": Contact(language=language)}
    everybody = told_of_season(read_season(year.place), year.place / "call-1", reached,
                               RoundSettings())  # fmt: skip
    b = next(one for one in everybody.people if one.id == "b")
    return "\n".join(texts_of(Writer(everybody, Looks({})).page(b)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_says_what_a_yes_does_to_the_waiting_places(
    asked: Year, language: Language
) -> None:
    assert NAMED[language] in letter(asked, language)


def test_where_a_yes_keeps_them_the_letter_says_that(tmp_path: Path) -> None:
    said = letter(waiting_for_two(tmp_path, policy=""), "en")
    assert "you stay on the waiting lists for what you wanted more" in said
    assert NAMED["en"] not in said


def test_entering_the_answers_says_which_places_ended_and_why(asked: Year) -> None:
    answers = asked.answers_file("b vid-relasjon ja\nb uis-juss ja")
    said = asked.ok("answers", answers, "--on", "2019-06-05", "--dry-run")
    assert "b at vid-minoritet: waiting → left the waiting list" in said
    assert "names with a yes (waiting_needs_yes): 1 waiting place is given up." in said
    none = asked.answers_file("b vid-relasjon ja")
    said = asked.ok("answers", none, "--on", "2019-06-05", "--dry-run")
    assert "(waiting_needs_yes): 2 waiting places are given up." in said
    final = asked.answers_file("b vid-relasjon ja endelig")
    assert "waiting_needs_yes" not in asked.ok("answers", final, "--on", "2019-06-05", "--dry-run")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whose_place_ended_reads_why(tmp_path: Path, language: Language) -> None:
    year = waiting_for_two(tmp_path, policy="waiting_needs_yes = true\n")
    year.answer("b vid-relasjon ja\nb uis-juss ja", on="2019-06-05")
    (one,) = histories(read_season(year.place))["b", "vid-minoritet"].happenings
    assert (
        reason_sentence(one.reason, {"vid-relasjon": "Relasjon"}, language) == (TAKEN_OFF[language])
    )
