"""Several offices' parts as one round: whose word counts for what, and where they contradict.

1. Of a person the parts agree in sector, service, date of birth and gender; everything else is an
assessment, which counts for the applications of the part that states it: an empty cell stays empty
there. 2. Preferences are the applicant's own ``wishes``, where there are any. 3. Services and
municipalities are those of the ``register``; without one the parts' rows together. 4. What differs
where it must agree is a ``Clash``, until one side is chosen.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from admissions.model.output_table import csv_text
from admissions.model.tables import (
    APPLICANTS,
    APPLICATIONS,
    LEADER_GROUPS,
    LEADER_PREFERENCES,
    MUNICIPALITIES,
    OFFERINGS,
    SERVICES,
    WISHES,
)

Row = dict[str, str]
Key = tuple[str, ...]
Tables = dict[str, list[Row]]
"""The rows of a round's canonical files, by table."""

REGISTER = "register"
"""What stands for the register among those that a clash is between."""
OF_WISHES = "wishes"
"""What stands for the applicants' own wishes among those that a clash is between."""

ONE_VALUE = ("sector", "service_id")
"""What every part says of a person alike, an empty cell included."""
IF_STATED = ("birth_date", "gender")
"""What every part that states it, or reads it, says of a person alike."""
_ASSESSED = tuple(column.name for column in APPLICATIONS.more)
_ONE_EACH = {
    SERVICES.name: ("service_id",),
    MUNICIPALITIES.name: ("municipality_no",),
    OFFERINGS.name: ("offering_id",),
    LEADER_PREFERENCES.name: ("service_id", "offering_id", "person_id"),
    LEADER_GROUPS.name: ("service_id", "offering_id"),
}
_OF_REGISTER = (SERVICES.name, MUNICIPALITIES.name)
_KEYS = {
    APPLICANTS.name: ("person_id",),
    APPLICATIONS.name: ("person_id", "offering_id"),
    WISHES.name: ("person_id", "offering_id"),
    **_ONE_EACH,
}


@dataclass(frozen=True)
class Clash:
    """What must agree and does not: ``column`` of the row ``key`` of ``table``, ``between`` whom.

    ``fingerprint`` is another one as soon as one of them states something else.
    """

    table: str
    key: Key
    column: str
    between: tuple[str, ...]
    fingerprint: str

    @property
    def place(self) -> tuple[str, Key, str]:
        """What it is about, whoever states what."""
        return self.table, self.key, self.column

    @property
    def person(self) -> str:
        """Whom it is about, "" where it is about nobody."""
        return self.key[0] if self.table in _OF_PERSONS else ""

    @property
    def choices(self) -> tuple[str, ...]:
        """Whose word can be taken: nobody's where something is missing in the register."""
        return () if REGISTER in self.between else self.between


_OF_PERSONS = (APPLICANTS.name, APPLICATIONS.name, WISHES.name)


@dataclass(frozen=True)
class Assessed:
    """A fact of one person that parts assess differently; each counts where it is stated."""

    person: str
    column: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Merged:
    """The round that parts are together: its rows, what clashes, and what is assessed otherwise.

    ``settled`` are the clashes in which one side was chosen.
    """

    tables: Tables
    clashes: tuple[Clash, ...]
    assessed: tuple[Assessed, ...]
    settled: tuple[Clash, ...] = ()


Chosen = Mapping[str, str]
"""Whose word is taken, by the fingerprint of the clash."""


def tables_of(files: Mapping[str, bytes]) -> Tables:
    """The rows of canonical ``files``, by table."""
    return {
        table: list(csv.DictReader(io.StringIO(files[f"{table}.csv"].decode(), newline="")))
        for table in _KEYS
        if f"{table}.csv" in files
    }


def texts_of(tables: Tables) -> dict[str, str]:
    """The files that ``tables`` are, by name; a table without rows is none."""
    texts = {}
    for table, rows in tables.items():
        if rows:
            head = list(dict.fromkeys(name for row in rows for name in row))
            cells = ([row.get(name, "") for name in head] for row in rows)
            texts[f"{table}.csv"] = csv_text(head, cells)
    return texts


