"""Letters of a season: every state there is, and what the last call changed."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from admissions.intake.contacts import Contact
from admissions.letters.pages import LetterPage, texts_of
from admissions.letters.reading import told_of_season
from admissions.letters.templates import Looks
from admissions.letters.told import Everybody, LetterPerson
from admissions.letters.wording import Writer
from admissions.model.round import RoundSettings
from admissions.model.vocabulary import LANGUAGES
from admissions.results.season import read_season
from admissions.season.states import State
from tests.letters.rounds import ROUND
from tests.season.year import Year, chain_of_three

DECIDED = {
    "round.toml": 'decided_on = 2019-06-03\nsignatory = "Åse Ødegård"\nrules_on = 2019-08-01\n',
    "offerings.csv": (
        "offering_id,institution,case,appeal_body\nvid-minoritet,VID,V-77,Klagenemnda ved VID\n"
        "vid-relasjon,VID,V-78,Klagenemnda ved VID\n"
    ),
}


@pytest.fixture(scope="module")
def moved_up(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """a declines, b moves up to the seat, c gets what b leaves, d goes from number 2 to 1."""
    year = chain_of_three(tmp_path_factory.mktemp("moved"), tables=DECIDED)
    year.answer("a vid-minoritet nei\nb vid-relasjon ja", on="2019-06-05")
    year.ok("call", "--on", "2019-06-12")
    return year


def told(year: Year) -> Everybody:
    season = read_season(year.place)
    return told_of_season(season, year.place / "call-1", {}, RoundSettings())


def test_a_later_call_s_letter_says_what_changed(moved_up: Year) -> None:
    everybody = told(moved_up)
    assert everybody.on.isoformat() == "2019-06-12"
    writer = Writer(everybody, Looks({}))
    pages = {person.id: writer.page(person) for person in everybody.people}
    c, d = pages["c"], pages["d"]
    relasjon = "Relasjonskompetanse i barnevernet ved VID, Oslo"
    assert c.title == "Nytt om søknaden din om opptak"
    assert c.answer == (
        f"Du får tilbud om plass på {relasjon}.",
        "Svar innen 20. juni 2019. Svarer du ikke i tide, mister du tilbudet og plassene på "
        "ventelistene.",
    )
    news = next(s for s in c.sections if s.heading == "Hva som har skjedd")
    assert news.blocks[0].items == (  # type: ignore[union-attr]
        "12. juni 2019: Du fikk tilbud om plass fordi en som hadde den, gikk videre til et høyere "
        "ønske.",
    )
    assert ("Dato", "12. juni 2019") in c.parts[0].facts
    assert d.answer[0] == (
        "Du får ikke plass nå, men er nummer 1 på ventelisten til Minoritetskompetanse i "
        "barnevernet ved VID, Stavanger."
    )
    old = pages["b"].parts[1]
    assert old.answer[0] == f"Plassen din på {relasjon} er byttet i en du ønsket høyere."
    first = next(s for s in old.sections if s.heading == "Hva som har skjedd")
    assert first.blocks[1].text == (  # type: ignore[union-attr]
        "Slik ble søknaden avgjort i hovedopptaket 3. juni 2019:"
    )


def test_only_changed_are_those_that_the_last_call_moved(moved_up: Year, tmp_path: Path) -> None:
    """a declined before the call; it moved b and c, and d's number."""
    from tests.acceptance.command import run

    out = tmp_path / "out"
    ran = run("letters", moved_up.place, "--out", out, "--only", "changed")
    assert ran.code == 0, ran.err
    text = (out / "dispatch.csv").read_text(encoding="utf-8-sig")
    rows = [(row["person_id"], row["state"]) for row in csv.DictReader(text.splitlines())]
    assert rows == [("b", "offered"), ("c", "offered"), ("d", "waiting")]
    assert len(list((out / "letters").iterdir())) == 3


