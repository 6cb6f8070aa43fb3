"""Whole decisions, written by hand."""

from __future__ import annotations

import pytest

from admissions.allocation.run import Run
from admissions.explanation import explain
from admissions.explanation.counterfactuals import what_would_have_changed
from admissions.explanation.decisions import decide_outcomes
from admissions.explanation.words import letter
from admissions.model.round import RoundSettings
from admissions.model.vocabulary import LANGUAGES, Language

from .rounds import application, make_round, person, row_of, run_of


def _letter(run: Run, person_id: str, offering: str, language: Language) -> str:
    row = row_of(run.round, person_id, offering)
    return letter(explain(run, row), what_would_have_changed(run, row), language)


def _without_sums(text: str) -> str:
    """``text`` without its last section, the checksums, which have a test of their own."""
    return text.rpartition("\n\n")[0].rpartition("\n\n")[0] + "\n"


WAITING_NB = """\
Du er nummer 1 på ventelisten til Juss ved Nordhavn, fordi alle plassene gikk til søkere foran \
deg; det første som skiller deg fra den siste som fikk tilbud, er «Poengsum».
Nummeret på ventelisten endres bare når det sendes ut nye tilbud.

Vedtak om opptak

Institusjon: Universitetet i Stavanger
Sak: 2019/77
Søker: B
Søknad: Juss ved Nordhavn, ønske nummer 1
Regler: law-2019, gyldige fra 1. august 2018, brukt slik de gjaldt 1. august 2019 (Studieplan 2019)
Scenario: test

Opptakskrav

Du er kvalifisert, fordi du oppfyller alle kravene.
- Bachelorgrad: oppfylt. Kravet er en bachelorgrad på minst 180 studiepoeng. Opplysninger: omfang \
av bachelorgraden: 180 studiepoeng.
- Dokumentert erfaring: oppfylt. Kravet er at du har dokumentert relevant erfaring. \
Opplysninger: dokumentert erfaring: ikke oppgitt, regnet som ja.

Rangering

De kvalifiserte sammenlignes på ett kriterium om gangen, i denne rekkefølgen. Det neste teller \
bare mellom dem som står likt på alle foregående.
1. Kommunalt ansatte først: gruppe 1 av 2. Søkerne deles i grupper, i denne rekkefølgen: \
kommunalt barnevern; statlig eller privat barnevern. Opplysninger: sektor: kommunalt barnevern.
2. Poengsum: 3,75 poeng. Poengene for hver del legges sammen.
   - Karakterpoeng: 3,25 poeng. Poengene er karaktersnittet, der A er 5 og E er 1, avrundet til to \
desimaler. Opplysninger: karaktersnitt: 3,25.
   - Erfaringspoeng: 0,50 poeng. Hvert fullført år i kommunalt eller statlig barnevern til sammen \
gir 0,25 poeng, høyst 1. Opplysninger: erfaring i kommunalt barnevern: 2,5 år; erfaring i statlig \
barnevern: 0 år.
3. Loddtrekning: nummer 2. Den som er trukket ut først, går først. Opplysninger: plass i \
loddtrekningen: 2.
Du er nummer 2 av 2 kvalifiserte.
Du har 3,75 poeng.
Den siste som fikk tilbud, er i gruppe 1, med 4,20 poeng.
Det første som skiller deg fra den siste som fikk tilbud, er «Poengsum».

Hva som ville ha endret resultatet

Hvert punkt gjelder én opplysning om deg, endret så lite som mulig. Alt annet, også \
loddtrekningen, er som før.
- Hvis karaktersnittet ditt hadde vært 3,71 i stedet for 3,25, ville du ha fått tilbud om plass \
på Juss ved Nordhavn.
- Hvis erfaringen din i kommunalt barnevern hadde vært 4 år i stedet for 2,5 år, ville du ha fått \
tilbud om plass på Juss ved Nordhavn.
- Hvis erfaringen din i statlig barnevern hadde vært 1,5 år i stedet for 0 år, ville du ha fått \
tilbud om plass på Juss ved Nordhavn.

Rettighetene dine

Dette er et enkeltvedtak. Du har rett til en begrunnelse, og til å se dokumentene i saken.
Du kan klage på vedtaket innen tre uker etter at du fikk det.
Klagen sender du til Universitetet i Stavanger.
Klageinstansen er Felles klagenemnd.
"""


