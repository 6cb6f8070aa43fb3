"""What letters say: each outcome in each language under each mechanism, and nobody else's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.intake.contacts import Contact
from admissions.letters.pages import LetterPage, Part, texts_of
from admissions.letters.reading import told_of_result
from admissions.letters.templates import Looks
from admissions.letters.wording import Writer
from admissions.model.round import RoundSettings
from admissions.model.vocabulary import Language
from tests.letters.rounds import PEOPLE


def pages(place: Path, language: Language) -> dict[str, LetterPage]:
    """The letters of the result at ``place``, by person, all in ``language``."""
    contacts = {one: Contact(language=language) for one in PEOPLE}
    everybody = told_of_result(place, contacts, RoundSettings())
    writer = Writer(everybody, Looks({}))
    return {person.id: writer.page(person) for person in everybody.people}


JUSS = {
    "nb": "Juss i barnevernfaglig arbeid ved Universitetet i Stavanger",
    "nn": "Juss i barnevernfagleg arbeid ved Universitetet i Stavanger",
    "en": "Law in child-welfare work at Universitetet i Stavanger",
}
MINORITET = {
    "nb": "Minoritetskompetanse i barnevernet ved VID, Stavanger",
    "nn": "Minoritetskompetanse i barnevernet ved VID, Stavanger",
    "en": "Minority competence in child welfare at VID, Stavanger",
}
FIRST = {
    ("a", "nb"): (
        f"Du får tilbud om plass på {JUSS['nb']}.",
        "Svar innen 12. juni 2019. Svarer du ikke i tide, mister du tilbudet og plassene på "
        "ventelistene.",
    ),
    ("a", "nn"): (
        f"Du får tilbod om plass på {JUSS['nn']}.",
        "Svar innan 12. juni 2019. Svarer du ikkje i tide, mistar du tilbodet og plassane på "
        "ventelistene.",
    ),
    ("a", "en"): (
        f"You are offered a seat in {JUSS['en']}.",
        "Answer by 12 June 2019. If you do not answer in time, you lose the offer and your places "
        "on the waiting lists.",
    ),
    ("c", "nb"): (
        f"Du får ikke plass på {JUSS['nb']}, fordi du ikke er kvalifisert.",
        "Mener du at noe er feil, kan du klage innen tre uker. Hvordan du gjør det, står lenger "
        "ute i brevet.",
    ),
    ("c", "nn"): (
        f"Du får ikkje plass på {JUSS['nn']}, fordi du ikkje er kvalifisert.",
        "Meiner du at noko er feil, kan du klage innan tre veker. Korleis du gjer det, står lenger "
        "ute i brevet.",
    ),
    ("c", "en"): (
        f"You do not get a seat in {JUSS['en']}, because you are not qualified.",
        "If you think that something is wrong, you can appeal within three weeks. How to do "
        "so stands further on in this letter.",
    ),
    ("d", "nb"): (
        f"Du får ikke plass nå, men er nummer 1 på ventelisten til {MINORITET['nb']}.",
        "Du trenger ikke å gjøre noe. Blir det plass til deg, får du et nytt brev.",
    ),
    ("d", "nn"): (
        f"Du får ikkje plass no, men er nummer 1 på ventelista til {MINORITET['nn']}.",
        "Du treng ikkje gjere noko. Blir det plass til deg, får du eit nytt brev.",
    ),
    ("d", "en"): (
        f"You do not get a seat now, but are number 1 on the waiting list for {MINORITET['en']}.",
        "You need not do anything. If there is a seat for you, you get a new letter.",
    ),
}
"""The two lines that the first page begins with: the same under both mechanisms."""


@pytest.mark.parametrize("mechanism", ["coordinated", "independent"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_answer_comes_first_in_two_lines(
    decided: dict[str, Path], mechanism: str, language: Language
) -> None:
    letters = pages(decided[mechanism], language)
    for person in ("a", "c", "d"):
        assert letters[person].answer == FIRST[person, language]


OWN_PART = {
    "nb": "Det du fikk i stedet, har en egen del i dette brevet.",
    "nn": "Det du fekk i staden, har ein eigen del i dette brevet.",
    "en": "What you got instead has a part of its own in this letter.",
}
LAPSED = {
    "nb": f"Søknaden din til {MINORITET['nb']} er falt bort, fordi du får tilbud om plass på "
    f"{JUSS['nb']}, som du ønsket høyere.",
    "nn": f"Søknaden din til {MINORITET['nn']} har falle bort, fordi du får tilbod om plass på "
    f"{JUSS['nn']}, som du ønskte høgare.",
    "en": f"Your application for {MINORITET['en']} has lapsed, because you are offered a seat in "
    f"{JUSS['en']}, which you wanted more.",
}
RELEASED = {
    "nb": f"Tilbudet ditt på {MINORITET['nb']} er gått videre til andre, fordi du får plass på "
    f"{JUSS['nb']}, som du ønsket høyere.",
    "nn": f"Tilbodet ditt på {MINORITET['nn']} har gått vidare til andre, fordi du får plass på "
    f"{JUSS['nn']}, som du ønskte høgare.",
    "en": f"Your offer in {MINORITET['en']} has passed on to others, because you get a seat in "
    f"{JUSS['en']}, which you wanted more.",
}


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_what_gave_way_says_for_what(decided: dict[str, Path], language: Language) -> None:
    lapsed = pages(decided["coordinated"], language)["a"].parts[1]
    released = pages(decided["independent"], language)["a"].parts[1]
    assert lapsed.answer == (LAPSED[language], OWN_PART[language])
    assert released.answer == (RELEASED[language], OWN_PART[language])


def test_an_institution_s_own_letter_tells_of_its_own_decisions_alone(
    decided: dict[str, Path],
) -> None:
    """a has what VID's letter says has lapsed from UiS, in another letter; b has VID's seat."""
    everybody = told_of_result(
        decided["coordinated"], {}, RoundSettings(), offerings=["vid-minoritet"]
    )
    writer = Writer(everybody, Looks({}))
    own = {person.id: writer.page(person) for person in everybody.people}
    assert sorted(own) == ["a", "b", "d"]
    assert everybody.count == 3
    assert [part.institution for page in own.values() for part in page.parts] == [
        "VID vitenskapelige høgskole"
    ] * 3
    assert own["a"].answer == (
        LAPSED["nb"],
        "Det du fikk i stedet, får du et eget brev om.",
    )
    assert own["b"].answer[0] == f"Du får tilbud om plass på {MINORITET['nb']}."


def test_each_part_stands_under_its_institution(decided: dict[str, Path]) -> None:
    page = pages(decided["coordinated"], "nb")["b"]
    uis, vid = page.parts
    assert page.senders == (uis.institution, vid.institution)
    assert vid.institution == "VID vitenskapelige høgskole"
    assert ("Sak", "V-77") in vid.facts
    assert ("Sak", "2019/100") in uis.facts
    assert vid.signature == ("Med hilsen", "Åse Ødegård", "VID vitenskapelige høgskole")
    rights = "\n".join(_under(vid, "Rettighetene dine, og hvordan du klager"))
    assert "Klagen sender du til VID vitenskapelige høgskole." in rights
    assert "Klageinstansen er Klagenemnda ved VID." in rights
    assert "Stavanger" not in rights


def _under(part: Part, heading: str) -> list[str]:
    """The words of the section of ``part`` under ``heading``."""
    return next(texts_of(s.blocks) for s in part.sections if s.heading == heading)


def test_what_to_do_says_by_when_and_how(decided: dict[str, Path]) -> None:
    letters = pages(decided["coordinated"], "en")
    assert texts_of(letters["a"].sections[0].blocks) == [
        "Answer yes or no to opptak@uis.example by 12 June 2019. Give your applicant number, a.",
        "See that the facts about you are right. They stand in the tables further on in this "
        "letter.",
    ]
    assert texts_of(letters["b"].sections[0].blocks)[:2] == [
        "Answer yes or no to VID vitenskapelige høgskole by 14 June 2019. Give your applicant "
        "number, b.",
        "If you say yes, you stay on the waiting lists for what you wanted more. If you do not "
        "want that, answer “yes final”.",
    ]


def test_only_what_is_within_reach_would_have_changed_it(decided: dict[str, Path]) -> None:
    """d needs 4.01 in place of 3.00, more than half a grade; b 4.81 in place of 4.00 at UiS."""
    said = _under(pages(decided["coordinated"], "en")["d"].parts[0], "What would have changed "
                  "the result")  # fmt: skip
    assert said == ["No change within reach would by itself have given you this place."]


def test_the_rules_are_named_with_scenario_and_checksums(decided: dict[str, Path]) -> None:
    said = _under(pages(decided["coordinated"], "en")["a"].parts[0], "The rules that were used")
    assert said[0].startswith("Rules: uis-juss-2019, valid from 1 August 2018, applied as they")
    assert said[1] == "Scenario: two"
    assert said[2] == "The rules are published here: https://uis.example/regler"
    assert all(len(line.rpartition(" ")[2]) == 64 for line in said[3:])


def test_no_letter_names_another_person(tmp_path: Path) -> None:
    """The ids are words that occur in no letter but the own."""
    from tests.letters.rounds import ROUND, result

    ids = {one: f"Q{one}Z19" for one in PEOPLE}
    tables = {}
    for name in ("applicants", "applications"):
        text = ROUND[f"{name}.csv"]
        for one, new in ids.items():
            text = text.replace(f"\n{one},", f"\n{new},")
        tables[name] = text
    everybody = told_of_result(result(tmp_path, **tables), {}, RoundSettings())
    writer = Writer(everybody, Looks({}))
    for person in everybody.people:
        text = "\n".join(texts_of(writer.page(person)))
        assert person.id in text
        assert [one for one in ids.values() if one in text] == [person.id]
