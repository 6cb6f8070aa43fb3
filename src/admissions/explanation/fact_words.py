"""The facts, and the values of the closed lists, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from admissions.explanation import numbers
from admissions.explanation.reasons import FactValue
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.model.wording import words as _w

Measure = Literal[
    "grade", "years", "ects", "percent", "positions", "index",
    "count", "number", "from-zero", "date", "yes-no", "choice", "text",
]  # fmt: skip
"""How a value is read: in hundredths the first six; ``from-zero`` counts from 0, people from 1."""


@dataclass(frozen=True)
class FactWords:
    """``name`` heads a value; ``own`` stands within a sentence about the applicant."""

    measure: Measure
    name: Wording
    own: Wording


def _fact(measure: Measure, name: Wording, own: Wording | None = None) -> FactWords:
    return FactWords(measure, name, own or name)


FACTS: dict[str, FactWords] = {
    "sector": _fact(
        "choice",
        _w("sektor", "sektor", "sector"),
        _w("sektoren din", "sektoren din", "your sector"),
    ),
    "post_percent": _fact(
        "percent",
        _w("stillingsprosent", "stillingsprosent", "size of post"),
        _w("stillingsprosenten din", "stillingsprosenten din", "the size of your post"),
    ),
    "position": _fact(
        "choice",
        _w("stilling", "stilling", "position"),
        _w("stillingen din", "stillinga di", "your position"),
    ),
    "personnel_responsibility": _fact(
        "yes-no", _w("personalansvar", "personalansvar", "personnel responsibility")
    ),
    "leader_tasks": _fact("yes-no", _w("lederoppgaver", "leiaroppgåver", "leader tasks")),
    "supervisor_responsibility": _fact(
        "yes-no", _w("veilederansvar", "rettleiaransvar", "supervisor responsibility")
    ),
    "bachelor_ects": _fact(
        "ects",
        _w("omfang av bachelorgraden", "omfang av bachelorgraden", "size of the bachelor's degree"),
        _w(
            "omfanget av bachelorgraden din",
            "omfanget av bachelorgraden din",
            "the size of your bachelor's degree",
        ),
    ),
    "bachelor_grade": _fact(
        "grade",
        _w("karaktersnitt", "karaktersnitt", "grade average"),
        _w("karaktersnittet ditt", "karaktersnittet ditt", "your grade average"),
    ),
    "bachelor_passed": _fact(
        "yes-no",
        _w(
            "bachelorgrad med bare «bestått»",
            "bachelorgrad med berre «bestått»",
            "bachelor's degree marked only “passed”",
        ),
    ),
    "experience_municipal": _fact(
        "years",
        _w(
            "erfaring i kommunalt barnevern",
            "erfaring i kommunalt barnevern",
            "experience in municipal child welfare",
        ),
        _w(
            "erfaringen din i kommunalt barnevern",
            "erfaringa di i kommunalt barnevern",
            "your experience in municipal child welfare",
        ),
    ),
    "experience_state": _fact(
        "years",
        _w(
            "erfaring i statlig barnevern",
            "erfaring i statleg barnevern",
            "experience in state child welfare",
        ),
        _w(
            "erfaringen din i statlig barnevern",
            "erfaringa di i statleg barnevern",
            "your experience in state child welfare",
        ),
    ),
    "experience_private": _fact(
        "years",
        _w(
            "erfaring i privat barnevern",
            "erfaring i privat barnevern",
            "experience in private child welfare",
        ),
        _w(
            "erfaringen din i privat barnevern",
            "erfaringa di i privat barnevern",
            "your experience in private child welfare",
        ),
    ),
    "experience_documented": _fact(
        "yes-no", _w("dokumentert erfaring", "dokumentert erfaring", "documented experience")
    ),
    "workplace_agreement": _fact(
        "yes-no",
        _w(
            "avtale med arbeidsplassen",
            "avtale med arbeidsplassen",
            "the workplace's agreement",
        ),
    ),
    "education_ects": _fact(
        "ects",
        _w(
            "utdanning utover bachelorgraden",
            "utdanning utover bachelorgraden",
            "education beyond the bachelor's degree",
        ),
        _w(
            "utdanningen din utover bachelorgraden",
            "utdanninga di utover bachelorgraden",
            "your education beyond the bachelor's degree",
        ),
    ),
    "relevant_education_ects": _fact(
        "ects",
        _w(
            "relevant utdanning utover bachelorgraden",
            "relevant utdanning utover bachelorgraden",
            "relevant education beyond the bachelor's degree",
        ),
        _w(
            "den relevante utdanningen din utover bachelorgraden",
            "den relevante utdanninga di utover bachelorgraden",
            "your relevant education beyond the bachelor's degree",
        ),
    ),
    "further_education_count": _fact(
        "count",
        _w(
            "tidligere videreutdanninger",
            "tidlegare vidareutdanningar",
            "earlier further educations",
        ),
        _w(
            "tallet på tidligere videreutdanninger",
            "talet på tidlegare vidareutdanningar",
            "the number of your earlier further educations",
        ),
    ),
    "master": _fact(
        "choice",
        _w("mastergrad", "mastergrad", "master's degree"),
        _w("mastergraden din", "mastergraden din", "your master's degree"),
    ),
    "competence_courses": _fact(
        "count",
        _w(
            "relevante kurs og kompetanseprogrammer",
            "relevante kurs og kompetanseprogram",
            "relevant courses and competence programmes",
        ),
        _w(
            "tallet på relevante kurs og kompetanseprogrammer",
            "talet på relevante kurs og kompetanseprogram",
            "the number of your relevant courses and competence programmes",
        ),
    ),
    "region": _fact(
        "choice",
        _w("sted for gruppen", "stad for gruppa", "place of the group"),
        _w("stedet du vil møte gruppen", "staden du vil møte gruppa", "where you join a group"),
    ),
    "birth_date": _fact("date", _w("fødselsdato", "fødselsdato", "date of birth")),
    "gender": _fact("choice", _w("kjønn", "kjønn", "gender")),
    "employer_recommended": _fact(
        "yes-no",
        _w("anbefaling fra arbeidsgiver", "tilråding frå arbeidsgivar", "the employer's support"),
    ),
    "recommendation_date": _fact(
        "date",
        _w("anbefalingens dato", "datoen for tilrådinga", "date of the employer's support"),
        _w(
            "datoen for anbefalingen",
            "datoen for tilrådinga",
            "the date of your employer's support",
        ),
    ),
    "preference": _fact("number", _w("ønske nummer", "ønske nummer", "wish number")),
    "service": _fact("text", _w("tjeneste", "teneste", "service")),
    "municipality": _fact("text", _w("kommune", "kommune", "municipality")),
    "employees": _fact(
        "positions",
        _w("årsverk i tjenesten", "årsverk i tenesta", "full-time posts in the service"),
    ),
    "municipality_employees": _fact(
        "positions",
        _w("årsverk i kommunen", "årsverk i kommunen", "full-time posts in the municipality"),
    ),
    "need": _fact("index", _w("tjenestens behov", "behovet i tenesta", "need of the service")),
    "centrality": _fact(
        "number", _w("sentralitetsklasse", "sentralitetsklasse", "centrality class")
    ),
    "leader_rank": _fact(
        "number",
        _w("plass hos lederen", "plass hos leiaren", "place in the leader's order"),
    ),
    "qualified": _fact("yes-no", _w("kvalifisert", "kvalifisert", "qualified")),
    "lottery_place": _fact(
        "number", _w("plass i loddtrekningen", "plass i loddtrekkinga", "place in the draw")
    ),
    "index": _fact(
        "from-zero",
        _w("nummer i egen gruppe", "nummer i eiga gruppe", "number in your own group"),
    ),
}
"""Every fact that a rule can read (``facts.Facts``)."""

VALUES: dict[str, dict[str, Wording]] = {
    "sector": {
        "municipal": _w("kommunalt barnevern", "kommunalt barnevern", "municipal child welfare"),
        "state": _w("statlig barnevern", "statleg barnevern", "state child welfare"),
        "private": _w("privat barnevern", "privat barnevern", "private child welfare"),
        "none": _w("utenfor barnevernet", "utanfor barnevernet", "outside child welfare"),
    },
    "position": {
        "staff": _w("medarbeider", "medarbeidar", "member of staff"),
        "team-leader": _w("teamleder", "teamleiar", "team leader"),
        "professional-lead": _w("fagleder", "fagleiar", "professional lead"),
        "deputy-leader": _w("stedfortreder", "stadfortredar", "deputy leader"),
        "leader": _w("leder", "leiar", "leader"),
    },
    "master": {
        "none": _w("ingen", "ingen", "none"),
        "relevant": _w("relevant", "relevant", "relevant"),
        "other": _w("annen", "annan", "other"),
    },
    "region": {
        "oslo": _w("Oslo", "Oslo", "Oslo"),
        "bergen": _w("Bergen", "Bergen", "Bergen"),
        "trondheim": _w("Trondheim", "Trondheim", "Trondheim"),
        "tromso": _w("Tromsø", "Tromsø", "Tromsø"),
    },
    "gender": {
        "female": _w("kvinne", "kvinne", "woman"),
        "male": _w("mann", "mann", "man"),
        "other": _w("annet", "anna", "other"),
    },
}
"""Every value of every closed list (``vocabulary.VOCABULARIES``)."""

PASSED = "passed"
"""The grade of a degree that has no mark but "passed"."""

_PASSED = _w("bare «bestått»", "berre «bestått»", "only “passed”")
_YES = _w("ja", "ja", "yes")
_NO = _w("nei", "nei", "no")
NOT_DOCUMENTED = _w("ikke dokumentert", "ikkje dokumentert", "not documented")
_YEARS = _w("{} år", "{} år", "{} years")
_YEAR = _w("{} år", "{} år", "{} year")
_ECTS = _w("{} studiepoeng", "{} studiepoeng", "{} ECTS")
_PERCENT = _w("{} prosent", "{} prosent", "{} per cent")


def value_words(name: str, value: FactValue, language: Language) -> str:
    """The value of the fact ``name`` with its unit."""
    measure = FACTS[name].measure
    if value is None:
        return NOT_DOCUMENTED.in_(language)
    if isinstance(value, bool):
        return yes_no(value, language)
    if value == PASSED:
        return _PASSED.in_(language)
    if isinstance(value, str):
        return VALUES[name][value].in_(language) if measure == "choice" else value
    return number_words(measure, value, language)


def number_words(measure: Measure, value: int, language: Language) -> str:
    """A number in words of its measure: 3 år, 60 studiepoeng, 1. august 2019."""
    if measure == "date":
        return numbers.day_of(value, language)
    if measure in ("count", "number"):
        return numbers.whole(value, language)
    if measure == "from-zero":
        return numbers.whole(value + 1, language)
    if measure == "grade":
        return numbers.hundredths(value, language, 2)
    text = numbers.hundredths(value, language)
    if measure == "years":
        return (_YEAR if value == 100 else _YEARS).in_(language).format(text)
    units = {"ects": _ECTS, "percent": _PERCENT}
    return units[measure].in_(language).format(text) if measure in units else text


def yes_no(value: bool, language: Language) -> str:
    """Yes or no."""
    return (_YES if value else _NO).in_(language)