def test_waiting_behind_points_in_bokmal() -> None:
    """A is drawn before B (SHA-256 of 7:A begins with 0d, of 7:B with b8): B needs over 4.20."""
    people = [
        person("A", bachelor_grade=320),
        person("B", bachelor_grade=325, experience_municipal=250),
    ]
    run = run_of(
        make_round(
            people,
            [application("A", "law"), application("B", "law")],
            not_given={"B": ["experience_documented"]},
        ),
        {"law": 1},
    )
    assert _without_sums(_letter(run, "B", "law", "nb")) == WAITING_NB


NOT_QUALIFIED_NN = """\
Du er ikkje kvalifisert for Omsorg ved Fjordvik, fordi du ikkje oppfyller det som blir kravd: \
«Hovudstilling».
Under står krava og opplysningane om deg. Er noko feil, kan du klage innan tre veker.

Vedtak om opptak

Søkjar: A
Søknad: Omsorg ved Fjordvik, ønske nummer 1
Reglar: care-2019, gyldige frå 1. august 2018, brukte slik dei galdt 1. august 2019 (Studieplan \
2019)
Scenario: test

Opptakskrav

Du er ikkje kvalifisert, og blir derfor ikkje rangert.
- Hovudstilling: ikkje oppfylt. Kravet er ei stilling på minst 50 prosent i kommunalt eller \
statleg barnevern. Opplysningar: sektor: kommunalt barnevern; stillingsprosent: 49,5 prosent.

Kva som ville ha endra resultatet

Kvart punkt gjeld éi opplysning om deg, endra så lite som mogleg. Alt anna, også loddtrekkinga, \
er som før.
- Om stillingsprosenten din hadde vore 50 prosent i staden for 49,5 prosent, ville du ha fått \
tilbod om plass på Omsorg ved Fjordvik.

Rettane dine

Dette er eit enkeltvedtak. Du har rett til ei grunngiving, og til å sjå dokumenta i saka.
Du kan klage på vedtaket innan tre veker etter at du fekk det.
"""


def test_not_qualified_in_nynorsk_with_nothing_said_of_the_authority() -> None:
    round_ = make_round(
        [person("A", post_percent=4950)], [application("A", "care")], settings=RoundSettings()
    )
    assert (
        _without_sums(_letter(run_of(round_, {"care": 1}), "A", "care", "nn")) == NOT_QUALIFIED_NN
    )


OFFERED_EN = """\
You are offered a seat in Care at Fjordvik.
Answer the offer by 20 May 2019. If you do not answer in time, you lose the offer and your places \
on the waiting lists.

Decision on admission

Institution: Universitetet i Stavanger
Case: 2019/77
Applicant: A
Application: Care at Fjordvik, wish number 2
Rules: care-2019, valid from 1 August 2018, applied as they stood on 1 August 2019 (Studieplan 2019)
Scenario: test

Requirements

You are qualified, because you meet all requirements.
- Main post: met. A post of at least 50 per cent in municipal or state child welfare is required. \
Facts: sector: municipal child welfare; size of post: 100 per cent.

Ranking

The qualified are compared on one criterion at a time, in this order. The next counts only between \
those who are equal on all before it.
1. Leaders first: yes. Whoever is leader or deputy leader and has personnel responsibility comes \
before others. Facts: position: deputy leader; personnel responsibility: yes.
2. Grades: 33 points. The points are the grade average, where A is 5 and E is 1, rounded to one \
decimal, times 10. Facts: grade average: 3.25.
3. Oldest first. The older comes first. Facts: date of birth: 3 May 1980.
4. Lottery: number 1. Whoever was drawn first comes first. Facts: place in the draw: 1.
You are number 1 of 2 qualified.
You have 33 points.
You are equal to the first on the waiting list on all criteria. What decided is “Oldest first”.

Your rights

This is an individual decision. You have the right to be given reasons, and to see the documents \
of the case.
You can appeal against the decision within three weeks of receiving it.
Send the appeal to Universitetet i Stavanger.
The appeal is decided by Felles klagenemnd.
"""


