"""Letters about small rounds in which it is easily told wrongly, in the three languages."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from admissions.allocation.run import Run
from admissions.explanation import explain
from admissions.explanation.counterfactuals import what_would_have_changed
from admissions.explanation.words import letter
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.results.allocation import write_result

from .hand_made import decided
from .rounds import application, make_round, person, row_of, run_of


def _told(run: Run, person_id: str, offering: str, language: Language) -> list[str]:
    row = row_of(run.round, person_id, offering)
    text = letter(explain(run, row), what_would_have_changed(run, row), language)
    return text.splitlines()


def test_a_letter_names_the_scenario_that_changes_the_rules_and_their_checksums(
    tmp_path: Path,
) -> None:
    """The sums are those of the files in the result, which anybody can take with sha256sum."""
    run = decided("changed-rules")
    write_result(run, tmp_path / "out", language="nb")
    rules = (tmp_path / "out" / "rules" / "vid-relasjon.toml").read_bytes()
    told = _told(run, "x", "vid-relasjon", "nb")
    assert "Scenario: s, som endrer disse reglene" in told
    digest = hashlib.sha256(rules).hexdigest()
    assert f"Kontrollsum for reglene slik de er brukt (SHA-256): {digest}" in told
    files = sorted((tmp_path / "out" / "rules").iterdir())
    lines = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  rules/{f.name}\n" for f in files]
    scenario = (tmp_path / "out" / "scenario.toml").read_bytes()
    lines.append(f"{hashlib.sha256(scenario).hexdigest()}  scenario.toml\n")
    whole = hashlib.sha256("".join(lines).encode()).hexdigest()
    assert f"Kontrollsum for hele opptaket: {whole}" in told


def test_rules_that_no_scenario_changes_are_not_said_to_be_changed() -> None:
    run = decided("outside-child-welfare")
    assert "Scenario: s" in _told(run, "nina", "vid-minoritet", "en")


def test_a_limit_that_no_call_would_lift_is_named() -> None:
    """Two calls or fifty: the service's one seat is taken, and the other seat stays empty."""
    run = decided("calls-and-a-limit")
    first = _told(run, "bo", "vid-minoritet", "nb")[0]
    assert first.endswith("fordi en grense sto i veien: «Høyst én».")


APART = {
    "nb": "fordi lederen din har bedt om at minst 2 fra tjenesten får plass sammen her, eller "
    "ingen, og så mange fikk ikke plass.",
    "nn": "fordi leiaren din har bede om at minst 2 frå tenesta får plass saman her, eller ingen, "
    "og så mange fekk ikkje plass.",
    "en": "because your leader has asked that at least 2 from the service get seats here "
    "together, or none, and so many did not.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_whom_the_leaders_wish_keeps_out_is_told_so(language: Language) -> None:
    """p has the best grade; q, whom the leader wants along, stands behind z."""
    run = decided("group-of-two")
    assert _told(run, "p", "vid-minoritet", language)[0].endswith(APART[language])


def test_who_goes_of_a_service_that_can_spare_few_is_told_in_words() -> None:
    run = decided("spared-and-unnamed")
    told = ["\n".join(_told(run, name, "vid-minoritet", "nb")) for name in ("x", "y")]
    (waiting,) = [text for text in told if "ventelisten til" in text.splitlines()[0]]
    assert "Den går først som står lengst fremme på et studietilbud" in waiting
    assert "lederen har satt opp" not in waiting


NO_LIST = {
    "nb": ["Du får ikke tilbud om plass på Juss ved Nordhavn, fordi det ikke er noen plass å "
           "tilby.", "Det er derfor ingen venteliste her."],
    "nn": ["Du får ikkje tilbod om plass på Jus ved Nordhavn, fordi det ikkje er nokon plass å "
           "tilby.", "Det er derfor inga venteliste her."],
    "en": ["You are not offered a seat in Law at Nordhavn, because there is no seat to offer.",
           "So there is no waiting list here."],
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_waiting_number_where_the_offering_is_not_run(language: Language) -> None:
    run = run_of(make_round([person("A")], [application("A", "law")]), {"law": 0})
    assert _told(run, "A", "law", language)[:2] == NO_LIST[language]


def test_a_class_that_is_too_small_is_told_without_a_waiting_number() -> None:
    """One applicant, and the class is not run with fewer than two."""
    small = {"kind": "class-minimum", "id": "least", "seats": 2,
             "title": {"nb": "Minst to", "nn": "Minst to", "en": "At least two"},
             "source": "made up"}  # fmt: skip
    run = run_of(
        make_round([person("A")], [application("A", "law")]),
        {"law": 3},
        changes=[{"offerings": ["law"], "limits": [small]}],
    )
    told = _told(run, "A", "law", "nn")
    assert told[:2] == [
        "Du får ikkje tilbod om plass på Jus ved Nordhavn, fordi det ikkje blir gjennomført: For "
        "få søkjarar ville ha fått plass («Minst to»).",
        "Det er derfor inga venteliste her.",
    ]
    assert not any("nummer 1 på ventelista" in line for line in told)


def test_passed_is_told_with_what_it_counts_as() -> None:
    """Under the later rules of OsloMet a degree marked only "passed" counts as 3 points."""
    run = run_of(
        make_round(
            [person("A", bachelor_grade=-1, bachelor_passed=True)], [application("A", "care")]
        ),
        {"care": 1},
    )
    told = "\n".join(_told(run, "A", "care", "nb"))
    assert "Opplysninger: karaktersnitt: bare «bestått», som teller som 3." in told


@pytest.mark.parametrize(
    ("lottery", "said"),
    [
        ("single", "Ei loddtrekking avgjorde, den same for alle studietilboda. Ho kan "
         "etterprøvast: Ho går ut frå talet 7 og søkjarnummera."),
        ("per-offering", "Ei loddtrekking avgjorde, ei eiga for dette studietilbodet. Ho kan "
         "etterprøvast: Ho går ut frå talet 7, studietilbodet og søkjarnummera."),
    ],
)  # fmt: skip
def test_a_draw_that_decided_is_told_with_the_number_it_starts_from(
    lottery: str, said: str
) -> None:
    people = [person("A"), person("B")]
    wishes = [application("A", "law"), application("B", "law")]
    run = run_of(make_round(people, wishes), {"law": 1}, lottery=lottery)
    for name in ("A", "B"):
        assert said in _told(run, name, "law", "nn")


def test_the_last_admitted_by_group_and_points_and_only_where_it_is_another() -> None:
    """B is in the second group; C waits; A holds a better wish and is told of nobody's points."""
    people = [
        person("A", bachelor_grade=500),
        person("B", sector="state", bachelor_grade=490, experience_municipal=0),
        person("C", sector="state", bachelor_grade=300, experience_municipal=0),
    ]
    wishes = [application("A", "care"), application("A", "law", 2), application("B", "law"),
              application("C", "law")]  # fmt: skip
    run = run_of(make_round(people, wishes), {"law": 1, "care": 1})
    last = "Den siste som fikk tilbud, er i gruppe 2, med 4,90 poeng."
    assert last in _told(run, "C", "law", "nb")
    for name, offering in (("A", "law"), ("B", "law")):
        assert not any("siste som fikk tilbud," in line and "poeng" in line
                       for line in _told(run, name, offering, "nb"))  # fmt: skip