def merged(
    parts: Mapping[str, Tables],
    *,
    register: Tables | None = None,
    wishes: Sequence[Row] | None = None,
    chosen: Chosen | None = None,
    read_by: Mapping[str, Collection[str]] | None = None,
) -> Merged:
    """The ``parts``, by whose they are, as one round.

    ``register``: the tables of services and municipalities that count in place of the parts';
    ``wishes``: the applicants' own preferences, as rows of ``wishes.csv``; ``chosen``: of clashes
    that are settled, whose word counts; ``read_by``: by part the columns of ``IF_STATED`` that its
    own rules read, which it must state itself: an empty cell says something there.
    """
    clashes = _Clashes(chosen or {})
    persons = _Persons(parts, clashes, read_by or {})
    tables: Tables = {
        APPLICANTS.name: persons.applicants,
        APPLICATIONS.name: _preferred(persons.applications, persons.part_of, wishes, clashes),
    }
    for table in _ONE_EACH:
        stated = _stated(parts, table)
        if register is not None and table in _OF_REGISTER:
            stated = {REGISTER: register.get(table, [])}
        elif register is not None:
            stated[REGISTER] = register.get(table, [])
        tables[table] = _one_each(table, stated, clashes)
    _check_services(tables, parts, register is not None, clashes)
    _check_municipalities(tables, parts, register is not None, clashes)
    kept = {name: _sorted(name, rows) for name, rows in tables.items()}
    return Merged(kept, tuple(clashes.open), tuple(persons.assessed), tuple(clashes.settled))


def _sorted(table: str, rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: tuple(row.get(name, "") for name in _KEYS[table]))


def _stated(parts: Mapping[str, Tables], table: str) -> dict[str, list[Row]]:
    return {part: parts[part].get(table, []) for part in sorted(parts)}


@dataclass
class _Clashes:
    """Those that are open; one that is settled is none any more."""

    chosen: Chosen
    open: list[Clash] = field(default_factory=list)
    settled: list[Clash] = field(default_factory=list)

    def among(self, table: str, key: Key, column: str, stated: Mapping[str, str]) -> str | None:
        """Adds that ``stated``, by whom, do not agree; or whose word is taken."""
        fingerprint = _fingerprint(table, key, column, stated)
        clash = Clash(table, key, column, tuple(sorted(stated)), fingerprint)
        taken = self.chosen.get(fingerprint)
        if taken is None or taken not in clash.choices:
            self.open.append(clash)
            return None
        self.settled.append(clash)
        return taken


def _fingerprint(table: str, key: Key, column: str, stated: Mapping[str, str]) -> str:
    said = repr((table, key, column, sorted(stated.items())))
    return hashlib.sha256(said.encode()).hexdigest()


