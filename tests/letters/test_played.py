"""A whole year played by the commands under each mechanism: what each one's letter then says."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.intake.contacts import Contact
from admissions.letters.pages import LetterPage, texts_of
from admissions.letters.reading import told_of_season
from admissions.letters.templates import Looks
from admissions.letters.wording import Writer
from admissions.model.round import RoundSettings
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.results.season import read_season
from tests.letters.test_season import DECIDED
from tests.season.year import Year, begun

HELD = (
    "yes", "no", "silent", "withdrawn", "annulled", "deferred", "enrolled", "met", "no-show",
    "completed", "dropped", "better",
)  # fmt: skip
"""Those with a seat at minoritet, best first; better would have had the one at relasjon, too."""
WAIT = ("chain", "up", "left", "fixed", "right", "wrong", "placed", "moved", "last", "still")
"""Those who wait there, best first; chain has the seat at relasjon."""
ANSWERS = """
yes vid-minoritet ja
no vid-minoritet nei
annulled vid-minoritet ja
deferred vid-minoritet ja
enrolled vid-minoritet ja
met vid-minoritet ja
no-show vid-minoritet ja
completed vid-minoritet ja
dropped vid-minoritet ja
better vid-minoritet ja endelig
withdrawn vid-minoritet ja
chain vid-relasjon ja
left vid-minoritet stryk
"""
HEAD = (
    "event,person_id,offering_id,fact,value,on,reason,sector,service_id,bachelor_ects,"
    "bachelor_grade,experience_municipal\n"
)
MAY = (
    HEAD
    + """annul,annulled,vid-minoritet,,,2019-06-07,false-information,,,,,
defer,deferred,vid-minoritet,,,2019-06-07,ill,,,,,
correct,fixed,,bachelor_grade,4.9,2019-06-07,transcript,,,,,
appeal-received,right,vid-minoritet,,,2019-06-07,letter,,,,,
appeal-received,wrong,vid-minoritet,,,2019-06-07,letter,,,,,
appeal-upheld,right,,bachelor_grade,4.8,2019-06-07,the board,,,,,
appeal-refused,wrong,vid-minoritet,,,2019-06-07,the board,,,,,
place,placed,vid-minoritet,,,2019-06-07,authority,,,,,
late-application,late,vid-minoritet,,,2019-06-07,office,municipal,Syes,180,4.1,5
late-application,unfit,vid-minoritet,,,2019-06-07,office,municipal,Syes,120,4.1,5
"""
)
AUTUMN = (
    HEAD
    + """enrolled,enrolled,vid-minoritet,,,2019-08-20,start,,,,,
met,met,vid-minoritet,,,2019-08-20,start,,,,,
no-show,no-show,vid-minoritet,,,2019-08-20,start,,,,,
met,completed,vid-minoritet,,,2019-08-20,start,,,,,
met,dropped,vid-minoritet,,,2019-08-20,start,,,,,
completed,completed,vid-minoritet,,,2019-12-20,end,,,,,
dropped-out,dropped,vid-minoritet,,,2019-12-20,end,,,,,
"""
)


def played(folder: Path, mechanism: str) -> Year:
    grades = {name: f"{4.95 - number / 20:.2f}" for number, name in enumerate((*HELD, *WAIT))}
    wishes = dict.fromkeys(grades, "vid-minoritet")
    wishes |= dict.fromkeys(("better", "chain"), "vid-minoritet vid-relasjon")
    settings = f'mechanism = "{mechanism}"'
    if mechanism == "serial":
        settings += '\nturns = ["vid-minoritet", "vid-relasjon"]'
    seats = {"vid-minoritet": len(HELD), "vid-relasjon": 1}
    year = begun(folder, grades, wishes, seats, tables=DECIDED, settings=settings)
    year.answer(ANSWERS, on="2019-06-05")
    year.answer("withdrawn vid-minoritet trekker seg", on="2019-06-06")
    recorded(year, MAY)
    return year


def recorded(year: Year, rows: str) -> None:
    file = year.place.parent / "rows.csv"
    file.write_text(rows, encoding="utf-8")
    year.ok("record", "--file", file)


Pages = dict[tuple[str, Language], LetterPage]


def pages(year: Year) -> Pages:
    """Everybody's letter as the season stands, in each language."""
    season = read_season(year.place)
    found: Pages = {}
    for language in LANGUAGES:
        reached = dict.fromkeys(season.standing.persons, Contact(language=language))
        everybody = told_of_season(season, year.place / "call-1", reached, RoundSettings())
        writer = Writer(everybody, Looks({}))
        found |= {(person.id, language): writer.page(person) for person in everybody.people}
    return found


