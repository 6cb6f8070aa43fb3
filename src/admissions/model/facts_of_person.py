"""The facts of a person, each described once: the columns of ``applicants.csv``."""

from __future__ import annotations

from admissions.model.columns import Column
from admissions.model.fact import Fact, Range
from admissions.model.wording import Wording
from admissions.model.wording import words as _w


def _yes_no(
    name: str,
    title: Wording,
    phrase: Wording,
    spellings: str,
    *,
    default: str = "no",
    documents: bool = False,
) -> Fact:
    return Fact(
        name,
        "yes-no",
        title,
        spellings,
        default=default,
        whose="person",
        measure="yes-no",
        phrase=phrase,
        changes=True,
        documents=documents,
    )


def _experience(name: str, title: Wording, phrase: Wording, own: Wording, spellings: str) -> Fact:
    return Fact(
        name,
        "number",
        title,
        spellings,
        default="0",
        high=100,
        detail=_w(
            "År, med desimaler. Er den ikke dokumentert, svar nei i experience_documented.",
            "År, med desimalar. Er ho ikkje dokumentert, svar nei i experience_documented.",
            "Years, with decimals. If not documented, answer no in experience_documented.",
        ),
        whose="person",
        measure="years",
        phrase=phrase,
        own_phrase=own,
        changes=Range(0, 50_00),
    )


def _ects(
    name: str,
    title: Wording,
    phrase: Wording,
    own: Wording,
    spellings: str,
    default: str | None = "0",
) -> Fact:
    return Fact(
        name,
        "number",
        title,
        spellings,
        default=default,
        high=5000,
        whose="person",
        measure="ects",
        phrase=phrase,
        own_phrase=own,
        changes=Range(0, 300_00),
    )


def _count(name: str, title: Wording, phrase: Wording, own: Wording, spellings: str) -> Fact:
    return Fact(
        name,
        "whole",
        title,
        spellings,
        default="0",
        high=1000,
        whose="person",
        measure="count",
        phrase=phrase,
        own_phrase=own,
        changes=Range(0, 1000),
    )


SECTOR = Fact(
    "sector",
    "list",
    _w("Sektor", "Sektor", "Sector"),
    "arbeidsgiversektor arbeidsgivarsektor",
    required=True,
    detail=_w(
        "Barnevernet søkeren arbeider i: kommunalt, statlig, privat eller ingen.",
        "Barnevernet søkjaren arbeider i: kommunalt, statleg, privat eller ingen.",
        "The child welfare the applicant works in.",
    ),
    whose="person",
    measure="choice",
    phrase=_w("sektor", "sektor", "sector"),
    own_phrase=_w("sektoren din", "sektoren din", "your sector"),
    changes=True,
)