class _Persons:
    """The applicants and applications of all parts, each application with its part's own facts."""

    def __init__(
        self,
        parts: Mapping[str, Tables],
        clashes: _Clashes,
        read_by: Mapping[str, Collection[str]],
    ) -> None:
        self.applicants: list[Row] = []
        self.applications: list[Row] = []
        self.assessed: list[Assessed] = []
        self.part_of: dict[Key, str] = {}
        self._clashes = clashes
        self._read_by = read_by
        rows: dict[str, dict[str, Row]] = {}
        wanted: dict[str, list[tuple[str, Row]]] = {}
        for part, own in _stated(parts, APPLICANTS.name).items():
            for row in own:
                rows.setdefault(row["person_id"], {})[part] = row
        for part, own in _stated(parts, APPLICATIONS.name).items():
            for row in own:
                wanted.setdefault(row["person_id"], []).append((part, row))
        for person in sorted(rows):
            self._add(person, rows[person], wanted.get(person, []))

    def _add(self, person: str, rows: Mapping[str, Row], wanted: list[tuple[str, Row]]) -> None:
        """One person, whose rows by part are ``rows`` and whose applications ``wanted``.

        What one part alone says of a person stands as it is.
        """
        if len(rows) == 1:
            self.applicants += rows.values()
            for part, row in wanted:
                self._application(part, row)
            return
        applicant = {"person_id": person}
        for column in (*ONE_VALUE, *IF_STATED):
            value = self._one_value(person, column, rows)
            if value is not None:
                applicant[column] = value
        facts = [
            {c: row.get(c) or rows[part].get(c, "") for c in _ASSESSED} for part, row in wanted
        ]
        for column in _ASSESSED:
            values = {fact[column] for fact in facts}
            if len(values) == 1:
                applicant[column] = values.pop()
                for fact in facts:
                    fact[column] = ""
            elif values:
                self._note(person, column, {part for part, _ in wanted})
        self.applicants.append({name: value for name, value in applicant.items() if value})
        for (part, row), fact in zip(wanted, facts, strict=True):
            own = {name: value for name, value in row.items() if name not in _ASSESSED}
            self._application(part, own | {name: value for name, value in fact.items() if value})

    def _note(self, person: str, column: str, by: set[str]) -> None:
        if len(by) > 1:
            self.assessed.append(Assessed(person, column, tuple(sorted(by))))

    def _one_value(self, person: str, column: str, rows: Mapping[str, Row]) -> str | None:
        stated = {part: row.get(column, "") for part, row in rows.items()}
        if column in IF_STATED:
            stated = {
                part: value
                for part, value in stated.items()
                if value or column in self._read_by.get(part, ())
            }
        if len(set(stated.values())) > 1:
            taken = self._clashes.among(APPLICANTS.name, (person,), column, stated)
            return stated[taken or min(stated)]
        return next(iter(stated.values()), None)

    def _application(self, part: str, row: Row) -> None:
        """Adds one application; of two parts that state the same one, the first counts."""
        key = (row["person_id"], row["offering_id"])
        if key in self.part_of:
            stated = {self.part_of[key]: "", part: "again"}
            self._clashes.among(APPLICATIONS.name, key, "offering_id", stated)
            return
        self.part_of[key] = part
        self.applications.append(row)


def _preferred(
    applications: Iterable[Row],
    part_of: Mapping[Key, str],
    wishes: Sequence[Row] | None,
    clashes: _Clashes,
) -> list[Row]:
    """The applications with the preferences that count: no two of one person's are equal."""
    wished: dict[str, dict[str, int]] = {}
    for row in wishes or ():
        wished.setdefault(row["person_id"], {})[row["offering_id"]] = int(row["preference"])
    by_person: dict[str, list[Row]] = {person: [] for person in wished}
    for row in applications:
        by_person.setdefault(row["person_id"], []).append(row)
    return [
        row
        for person, own in by_person.items()
        for row in (
            _by_wishes(person, own, part_of, wished[person], clashes)
            if person in wished
            else _by_parts(person, own, part_of, clashes)
        )
    ]


def _by_wishes(
    person: str,
    own: list[Row],
    part_of: Mapping[Key, str],
    wished: Mapping[str, int],
    clashes: _Clashes,
) -> list[Row]:
    """A person's applications as they wish for them; those not wished for come last."""
    there = {row["offering_id"] for row in own}
    for offering in sorted(wished.keys() - there):
        clashes.among(WISHES.name, (person, offering), "offering_id", {OF_WISHES: "wished"})
    for row in own:
        offering = row["offering_id"]
        if offering not in wished:
            stated = {OF_WISHES: "not wished", part_of[person, offering]: "applied"}
            clashes.among(APPLICATIONS.name, (person, offering), "preference", stated)
    last = max(wished.values())
    others = sorted((row for row in own if row["offering_id"] not in wished), key=_by_number)
    numbers = {**wished, **{row["offering_id"]: last + n for n, row in enumerate(others, 1)}}
    return [{**row, "preference": str(numbers[row["offering_id"]])} for row in own]


