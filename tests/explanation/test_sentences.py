"""The sentence of decisions.csv, expected texts written by hand."""

from __future__ import annotations

import hashlib

import pytest

from admissions.allocation.run import Run
from admissions.explanation import sentences
from admissions.explanation.decisions import decide_outcomes
from admissions.model.vocabulary import Language

from .rounds import application, make_round, person, row_of, run_of


def _sentences(run: Run, person_id: str, offering: str) -> dict[Language, str]:
    row = row_of(run.round, person_id, offering)
    decisions = decide_outcomes(run)
    languages: tuple[Language, ...] = ("nb", "nn", "en")
    return {language: sentences(run, decisions, language)[row] for language in languages}


def test_an_offered_seat() -> None:
    run = run_of(make_round([person("A")], [application("A", "law")]), {"law": 1})
    assert _sentences(run, "A", "law") == {
        "nb": "Du får tilbud om plass på Juss ved Nordhavn.",
        "nn": "Du får tilbod om plass på Jus ved Nordhavn.",
        "en": "You are offered a seat in Law at Nordhavn.",
    }


def test_waiting_behind_points() -> None:
    people = [person("A", bachelor_grade=400), person("B", bachelor_grade=399)]
    run = run_of(make_round(people, [application("A", "law"), application("B", "law")]), {"law": 1})
    assert _sentences(run, "B", "law") == {
        "nb": "Du er nummer 1 på ventelisten til Juss ved Nordhavn, fordi alle plassene gikk til "
        "søkere foran deg; det første som skiller deg fra den siste som fikk tilbud, er "
        "«Poengsum».",
        "nn": "Du er nummer 1 på ventelista til Jus ved Nordhavn, fordi alle plassane gjekk til "
        "søkjarar framfor deg; det første som skil deg frå den siste som fekk tilbod, er "
        "«Poengsum».",
        "en": "You are number 1 on the waiting list for Law at Nordhavn, because all seats went to "
        "applicants ahead of you; what first sets you apart from the last one offered a seat is "
        "“Point sum”.",
    }


def test_waiting_with_the_tie_broken_by_lottery() -> None:
    run = run_of(
        make_round([person("A"), person("B")], [application("A", "law"), application("B", "law")]),
        {"law": 1},
    )
    drawn = sorted("AB", key=lambda name: hashlib.sha256(f"7:{name}".encode()).digest()[:8])
    assert _sentences(run, drawn[1], "law") == {
        "nb": "Du er nummer 1 på ventelisten til Juss ved Nordhavn, fordi du står likt med den "
        "siste som fikk tilbud, og «Loddtrekning» avgjorde.",
        "nn": "Du er nummer 1 på ventelista til Jus ved Nordhavn, fordi du står likt med den siste "
        "som fekk tilbod, og «Loddtrekking» avgjorde.",
        "en": "You are number 1 on the waiting list for Law at Nordhavn, because you are equal to "
        "the last one offered a seat, and “Lottery” decided.",
    }


def test_lapsed_because_a_higher_wish_was_met() -> None:
    run = run_of(
        make_round([person("A")], [application("A", "law"), application("A", "care", 2)]),
        {"law": 1, "care": 1},
    )
    assert _sentences(run, "A", "care") == {
        "nb": "Søknaden din til Omsorg ved Fjordvik er falt bort, fordi du får tilbud om plass på "
        "Juss ved Nordhavn, som du ønsket høyere.",
        "nn": "Søknaden din til Omsorg ved Fjordvik har falle bort, fordi du får tilbod om plass "
        "på Jus ved Nordhavn, som du ønskte høgare.",
        "en": "Your application for Care at Fjordvik has lapsed, because you are offered a seat in "
        "Law at Nordhavn, which you wanted more.",
    }


def test_not_qualified_by_a_requirement() -> None:
    run = run_of(
        make_round([person("A", post_percent=4900)], [application("A", "care")]), {"care": 1}
    )
    assert _sentences(run, "A", "care") == {
        "nb": "Du er ikke kvalifisert for Omsorg ved Fjordvik, fordi du ikke oppfyller det som "
        "kreves: «Hovedstilling».",
        "nn": "Du er ikkje kvalifisert for Omsorg ved Fjordvik, fordi du ikkje oppfyller det som "
        "blir kravd: «Hovudstilling».",
        "en": "You are not qualified for Care at Fjordvik, because you do not meet what is "
        "required: “Main post”.",
    }


@pytest.mark.parametrize(
    ("facts", "offering", "missing"),
    [
        (
            {"experience_documented": False},
            "law",
            ("Dokumentert erfaring", "Documented experience"),
        ),
        ({"bachelor_ects": -1}, "law", ("Bachelorgrad", "Bachelor's degree")),
        ({"bachelor_grade": -1}, "care", ("Karakterer", "Grades")),
    ],
)
def test_not_qualified_because_a_fact_is_not_documented(
    facts: dict[str, int], offering: str, missing: tuple[str, str]
) -> None:
    run = run_of(make_round([person("A", **facts)], [application("A", offering)]), {offering: 1})
    place = {"law": ("Juss ved Nordhavn", "Law at Nordhavn")}.get(
        offering, ("Omsorg ved Fjordvik", "Care at Fjordvik")
    )
    said = _sentences(run, "A", offering)
    assert said["nb"] == (
        f"Du er ikke kvalifisert for {place[0]}, fordi dokumentasjonen mangler for «{missing[0]}»."
    )
    assert said["en"] == (
        f"You are not qualified for {place[1]}, because documentation is missing for "
        f"“{missing[1]}”."
    )


