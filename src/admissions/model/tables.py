"""The tables of a round as data: every column, its type, default, titles and spellings (contract).

Intake, the template and the canonical files all read this one description.
"""

from __future__ import annotations

from admissions.model.columns import Column, Table
from admissions.model.wording import Wording
from admissions.model.wording import words as _w

_YEARS_DETAIL = _w(
    "År, med desimaler. Er den ikke dokumentert, svar nei i experience_documented.",
    "År, med desimalar. Er ho ikkje dokumentert, svar nei i experience_documented.",
    "Years, with decimals. If not documented, answer no in experience_documented.",
)
_SERVICE = (
    "tjeneste tjenesteid tjenestenr teneste tenesteid tenestenr barneverntjeneste "
    "barnevernstjeneste barnevernteneste barnevernsteneste service"
)
_SERVICE_TITLE = _w("Barneverntjeneste", "Barnevernteneste", "Child-welfare service")
_PERSON = "søker søkerid søkernr søkernummer søkjar søkjarid søkjarnr søkjarnummer person id"
_PERSON_TITLE = _w("Søkerens id", "Id-en til søkjaren", "The applicant's id")
_OFFERING = "tilbud tilbudsid studietilbud tilbod tilbodsid studietilbod studium offering"
_OFFERING_TITLE = _w("Studietilbud", "Studietilbod", "Offering")
_MUNICIPALITY = "kommune kommunenr kommunenummer municipality"
_MUNICIPALITY_TITLE = _w("Kommunenummer", "Kommunenummer", "Municipality number")
_CENTRALITY = Column(
    "centrality",
    "whole",
    _w("Sentralitetsklasse", "Sentralitetsklasse", "Centrality class"),
    "sentralitet sentralitetsklasse",
    low=1,
    high=6,
    detail=_w("SSB, 1 er mest sentral.", "SSB, 1 er mest sentral.", "1 is the most central."),
)


def _yes_no(name: str, title: Wording, spellings: str, default: str = "no") -> Column:
    return Column(name, "yes-no", title, spellings, default=default)


def _experience(name: str, title: Wording, spellings: str) -> Column:
    return Column(name, "number", title, spellings, default="0", high=100, detail=_YEARS_DETAIL)


def _ects(name: str, title: Wording, spellings: str, default: str | None = "0") -> Column:
    return Column(name, "number", title, spellings, default=default, high=5000)