def _by_parts(
    person: str, own: list[Row], part_of: Mapping[Key, str], clashes: _Clashes
) -> list[Row]:
    """A person's applications as the parts number them, unless two parts say the same number."""
    by_number: dict[str, list[Row]] = {}
    for row in own:
        by_number.setdefault(row["preference"], []).append(row)
    equal = [row for rows in by_number.values() if len(rows) > 1 for row in rows]
    if not equal:
        return own
    stated: dict[str, str] = {}
    for row in sorted(equal, key=_by_number):
        part = part_of[person, row["offering_id"]]
        stated[part] = f"{stated.get(part, '')} {row['offering_id']} {row['preference']}"
    taken = clashes.among(APPLICATIONS.name, (person,), "preference", stated)
    others = {row["offering_id"] for row in own if part_of[person, row["offering_id"]] != taken}
    ranked = sorted(own, key=lambda r: (int(r["preference"]), r["offering_id"] in others))
    return [{**row, "preference": str(n)} for n, row in enumerate(ranked, 1)]


def _by_number(row: Row) -> tuple[int, str]:
    return int(row["preference"]), row["offering_id"]


def _one_each(table: str, stated: Mapping[str, list[Row]], clashes: _Clashes) -> list[Row]:
    """A row a thing: where one leaves a cell empty the others' value stands."""
    by_key: dict[Key, dict[str, Row]] = {}
    for part, rows in stated.items():
        for row in rows:
            by_key.setdefault(tuple(row[n] for n in _ONE_EACH[table]), {})[part] = row
    return [_one_row(table, key, rows, clashes) for key, rows in by_key.items()]


def _one_row(table: str, key: Key, rows: Mapping[str, Row], clashes: _Clashes) -> Row:
    whole: Row = {}
    for column in dict.fromkeys(name for row in rows.values() for name in row):
        values = {part: row[column] for part, row in rows.items() if row.get(column)}
        taken = None
        if len(set(values.values())) > 1:
            taken = clashes.among(table, key, column, values)
        whole[column] = values[taken or min(values)] if values else ""
    return whole


def _check_services(
    tables: Tables, parts: Mapping[str, Tables], registered: bool, clashes: _Clashes
) -> None:
    """Everybody's service is in the register; without one each part brings its own."""
    if not registered:
        return
    known = {row["service_id"] for row in tables[SERVICES.name]}
    for part, rows in _stated(parts, APPLICANTS.name).items():
        for row in rows:
            service = row.get("service_id")
            if service and service not in known:
                stated = {part: service, REGISTER: ""}
                clashes.among(APPLICANTS.name, (row["person_id"],), "service_id", stated)


def _check_municipalities(
    tables: Tables, parts: Mapping[str, Tables], registered: bool, clashes: _Clashes
) -> None:
    """Each municipality is listed where any is; else a person's is that of the service."""
    listed = {row["municipality_no"] for row in tables[MUNICIPALITIES.name]}
    place = {row["service_id"]: row.get("municipality_no", "") for row in tables[SERVICES.name]}
    named = _named_municipalities(parts)
    if not registered and listed:
        for service, number in place.items():
            if number and number not in listed:
                stated = {
                    part: number
                    for part, rows in _stated(parts, SERVICES.name).items()
                    if any(r["service_id"] == service and r.get("municipality_no") for r in rows)
                }
                clashes.among(SERVICES.name, (service,), "municipality_no", stated)
    other = REGISTER if registered else SERVICES.name
    for part, person, service, number in named:
        expected = place.get(service, "")
        if number in listed if listed else number == expected or not expected:
            continue
        stated = {part: number, other: expected}
        clashes.among(APPLICANTS.name, (person,), "municipality_no", stated)


def _named_municipalities(
    parts: Mapping[str, Tables],
) -> Iterator[tuple[str, str, str, str]]:
    """Part, person, service and number of each municipality that a part states of a person."""
    for part in sorted(parts):
        service = {}
        for row in parts[part].get(APPLICANTS.name, []):
            service[row["person_id"]] = row.get("service_id", "")
            if row.get("municipality_no"):
                yield part, row["person_id"], service[row["person_id"]], row["municipality_no"]
        for row in parts[part].get(APPLICATIONS.name, []):
            if row.get("municipality_no"):
                person = row["person_id"]
                yield part, person, service.get(person, ""), row["municipality_no"]