ASSESSED: tuple[Column, ...] = (
    Fact(
        "post_percent",
        "number",
        _w("Stillingsprosent", "Stillingsprosent", "Post, per cent"),
        "stillingsstørrelse stillingsstorleik prosent",
        default="100",
        high=100,
        whose="person",
        measure="percent",
        phrase=_w("stillingsprosent", "stillingsprosent", "size of post"),
        own_phrase=_w("stillingsprosenten din", "stillingsprosenten din", "the size of your post"),
        changes=Range(0, 100_00),
    ),
    Fact(
        "position",
        "list",
        _w("Stilling", "Stilling", "Position"),
        "stillingstype rolle",
        default="staff",
        whose="person",
        measure="choice",
        phrase=_w("stilling", "stilling", "position"),
        own_phrase=_w("stillingen din", "stillinga di", "your position"),
        changes=True,
    ),
    _yes_no(
        "personnel_responsibility",
        _w("Personalansvar", "Personalansvar", "Personnel responsibility"),
        _w("personalansvar", "personalansvar", "personnel responsibility"),
        "personellansvar",
    ),
    _yes_no(
        "leader_tasks",
        _w("Lederoppgaver", "Leiaroppgåver", "Leader tasks"),
        _w("lederoppgaver", "leiaroppgåver", "leader tasks"),
        "ledelsesoppgaver leiingsoppgåver",
    ),
    _yes_no(
        "supervisor_responsibility",
        _w("Veilederansvar", "Rettleiaransvar", "Supervisor responsibility"),
        _w("veilederansvar", "rettleiaransvar", "supervisor responsibility"),
        "veiledningsansvar rettleiingsansvar",
    ),
    _ects(
        "bachelor_ects",
        _w("Studiepoeng i bachelorgraden", "Studiepoeng i bachelorgraden", "Bachelor, ECTS"),
        _w("omfang av bachelorgraden", "omfang av bachelorgraden", "size of the bachelor's degree"),
        _w(
            "omfanget av bachelorgraden din",
            "omfanget av bachelorgraden din",
            "the size of your bachelor's degree",
        ),
        "bachelorstudiepoeng studiepoengbachelor bachelorstp",
        default=None,
    ),
    Fact(
        "bachelor_grade",
        "grade",
        _w("Karakter i bachelorgraden", "Karakter i bachelorgraden", "Bachelor grade"),
        "bachelorkarakter karakter karakterbachelor karaktergjennomsnitt snitt",
        detail=_w(
            "1-5 der A = 5, eller en bokstav A-E, eller passed (bare bestått).",
            "1-5 der A = 5, eller ein bokstav A-E, eller passed (berre bestått).",
            "1-5 where A = 5, or a letter A-E, or passed (a degree with no other mark).",
        ),
        whose="person",
        measure="grade",
        phrase=_w("karaktersnitt", "karaktersnitt", "grade average"),
        own_phrase=_w("karaktersnittet ditt", "karaktersnittet ditt", "your grade average"),
        changes=Range(1_00, 5_00),
        passed="bachelor_passed",
        rest="bachelor_grade_rest",
        old="bachelor_grade_old",
    ),
    Column(
        "grade_scale",
        "list",
        _w("Karakterskala", "Karakterskala", "Grade scale"),
        "skala",
        default="a-e",
        detail=_w(
            "old: den gamle skalaen, 1,0-4,0, der 1,0 er best.",
            "old: den gamle skalaen, 1,0-4,0, der 1,0 er best.",
            "old: the old scale, 1.0-4.0, where 1.0 is best.",
        ),
        explains="bachelor_grade",
    ),
    _experience(
        "experience_municipal",
        _w("Erfaring, kommunalt", "Erfaring, kommunalt", "Experience, municipal"),
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
        "erfaringkommunal kommunalerfaring erfaringkommune praksiskommunal",
    ),
    _experience(
        "experience_state",
        _w("Erfaring, statlig", "Erfaring, statleg", "Experience, state"),
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
        "statligerfaring statlegerfaring erfaringstat praksisstatlig praksisstatleg",
    ),
    _experience(
        "experience_private",
        _w("Erfaring, privat", "Erfaring, privat", "Experience, private"),
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
        "privaterfaring praksisprivat",
    ),
    _yes_no(
        "experience_documented",
        _w("Erfaringen er dokumentert", "Erfaringa er dokumentert", "Experience is documented"),
        _w("dokumentert erfaring", "dokumentert erfaring", "documented experience"),
        "erfaringdokumentert praksisdokumentert",
        default="yes",
        documents=True,
    ),
    _yes_no(
        "workplace_agreement",
        _w("Avtale med arbeidsplassen", "Avtale med arbeidsplassen", "Workplace agreement"),
        _w("avtale med arbeidsplassen", "avtale med arbeidsplassen", "the workplace's agreement"),
        "arbeidsplassavtale avtalearbeidsplass avtalemedarbeidsgiver avtalemedarbeidsgivar "
        "arbeidsgiveravtale arbeidsgivaravtale",
        default="yes",
    ),
    _ects(
        "education_ects",
        _w(
            "Studiepoeng utover bachelorgraden",
            "Studiepoeng utover bachelorgraden",
            "ECTS beyond the bachelor",
        ),
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
        "studiepoeng utdanningstudiepoeng studiepoengutoverbachelor tilleggsutdanning "
        "tilleggsutdanningstudiepoeng",
    ),
    _ects(
        "relevant_education_ects",
        _w(
            "Relevante studiepoeng utover bachelorgraden",
            "Relevante studiepoeng utover bachelorgraden",
            "Relevant ECTS beyond the bachelor",
        ),
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
        "relevantestudiepoeng relevantestudiepoengutoverbachelor relevanttilleggsutdanning "
        "relevantutdanningstudiepoeng",
    ),
    _count(
        "further_education_count",
        _w("Antall videreutdanninger", "Talet på vidareutdanningar", "Further educations taken"),
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
        "videreutdanninger talvidareutdanningar vidareutdanningar",
    ),
    Fact(
        "master",
        "list",
        _w("Master", "Master", "Master"),
        default="none",
        whose="person",
        measure="choice",
        phrase=_w("mastergrad", "mastergrad", "master's degree"),
        own_phrase=_w("mastergraden din", "mastergraden din", "your master's degree"),
        changes=True,
    ),
    _count(
        "competence_courses",
        _w("Relevante kurs", "Relevante kurs", "Relevant courses"),
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
        "kurs antallkurs talkurs kompetansekurs kompetanseprogram",
    ),
    Fact(
        "region",
        "list",
        _w("Gruppested", "Gruppestad", "Region of the group"),
        detail=_w(
            "Der søkeren vil være med i en gruppe.",
            "Der søkjaren vil vere med i ei gruppe.",
            "Where the applicant would join a group.",
        ),
        whose="person",
        measure="choice",
        phrase=_w("sted for gruppen", "stad for gruppa", "place of the group"),
        own_phrase=_w(
            "stedet du vil møte gruppen", "staden du vil møte gruppa", "where you join a group"
        ),
        changes=True,
    ),
)
"""What an office assesses: an application may state each of them for its offering alone."""

BIRTH_DATE = Fact(
    "birth_date",
    "date",
    _w("Født", "Fødd", "Date of birth"),
    whose="person",
    measure="date",
    phrase=_w("fødselsdato", "fødselsdato", "date of birth"),
)
GENDER = Fact(
    "gender",
    "list",
    _w("Kjønn", "Kjønn", "Gender"),
    whose="person",
    measure="choice",
    phrase=_w("kjønn", "kjønn", "gender"),
)
PERSON = (
    SECTOR,
    *(column for column in ASSESSED if isinstance(column, Fact)),
    BIRTH_DATE,
    GENDER,
)