SENTENCES = {
    State.OFFERED: "Du får tilbud om plass på {}.",
    State.WAITING: "Du får ikke plass nå, men er nummer 3 på ventelisten til {}.",
    State.NOT_QUALIFIED: "Du får ikke plass på {}, fordi du ikke er kvalifisert.",
    State.LAPSED: "Søknaden din til {} er falt bort, fordi du fikk noe du ønsket høyere.",
    State.ACCEPTED: "Du har sagt ja til plassen på {}.",
    State.DECLINED: "Du har sagt nei til plassen på {}.",
    State.EXPIRED: "Du er ikke lenger med i opptaket til {}, fordi et tilbud ikke ble besvart i "
    "tide.",
    State.REPLACED: "Plassen din på {} er byttet i en du ønsket høyere.",
    State.LEFT: "Du står ikke lenger på ventelisten til {}.",
    State.CLOSED: "Ventelisten til {} er stengt, og du fikk ikke plass.",
    State.WITHDRAWN: "Du har trukket deg fra plassen på {}.",
    State.ANNULLED: "Opptaket ditt til {} er annullert.",
    State.DEFERRED: "Plassen din på {} er utsatt til neste opptak.",
    State.ENROLLED: "Du er registrert som student på {}.",
    State.MET: "Du har plass på {}, og har møtt til studiestart.",
    State.NO_SHOW: "Du har ikke lenger plassen på {}, fordi du ikke møtte til studiestart.",
    State.COMPLETED: "Du har fullført {}.",
    State.DROPPED_OUT: "Du har sluttet på {}.",
}


def test_a_letter_for_every_state_there_is(moved_up: Year) -> None:
    """A sentence of its own, what follows in a second, and no gap left in any language."""
    everybody = told(moved_up)
    writer = Writer(everybody, Looks({}))
    c = next(one for one in everybody.people if one.id == "c")
    (own,) = c.applications
    relasjon = "Relasjonskompetanse i barnevernet ved VID, Oslo"
    assert set(SENTENCES) == set(State)
    for state, sentence in SENTENCES.items():
        one = replace(own, state=state, waiting_number=3)
        page = writer.page(replace(c, applications=(one,)))
        assert page.answer[0] == page.parts[0].answer[0] == sentence.format(relasjon)
        assert page.answer[1].endswith(".")
        for language in LANGUAGES:
            other = writer.page(LetterPerson("c", Contact(language=language), (one,)))
            assert "{" not in "".join(texts_of(other)).replace(other.page_words, "")


def test_who_comes_late_and_whose_fact_was_corrected_read_their_own_facts(tmp_path: Path) -> None:
    """d, with 4.9, would have been first: an extra seat; the tables have the new grade."""
    year = chain_of_three(tmp_path, tables=DECIDED)
    year.ok("record", "correct", "--person", "d", "--fact", "bachelor_grade", "--value", "4.9",
            "--on", "2019-06-05", "--reason", "new transcript")  # fmt: skip
    facts = tmp_path / "late.csv"
    facts.write_text(
        "person_id,sector,service_id,bachelor_ects,bachelor_grade,experience_municipal\n"
        "e,municipal,Sa,180,4.1,5\n"
    )
    year.ok("record", "late-application", "--offering", "vid-relasjon", "--facts", facts,
            "--on", "2019-06-06", "--reason", "office")  # fmt: skip
    everybody = told(year)
    writer = Writer(everybody, Looks({}))
    pages = {person.id: writer.page(person) for person in everybody.people}
    assert pages["d"].answer[0].startswith("Du får tilbud om plass på Minoritetskompetanse")
    grades = {person: _fact(pages[person], "karaktersnitt") for person in ("d", "e")}
    assert grades == {"d": "karaktersnitt: 4,90", "e": "karaktersnitt: 4,10"}


def _fact(page: LetterPage, name: str) -> str:
    return next(text for text in texts_of(page) if text.startswith(f"{name}:"))


def test_the_round_s_own_words_are_needed_in_a_season_too(tmp_path: Path) -> None:
    from tests.acceptance.command import run

    year = chain_of_three(tmp_path, tables={"offerings.csv": ROUND["offerings.csv"].replace(
        "uis-juss", "vid-relasjon")})  # fmt: skip
    ran = run("letters", year.place, "--out", tmp_path / "letters")
    assert ran.code == 2
    assert "must have: decided_on, signatory." in ran.err


def test_one_person_s_letter_alone(moved_up: Year, tmp_path: Path) -> None:
    from tests.acceptance.command import run

    ran = run("letters", moved_up.place, "--out", tmp_path / "out", "--person", "b")
    assert ran.out.startswith("1 letter in ")
    assert [path.name for path in (tmp_path / "out/letters").iterdir()] == ["b.pdf"]
    ran = run("letters", moved_up.place, "--out", tmp_path / "no", "--person", "q")
    assert (ran.code, "q" in ran.err) == (2, True)
