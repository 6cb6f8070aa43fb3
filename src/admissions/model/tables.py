"""The tables of a round as data: every column, its type, default, titles and spellings (contract).

Intake, the template and the canonical files all read this one description; what a fact is, is
said in ``facts_of_person`` and ``facts_described``.
"""

from __future__ import annotations

from admissions.model.columns import Column, Table
from admissions.model.facts_described import APPLICATION, CENTRALITY, EMPLOYEES, NEED
from admissions.model.facts_of_person import ASSESSED, BIRTH_DATE, GENDER, SECTOR
from admissions.model.wording import words as _w

_SERVICE = (
    "tjeneste tjenesteid tjenestenr teneste tenesteid tenestenr barnevernstjeneste "
    "barnevernsteneste service"
)
_SERVICE_TITLE = _w("Barneverntjeneste", "Barnevernteneste", "Child-welfare service")
_PERSON = (
    "søker søkerid søkernr søkernummer søkjar søkjarid søkjarnr søkjarnummer person id personid"
)
_PERSON_TITLE = _w("Søkerens id", "Id-en til søkjaren", "The applicant's id")
_OFFERING = "tilbud tilbudsid tilbod tilbodsid studium offering"
_OFFERING_TITLE = _w("Studietilbud", "Studietilbod", "Offering")
_MUNICIPALITY = "kommune kommunenr municipality"
_MUNICIPALITY_TITLE = _w("Kommunenummer", "Kommunenummer", "Municipality number")
_MUNICIPALITY_NO = Column(
    "municipality_no",
    "code",
    _MUNICIPALITY_TITLE,
    _MUNICIPALITY,
    detail=_w(
        "Tomt betyr tjenestens kommune.",
        "Tomt tyder kommunen til tenesta.",
        "Empty means the service's municipality.",
    ),
)

APPLICANTS = Table(
    "applicants",
    _w("Søkere, én rad per person", "Søkjarar, éi rad per person", "Applicants, one row a person"),
    (
        Column("person_id", "code", _PERSON_TITLE, _PERSON, required=True),
        SECTOR,
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
        _MUNICIPALITY_NO,
        *ASSESSED,
        BIRTH_DATE,
        GENDER,
    ),
    "søkere søkjarar person personer personar",
)

APPLICATIONS = Table(
    "applications",
    _w("Søknadsalternativer", "Søknadsalternativ", "Applications, one row a wish"),
    (
        Column("person_id", "code", _PERSON_TITLE, _PERSON, required=True),
        Column("offering_id", "code", _OFFERING_TITLE, _OFFERING, required=True),
        *APPLICATION,
    ),
    "søknader søknadar søknadsalternativer søknadsalternativ",
)

SERVICES = Table(
    "services",
    _w("Barneverntjenester", "Barneverntenester", "Child-welfare services"),
    (
        Column("service_id", "code", _SERVICE_TITLE, _SERVICE, required=True),
        Column("name", "text", _w("Navn", "Namn", "Name"), "tjenestenavn tenestenamn"),
        Column("municipality_no", "code", _MUNICIPALITY_TITLE, _MUNICIPALITY),
        CENTRALITY,
        EMPLOYEES,
        Column("region", "list", _w("Gruppested", "Gruppestad", "Region")),
        NEED,
        Column(
            "max_students",
            "whole",
            _w("Høyst så mange borte", "Høgst så mange borte", "At most so many away"),
            "maksstudenter maksstudentar maksantallstudenter maksantall flest",
            high=1_000_000,
            detail=_w("Tomt: ingen grense.", "Tomt: inga grense.", "Empty: no limit."),
        ),
    ),
    "tjenester tenester barneverntjenester barneverntenester barnevernstjenester "
    "barnevernstenester",
)

MUNICIPALITIES = Table(
    "municipalities",
    _w("Kommuner", "Kommunar", "Municipalities"),
    (
        Column("municipality_no", "code", _MUNICIPALITY_TITLE, _MUNICIPALITY, required=True),
        CENTRALITY,
    ),
    "kommuner kommunar",
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
    "lederprioritering leiarprioritering lederrekkefølge leiarrekkjefølgje lederensrekkefølge",
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
    "ledergrupper leiargrupper grupper",
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