def test_offered_after_a_tie_by_age_in_english() -> None:
    leader = {"position": "deputy-leader", "personnel_responsibility": True, "bachelor_grade": 325}
    people = [
        person("A", birth_date=1980_05_03, **leader),
        person("B", birth_date=1980_05_04, **leader),
    ]
    wishes = [
        application("A", "law"),
        application("A", "care", 2),
        application("B", "care"),
    ]
    run = run_of(make_round(people, wishes), {"law": 0, "care": 1})
    assert _without_sums(_letter(run, "A", "care", "en")) == OFFERED_EN


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_has_another_persons_id_or_facts(language: Language) -> None:
    """Each of the others has a grade, a service and a birth date that nobody else has."""
    grades = {"q1": 411, "q2": 422, "q3": 433, "q4": 277}
    people = [
        person(
            name,
            bachelor_grade=grade,
            experience_municipal=grade,
            service_id=f"office-{name}",
            birth_date=1970_01_01 + grade % 20,
        )
        for name, grade in grades.items()
    ]
    wishes = [application(name, "care") for name in grades]
    run = run_of(make_round(people, wishes), {"care": 2})
    assert set(decide_outcomes(run)["outcome"]) == {"offered", "waiting"}
    for name in grades:
        text = _letter(run, name, "care", language)
        assert f": {name}\n" in text
        for other, grade in grades.items():
            if other != name:
                assert other not in text
                assert f"{grade // 100},{grade % 100}" not in text
                assert f"{grade // 100}.{grade % 100}" not in text


def test_whoever_is_not_qualified_but_holds_better_is_told_of_that() -> None:
    round_ = make_round(
        [person("A", post_percent=4900)], [application("A", "law"), application("A", "care", 2)]
    )
    text = _letter(run_of(round_, {"law": 1, "care": 1}), "A", "care", "nn")
    assert (
        "Kva som ville ha endra resultatet\n\n"
        "Du får tilbod om plass på Jus ved Nordhavn, som du ønskte høgare.\n"
    ) in text


def test_not_by_this_alone() -> None:
    run = run_of(make_round([person("A")], [application("A", "law")]), {"law": 0})
    assert "Ingen opplysning om deg ville alene ha gitt deg denne plassen." in _letter(
        run, "A", "law", "nb"
    )


@pytest.mark.parametrize(
    ("language", "together"),
    [
        (
            "nb",
            "Søkere som står likt på alt dette, behandles samlet: Er det færre plasser igjen enn "
            "søkere som står likt, får ingen av dem tilbud.",
        ),
        (
            "nn",
            "Søkjarar som står likt på alt dette, blir behandla samla: Er det færre plassar att "
            "enn søkjarar som står likt, får ingen av dei tilbod.",
        ),
        (
            "en",
            "Applicants who are equal on all of this are treated together: where fewer seats are "
            "left than there are equals, none of them is offered one.",
        ),
    ],
)
def test_where_equals_stay_together_no_draw_is_told(language: Language, together: str) -> None:
    people = [person("A"), person("B")]
    run = run_of(
        make_round(people, [application("A", "law"), application("B", "law")]),
        {"law": 1},
        ties="reject-all",
    )
    said = _letter(run, "A", "law", language)
    assert together in said.splitlines()
    assert not any(line.startswith("3. ") for line in said.splitlines())