def test_declined_under_the_independent_mechanism() -> None:
    run = run_of(
        make_round([person("A")], [application("A", "law"), application("A", "care", 2)]),
        {"law": 1, "care": 1},
        mechanism="independent",
    )
    assert _sentences(run, "A", "care") == {
        "nb": "Tilbudet ditt på Omsorg ved Fjordvik er gått videre til andre, fordi du får plass "
        "på Juss ved Nordhavn, som du ønsket høyere.",
        "nn": "Tilbodet ditt på Omsorg ved Fjordvik har gått vidare til andre, fordi du får plass "
        "på Jus ved Nordhavn, som du ønskte høgare.",
        "en": "Your offer in Care at Fjordvik has passed on to others, because you get a seat in "
        "Law at Nordhavn, which you wanted more.",
    }


def test_not_called_before_the_calls_ended() -> None:
    people = [person("A", bachelor_grade=500), person("B", bachelor_grade=400), person("C")]
    wishes = [
        application("A", "care"),
        application("A", "law", 2),
        application("B", "law"),
        application("C", "law"),
    ]
    run = run_of(
        make_round(people, wishes), {"law": 1, "care": 1}, mechanism="independent", call_rounds=1
    )
    assert _sentences(run, "B", "law")["nb"] == (
        "Du er nummer 1 på ventelisten til Juss ved Nordhavn, fordi opptaket ble avsluttet før "
        "turen kom til deg."
    )
    assert _sentences(run, "C", "law")["nn"] == (
        "Du er nummer 2 på ventelista til Jus ved Nordhavn, fordi opptaket blei avslutta før turen "
        "kom til deg."
    )


def test_a_reserved_seat_went_before() -> None:
    people = [
        person("A", experience_municipal=900, region="oslo", service_id="S1"),
        person("B", experience_municipal=100, region="bergen", service_id="S2"),
    ]
    run = run_of(
        make_round(people, [application("A", "group"), application("B", "group")]), {"group": 1}
    )
    assert _sentences(run, "A", "group") == {
        "nb": "Du er nummer 1 på ventelisten til Gruppe ved Innlandet, fordi en grense sto i "
        "veien: «Alle regioner».",
        "nn": "Du er nummer 1 på ventelista til Gruppe ved Innlandet, fordi ei grense stod i "
        "vegen: «Alle regionar».",
        "en": "You are number 1 on the waiting list for Group at Innlandet, because a limit stood "
        "in the way: “All regions”.",
    }


def test_the_leaders_order_moved_a_colleague_ahead() -> None:
    people = [person("A", bachelor_grade=450), person("B", bachelor_grade=350)]
    wanted = {"service_id": "S1", "offering_id": "", "person_id": "B", "rank": 1}
    run = run_of(
        make_round(
            people,
            [application("A", "law"), application("B", "law")],
            leader_preferences=[wanted],
        ),
        {"law": 1},
        leader="within-service",
    )
    assert _sentences(run, "A", "law")["nb"] == (
        "Du er nummer 1 på ventelisten til Juss ved Nordhavn, fordi «Ledernes rekkefølge» flyttet "
        "andre foran deg."
    )


def test_nobody_is_offered_a_seat_where_there_is_none() -> None:
    run = run_of(make_round([person("A")], [application("A", "law")]), {"law": 0})
    assert _sentences(run, "A", "law")["en"] == (
        "You are not offered a seat in Law at Nordhavn, because there is no seat to offer."
    )


def _equals(ties: str, seats: int) -> Run:
    people = [person("A", bachelor_grade=400), person("B"), person("C")]
    people = [{**one, "bachelor_grade": 400 if one["person_id"] == "A" else 300} for one in people]
    wishes = [application(name, "law") for name in "ABC"]
    return run_of(make_round(people, wishes), {"law": seats}, ties=ties)


def test_turned_away_together_with_equals() -> None:
    assert _sentences(_equals("reject-all", 2), "C", "law") == {
        "nb": "Du er nummer 1 på ventelisten til Juss ved Nordhavn, fordi plassene som er igjen, "
        "er færre enn søkerne ned til og med dem som står likt med deg; de som står likt, "
        "behandles samlet.",
        "nn": "Du er nummer 1 på ventelista til Jus ved Nordhavn, fordi plassane som er att, er "
        "færre enn søkjarane ned til og med dei som står likt med deg; dei som står likt, blir "
        "behandla samla.",
        "en": "You are number 1 on the waiting list for Law at Nordhavn, because fewer seats are "
        "left than there are applicants down to those equal to you, and equals are treated "
        "together.",
    }


@pytest.mark.parametrize("name", ["B", "C"])
def test_accepted_together_with_equals(name: str) -> None:
    said = _sentences(_equals("accept-all", 2), name, "law")
    assert said["en"] == "You are offered a seat in Law at Nordhavn."