APPLICANTS = Table(
    "applicants",
    _w("Søkere, én rad per person", "Søkjarar, éi rad per person", "Applicants, one row a person"),
    (
        Column("person_id", "code", _PERSON_TITLE, _PERSON, required=True),
        Column(
            "sector",
            "list",
            _w("Sektor", "Sektor", "Sector"),
            "sektor arbeidsgiversektor arbeidsgivarsektor",
            required=True,
            detail=_w(
                "Barnevernet søkeren arbeider i: kommunalt, statlig, privat eller ingen.",
                "Barnevernet søkjaren arbeider i: kommunalt, statleg, privat eller ingen.",
                "The child welfare the applicant works in.",
            ),
        ),
        Column(
            "service_id",
            "code",
            _SERVICE_TITLE,
            _SERVICE,
            detail=_w(
                "Som i arket services. Må fylles ut for kommunalt ansatte.",
                "Som i arket services. Må fyllast ut for kommunalt tilsette.",
                "As in the sheet services. Required for municipal applicants.",
            ),
        ),
        Column(
            "municipality_no",
            "code",
            _MUNICIPALITY_TITLE,
            _MUNICIPALITY,
            detail=_w(
                "Tomt betyr tjenestens kommune.",
                "Tomt tyder kommunen til tenesta.",
                "Empty means the service's municipality.",
            ),
        ),
        Column(
            "post_percent",
            "number",
            _w("Stillingsprosent", "Stillingsprosent", "Post, per cent"),
            "stillingsprosent stillingsstørrelse stillingsstorleik prosent",
            default="100",
            high=100,
        ),
        Column(
            "position",
            "list",
            _w("Stilling", "Stilling", "Position"),
            "stilling stillingstype rolle",
            default="staff",
        ),
        _yes_no(
            "personnel_responsibility",
            _w("Personalansvar", "Personalansvar", "Personnel responsibility"),
            "personalansvar personellansvar",
        ),
        _yes_no(
            "leader_tasks",
            _w("Lederoppgaver", "Leiaroppgåver", "Leader tasks"),
            "lederoppgaver leiaroppgåver ledelsesoppgaver leiingsoppgåver",
        ),
        _yes_no(
            "supervisor_responsibility",
            _w("Veilederansvar", "Rettleiaransvar", "Supervisor responsibility"),
            "veilederansvar veiledningsansvar rettleiaransvar rettleiingsansvar",
        ),
        _ects(
            "bachelor_ects",
            _w("Studiepoeng i bachelorgraden", "Studiepoeng i bachelorgraden", "Bachelor, ECTS"),
            "bachelorstudiepoeng studiepoengbachelor bachelorstp",
            default=None,
        ),
        Column(
            "bachelor_grade",
            "grade",
            _w("Karakter i bachelorgraden", "Karakter i bachelorgraden", "Bachelor grade"),
            "bachelorkarakter karakter karakterbachelor karaktersnitt karaktergjennomsnitt snitt",
            detail=_w(
                "1-5 der A = 5, eller en bokstav A-E, eller passed (bare bestått).",
                "1-5 der A = 5, eller ein bokstav A-E, eller passed (berre greidd).",
                "1-5 where A = 5, or a letter A-E, or passed (a degree with no other mark).",
            ),
        ),
        Column(
            "grade_scale",
            "list",
            _w("Karakterskala", "Karakterskala", "Grade scale"),
            "karakterskala skala",
            default="a-e",
            detail=_w(
                "old: den gamle skalaen, 1,0-4,0, der 1,0 er best.",
                "old: den gamle skalaen, 1,0-4,0, der 1,0 er best.",
                "old: the old scale, 1.0-4.0, where 1.0 is best.",
            ),
        ),
        _experience(
            "experience_municipal",
            _w("Erfaring, kommunalt", "Erfaring, kommunalt", "Experience, municipal"),
            "erfaringkommunal erfaringkommunalt kommunalerfaring erfaringkommune praksiskommunal",
        ),
        _experience(
            "experience_state",
            _w("Erfaring, statlig", "Erfaring, statleg", "Experience, state"),
            "erfaringstatlig erfaringstatleg statligerfaring statlegerfaring erfaringstat "
            "praksisstatlig praksisstatleg",
        ),
        _experience(
            "experience_private",
            _w("Erfaring, privat", "Erfaring, privat", "Experience, private"),
            "erfaringprivat privaterfaring praksisprivat",
        ),
        _yes_no(
            "experience_documented",
            _w("Erfaringen er dokumentert", "Erfaringa er dokumentert", "Experience is documented"),
            "erfaringdokumentert dokumenterterfaring praksisdokumentert",
            default="yes",
        ),
        _yes_no(
            "workplace_agreement",
            _w("Avtale med arbeidsplassen", "Avtale med arbeidsplassen", "Workplace agreement"),
            "arbeidsplassavtale avtalearbeidsplass avtalemedarbeidsplassen avtalemedarbeidsgiver "
            "avtalemedarbeidsgivar arbeidsgiveravtale arbeidsgivaravtale",
            default="yes",
        ),
        _ects(
            "education_ects",
            _w(
                "Studiepoeng utover bachelorgraden",
                "Studiepoeng utover bachelorgraden",
                "ECTS beyond the bachelor",
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
            "relevantestudiepoeng relevantestudiepoengutoverbachelor relevanttilleggsutdanning "
            "relevantutdanningstudiepoeng",
        ),
        Column(
            "further_education_count",
            "whole",
            _w(
                "Antall videreutdanninger", "Talet på vidareutdanningar", "Further educations taken"
            ),
            "antallvidereutdanninger videreutdanninger talvidareutdanningar vidareutdanningar",
            default="0",
            high=1000,
        ),
        Column("master", "list", _w("Master", "Master", "Master"), "mastergrad", default="none"),
        Column(
            "competence_courses",
            "whole",
            _w("Relevante kurs", "Relevante kurs", "Relevant courses"),
            "kurs antallkurs talkurs kompetansekurs relevantekurs kompetanseprogram",
            default="0",
            high=1000,
        ),
        Column(
            "region",
            "list",
            _w("Gruppested", "Gruppestad", "Region of the group"),
            "gruppested gruppestad",
            detail=_w(
                "Der søkeren vil være med i en gruppe.",
                "Der søkjaren vil vere med i ei gruppe.",
                "Where the applicant would join a group.",
            ),
        ),
        Column("birth_date", "date", _w("Født", "Fødd", "Date of birth"), "fødselsdato født fødd"),
        Column("gender", "list", _w("Kjønn", "Kjønn", "Gender"), "kjønn"),
    ),
)

APPLICATIONS = Table(
    "applications",
    _w("Søknadsalternativer", "Søknadsalternativ", "Applications, one row a wish"),
    (
        Column("person_id", "code", _PERSON_TITLE, _PERSON, required=True),
        Column("offering_id", "code", _OFFERING_TITLE, _OFFERING, required=True),
        Column(
            "preference",
            "whole",
            _w("Prioritet, 1 er mest ønsket", "Prioritet, 1 er mest ønskt", "1 is most wanted"),
            "prioritet prioritering ønske ønskenr",
            required=True,
            low=1,
            high=1_000_000,
        ),
        _yes_no(
            "employer_recommended",
            _w("Anbefalt av arbeidsgiver", "Tilrådd av arbeidsgivar", "Recommended by employer"),
            "anbefalt anbefaltavarbeidsgiver arbeidsgiveranbefaling arbeidsgiversanbefaling "
            "tilrådd tilråddavarbeidsgivar arbeidsgivartilråding",
        ),
        Column(
            "recommendation_date",
            "date",
            _w("Anbefalingens dato", "Datoen for tilrådinga", "Date of the recommendation"),
            "anbefalingsdato datoanbefaling datoforanbefaling anbefaltdato tilrådingsdato",
        ),
    ),
)

SERVICES = Table(
    "services",
    _w("Barneverntjenester", "Barneverntenester", "Child-welfare services"),
    (
        Column("service_id", "code", _SERVICE_TITLE, _SERVICE, required=True),
        Column("name", "text", _w("Navn", "Namn", "Name"), "navn namn tjenestenavn tenestenamn"),
        Column("municipality_no", "code", _MUNICIPALITY_TITLE, _MUNICIPALITY),
        _CENTRALITY,
        Column(
            "employees",
            "number",
            _w("Årsverk", "Årsverk", "Full-time positions"),
            "årsverk ansatte tilsette antallansatte talpåtilsette heltidsstillinger",
            high=1_000_000,
        ),
        Column("region", "list", _w("Gruppested", "Gruppestad", "Region"), "gruppested gruppestad"),
        Column(
            "need",
            "number",
            _w("Behov, høyere er større", "Behov, høgare er større", "Need, higher is greater"),
            "behov behovsindeks",
            high=1_000_000,
        ),
        Column(
            "max_students",
            "whole",
            _w("Høyst så mange borte", "Høgst så mange borte", "At most so many away"),
            "maksstudenter maksstudentar maksantallstudenter maksantall flest",
            high=1_000_000,
            detail=_w("Tomt: ingen grense.", "Tomt: inga grense.", "Empty: no limit."),
        ),
    ),
)

MUNICIPALITIES = Table(
    "municipalities",
    _w("Kommuner", "Kommunar", "Municipalities"),
    (
        Column("municipality_no", "code", _MUNICIPALITY_TITLE, _MUNICIPALITY, required=True),
        _CENTRALITY,
    ),
)

LEADER_PREFERENCES = Table(
    "leader_preferences",
    _w("Lederens rekkefølge", "Rekkjefølgja til leiaren", "The leader's order of own staff"),
    (
        Column("service_id", "code", _SERVICE_TITLE, _SERVICE, required=True),
        Column(
            "offering_id",
            "code",
            _OFFERING_TITLE,
            _OFFERING,
            detail=_w(
                "Tomt: alle tilbud som ikke har en egen liste.",
                "Tomt: alle tilbod som ikkje har ei eiga liste.",
                "Empty: every offering without a list of its own.",
            ),
        ),
        Column("person_id", "code", _PERSON_TITLE, _PERSON, required=True),
        Column(
            "rank",
            "whole",
            _w("Plass, 1 er først", "Plass, 1 er først", "Place, 1 is first"),
            "rang rangering plass nummer rekkefølge rekkjefølgje",
            required=True,
            low=1,
            high=1_000_000,
        ),
    ),
)

LEADER_GROUPS = Table(
    "leader_groups",
    _w("Minst så mange sammen", "Minst så mange saman", "At least so many together, or none"),
    (
        Column("service_id", "code", _SERVICE_TITLE, _SERVICE, required=True),
        Column("offering_id", "code", _OFFERING_TITLE, _OFFERING, required=True),
        Column(
            "at_least",
            "whole",
            _w("Minst så mange", "Minst så mange", "At least so many"),
            "minst minstantall minimum",
            required=True,
            low=2,
            high=1_000_000,
        ),
    ),
)

TABLES = (APPLICANTS, APPLICATIONS, SERVICES, MUNICIPALITIES, LEADER_PREFERENCES, LEADER_GROUPS)

SETTINGS = Table(
    "round",
    _w("Opptaksrunden", "Opptaksrunden", "The round"),
    (
        Column("year", "whole", _w("År", "År", "Year"), "år", low=2000, high=2199),
        Column(
            "rules_on",
            "date",
            _w("Reglene per", "Reglane per", "Rules of this day"),
            "reglerper reglaneper reglarper regeldato",
        ),
        Column(
            "institution",
            "text",
            _w("Institusjon", "Institusjon", "Institution"),
            "institusjon lærested lærestad",
        ),
        Column("case", "text", _w("Sak", "Sak", "Case"), "sak saksnr saksnummer"),
        Column("answer_deadline", "date", _w("Svarfrist", "Svarfrist", "Deadline"), "svarfrist"),
        Column(
            "appeal_body",
            "text",
            _w("Klageinstans", "Klageinstans", "Appeal body"),
            "klageinstans klageorgan",
        ),
        Column(
            "offerings",
            "text",
            _w("Studietilbud i runden", "Studietilbod i runden", "Offerings in the round"),
            "studietilbud studietilbod tilbud tilbod",
            detail=_w(
                "Med komma mellom. Tomt: de det er søkt på.",
                "Med komma mellom. Tomt: dei det er søkt på.",
                "With commas between. Empty: those applied to.",
            ),
        ),
    ),
)
"""The keys of ``round.toml``, as the rows of the sheet ``round`` (key, value)."""
