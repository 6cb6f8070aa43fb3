"""The tables of a round as data: every column, its type, default, titles and spellings.

Intake, the template and the canonical files all read this one description; what a fact is, is
said in ``facts_of_person`` and ``facts_described``.
"""

from __future__ import annotations

from admissions.model.columns import Column, Table
from admissions.model.facts_described import (
    APPLICATION,
    CENTRALITY,
    EMPLOYEES,
    NEED,
    PREFERENCE,
)
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
    more=(_MUNICIPALITY_NO, *ASSESSED),
)
"""``more``: a fact as the office of that offering assessed it, for that application alone."""

WISHES = Table(
    "wishes",
    _w("Søkernes egne ønsker", "Ønska til søkjarane", "The applicants' own order"),
    (
        Column("person_id", "code", _PERSON_TITLE, _PERSON, required=True),
        Column("offering_id", "code", _OFFERING_TITLE, _OFFERING, required=True),
        PREFERENCE,
    ),
    "ønsker ønske ønskjer prioriteringer prioriteringar",
)
"""The applicant's own order, over that of ``applications``."""

_INSTITUTION = Column(
    "institution",
    "text",
    _w("Institusjon", "Institusjon", "Institution"),
    "lærested lærestad",
)
_CASE = Column("case", "text", _w("Sak", "Sak", "Case"), "saksnr saksnummer")
_ANSWER_DEADLINE = Column(
    "answer_deadline", "date", _w("Svarfrist", "Svarfrist", "Deadline to answer"), "deadline"
)
_APPEAL_BODY = Column(
    "appeal_body", "text", _w("Klageinstans", "Klageinstans", "Appeal body"), "klageorgan"
)

OFFERINGS = Table(
    "offerings",
    _w("Studietilbudenes egne opplysninger", "Eigne opplysningar om studietilboda", "Offerings"),
    (
        Column("offering_id", "code", _OFFERING_TITLE, _OFFERING, required=True),
        Column(
            "seats",
            "whole",
            _w("Plasser", "Plassar", "Seats"),
            "studieplasser studieplassar antallplasser",
            high=100_000,
        ),
        Column(
            "offers",
            "whole",
            _w("Tilbud som sendes", "Tilbod som blir sende", "Offers to make"),
            "antalltilbud",
            high=100_000,
            detail=_w(
                "Tomt: like mange som plasser.",
                "Tomt: like mange som plassar.",
                "Empty: as many as seats.",
            ),
        ),
        _INSTITUTION,
        _CASE,
        _ANSWER_DEADLINE,
        _APPEAL_BODY,
        Column("contact", "text", _w("Kontakt", "Kontakt", "Contact"), "kontaktperson"),
        Column(
            "rules_url",
            "text",
            _w("Lenke til reglene", "Lenkje til reglane", "Address of the rules"),
            "lenke lenkje url",
        ),
    ),
    "studietilbud studietilbod tilbud tilbod",
)
"""What is the offering's own; it wins over ``round`` and over the scenario's seats."""

CONTACTS = Table(
    "contacts",
    _w("Kontaktopplysninger", "Kontaktopplysningar", "Contacts"),
    (
        Column("person_id", "code", _PERSON_TITLE, _PERSON, required=True),
        Column("name", "text", _w("Navn", "Namn", "Name")),
        Column("address", "text", _w("Adresse", "Adresse", "Address"), "gateadresse"),
        Column("postcode", "code", _w("Postnummer", "Postnummer", "Postcode"), "postnr"),
        Column("place", "text", _w("Poststed", "Poststad", "Place"), "sted stad"),
        Column("email", "text", _w("E-post", "E-post", "E-mail"), "epostadresse mail"),
        Column("language", "list", _w("Målform", "Målform", "Language"), "språk", default="nb"),
    ),
    "kontakter kontaktar kontaktopplysninger kontaktopplysningar adresser",
)
"""Whom letters go to. Nothing that ranks reads it, and no result folder holds it."""

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

TABLES = (
    APPLICANTS,
    APPLICATIONS,
    WISHES,
    OFFERINGS,
    SERVICES,
    MUNICIPALITIES,
    LEADER_PREFERENCES,
    LEADER_GROUPS,
)
"""The tables of which a round is made."""

FRAMES = tuple(table for table in TABLES if table not in (WISHES, OFFERINGS))
"""Those that a ``Round`` holds as frames; the others stand over them."""

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
        _INSTITUTION,
        _CASE,
        Column(
            "decided_on",
            "date",
            _w("Vedtaksdato", "Vedtaksdato", "Decided on"),
            "vedtatt vedteke vedtaksdag",
        ),
        Column(
            "signatory",
            "text",
            _w("Underskriver", "Underskrivar", "Signatory"),
            "signert underskrift undertegnet",
        ),
        _ANSWER_DEADLINE,
        _APPEAL_BODY,
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