@pytest.fixture(scope="module", params=["coordinated", "independent", "serial"])
def called(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Five seats are given up; the call gives them to chain, up, wrong, moved and last."""
    year = played(tmp_path_factory.mktemp(request.param), request.param)
    year.ok("call", "--on", "2019-06-12")
    return year


MINORITET = {
    "nb": "Minoritetskompetanse i barnevernet ved VID, Stavanger",
    "nn": "Minoritetskompetanse i barnevernet ved VID, Stavanger",
    "en": "Minority competence in child welfare at VID, Stavanger",
}
RELASJON = {
    "nb": "Relasjonskompetanse i barnevernet ved VID, Oslo",
    "nn": "Relasjonskompetanse i barnevernet ved VID, Oslo",
    "en": "Relational competence in child welfare at VID, Oslo",
}
OFFERED = ("Du får tilbud om plass på {}.", "Du får tilbod om plass på {}.",
           "You are offered a seat in {}.")  # fmt: skip
ACCEPTED = ("Du har sagt ja til plassen på {}.", "Du har sagt ja til plassen på {}.",
            "You have accepted your seat in {}.")  # fmt: skip
AFTER_THE_CALL = {
    "yes": ACCEPTED,
    "better": ACCEPTED,
    "no": ("Du har sagt nei til plassen på {}.", "Du har sagt nei til plassen på {}.",
           "You have declined your seat in {}."),
    "silent": (
        "Du er ikke lenger med i opptaket til {}, fordi et tilbud ikke ble besvart i tide.",
        "Du er ikkje lenger med i opptaket til {}, fordi eit tilbod ikkje blei svart på i tide.",
        "You are no longer considered for {}, because an offer was not answered in time.",
    ),
    "withdrawn": ("Du har trukket deg fra plassen på {}.", "Du har trekt deg frå plassen på {}.",
                  "You have withdrawn from your seat in {}."),
    "annulled": ("Opptaket ditt til {} er annullert.", "Opptaket ditt til {} er annullert.",
                 "Your admission to {} has been annulled."),
    "deferred": ("Plassen din på {} er utsatt til neste opptak.",
                 "Plassen din på {} er utsett til neste opptak.",
                 "Your seat in {} is deferred to the next admission."),
    "left": ("Du står ikke lenger på ventelisten til {}.",
             "Du står ikkje lenger på ventelista til {}.",
             "You are no longer on the waiting list for {}."),
    "chain": OFFERED, "up": OFFERED, "fixed": OFFERED, "right": OFFERED, "wrong": OFFERED,
    "placed": OFFERED, "moved": OFFERED, "last": OFFERED,
    "still": ("Du får ikke plass nå, men er nummer 1 på ventelisten til {}.",
              "Du får ikkje plass no, men er nummer 1 på ventelista til {}.",
              "You do not get a seat now, but are number 1 on the waiting list for {}."),
    "late": ("Du får ikke plass nå, men er nummer 2 på ventelisten til {}.",
             "Du får ikkje plass no, men er nummer 2 på ventelista til {}.",
             "You do not get a seat now, but are number 2 on the waiting list for {}."),
    "unfit": ("Du får ikke plass på {}, fordi du ikke er kvalifisert.",
              "Du får ikkje plass på {}, fordi du ikkje er kvalifisert.",
              "You do not get a seat in {}, because you are not qualified."),
}  # fmt: skip
IN_WINTER = {
    "enrolled": ("Du er registrert som student på {}.", "Du er registrert som student på {}.",
                 "You are enrolled in {}."),
    "met": ("Du har plass på {}, og har møtt til studiestart.",
            "Du har plass på {}, og har møtt til studiestart.",
            "You have a seat in {}, and came to its start."),
    "no-show": ("Du har ikke lenger plassen på {}, fordi du ikke møtte til studiestart.",
                "Du har ikkje lenger plassen på {}, fordi du ikkje møtte til studiestart.",
                "You no longer have your seat in {}, because you did not come to its start."),
    "completed": ("Du har fullført {}.", "Du har fullført {}.", "You have completed {}."),
    "dropped": ("Du har sluttet på {}.", "Du har slutta på {}.", "You have left {}."),
    "still": ("Ventelisten til {} er stengt, og du fikk ikke plass.",
              "Ventelista til {} er stengd, og du fekk ikkje plass.",
              "The waiting list for {} is closed, and you did not get a seat."),
}  # fmt: skip
HAPPENED = {
    "annulled": (
        "7. juni 2019: Tilbudet eller ventelisteplassen er annullert. Grunn: uriktige "
        "opplysninger.",
        "7. juni 2019: Tilbodet eller ventelisteplassen er annullert. Grunn: urette opplysningar.",
        "7 June 2019: The offer or place on the list is annulled. Reason: false information.",
    ),
    "up": (
        "12. juni 2019: Du fikk tilbud om plass fordi noen trakk seg fra sin.",
        "12. juni 2019: Du fekk tilbod om plass fordi nokon trekte seg frå sin.",
        "12 June 2019: You were called when somebody withdrew from a seat.",
    ),
    "still": (
        "12. juni 2019: Nummeret ditt på ventelisten gikk fra 10 til 1, fordi 8 foran deg fikk "
        "tilbud her og 1 foran deg venter ikke lenger.",
        "12. juni 2019: Nummeret ditt på ventelista gjekk frå 10 til 1, fordi 8 framfor deg fekk "
        "tilbod her og 1 framfor deg ventar ikkje lenger.",
        "12 June 2019: Your number on the waiting list went from 10 to 1, because 8 ahead of you "
        "were offered a seat here and 1 ahead of you waits no longer.",
    ),
    "fixed": (
        "7. juni 2019: Rettet: karaktersnittet ditt var 4,2 og er 4,9. Du skulle hatt plass, og "
        "får en egen plass nå; ingen andre mister sin.",
        "7. juni 2019: Retta: karaktersnittet ditt var 4,2 og er 4,9. Du skulle hatt plass, og "
        "får ein eigen plass no; ingen andre mistar sin.",
        "7 June 2019: Corrected: your grade average was 4.2 and is 4.9. You should have had a "
        "seat and get one of your own now; nobody else loses theirs.",
    ),
    "right": (
        "7. juni 2019: Klagen din ble tatt til følge: karaktersnittet ditt var 4,15 og er 4,8. Du "
        "skulle hatt plass, og får en egen plass nå; ingen andre mister sin.",
        "7. juni 2019: Du fekk medhald i klaga: karaktersnittet ditt var 4,15 og er 4,8. Du "
        "skulle hatt plass, og får ein eigen plass no; ingen andre mistar sin.",
        "7 June 2019: Your appeal was upheld: your grade average was 4.15 and is 4.8. You should "
        "have had a seat and get one of your own now; nobody else loses theirs.",
    ),
    "wrong": (
        "7. juni 2019: Klagen din ble ikke tatt til følge; avgjørelsen står.",
        "7. juni 2019: Du fekk ikkje medhald i klaga; avgjerda står.",
        "7 June 2019: Your appeal was not upheld; the decision stands.",
    ),
    "placed": (
        "7. juni 2019: Du fikk tilbud om en egen plass. Grunn: avgjort av overordnet myndighet.",
        "7. juni 2019: Du fekk tilbod om ein eigen plass. Grunn: avgjort av overordna styresmakt.",
        "7 June 2019: You were offered a seat of your own. Reason: decided by a higher authority.",
    ),
    "late": (
        "7. juni 2019: Søknaden kom etter fristen og ble tatt med.",
        "7. juni 2019: Søknaden kom etter fristen og blei teken med.",
        "7 June 2019: The application came after the deadline and was taken in.",
    ),
}
MOVED_ON = {
    "nb": "12. juni 2019: Du fikk tilbud om plass på {}, som du heller ville ha; det erstatter "
    "plassen din her.",
    "nn": "12. juni 2019: Du fekk tilbod om plass på {}, som du heller ville ha; det erstattar "
    "plassen din her.",
    "en": "12 June 2019: You were offered a seat in {}, which you want more; it replaces your "
    "seat here.",
}


def test_each_letter_says_what_has_become_of_the_application(called: Year) -> None:
    found = pages(called)
    for person, sentences in AFTER_THE_CALL.items():
        for language, sentence in zip(LANGUAGES, sentences, strict=True):
            page = found[person, language]
            expected = sentence.format(MINORITET[language])
            assert (person, page.answer[0]) == (person, expected)
            assert page.parts[0].answer[0].startswith(expected.removesuffix("."))
    for person, lines in HAPPENED.items():
        for language, line in zip(LANGUAGES, lines, strict=True):
            assert line in texts_of(found[person, language]), (person, language)
    for language in LANGUAGES:
        page = found["chain", language]
        assert MOVED_ON[language].format(MINORITET[language]) in texts_of(page.parts[1])
        assert page.parts[1].heading == RELASJON[language]


RELEASED = {
    "independent": "Tilbudet ditt på {} er gått videre til andre, fordi du får plass på {}, som du "
    "ønsket høyere.",
    "coordinated": "Søknaden din til {} er falt bort, fordi du får tilbud om plass på {}, som du "
    "ønsket høyere.",
}
SHORT = {"independent": "Gått videre til andre", "coordinated": "Bortfalt for et høyere ønske"}


def test_what_gave_way_at_once_is_told_as_the_mechanism_has_it(called: Year) -> None:
    mechanism = "coordinated" if "independent" not in str(called.place) else "independent"
    page = pages(called)["better", "nb"]
    names = (RELASJON["nb"], MINORITET["nb"])
    assert page.parts[1].answer[0] == RELEASED[mechanism].format(*names)
    assert SHORT[mechanism] in texts_of(page.sections)


def test_in_winter_letters_say_who_met_and_whose_list_is_closed(called: Year) -> None:
    recorded(called, AUTUMN)
    called.ok("record", "close-lists", "--offering", "vid-minoritet", "--on", "2019-12-21",
              "--reason", "over")  # fmt: skip
    found = pages(called)
    for person, sentences in IN_WINTER.items():
        for language, sentence in zip(LANGUAGES, sentences, strict=True):
            assert found[person, language].answer[0] == sentence.format(MINORITET[language])
