"""Whom letters go to: ``contacts.csv``. It is checked by itself, and no round holds it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import cast

import numpy as np
import pandas as pd

from admissions.intake import checks
from admissions.intake.csv_files import read_csv
from admissions.intake.excel_files import read_workbook
from admissions.intake.findings import Findings
from admissions.intake.typed import Typed, read_table
from admissions.model.choices import CHOICES
from admissions.model.errors import UsageError, system_fault
from admissions.model.messages import Message, message
from admissions.model.tables import CONTACTS
from admissions.model.vocabulary import Language

_POSTCODE = re.compile(r"[0-9]{4}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Contact:
    """Where a person is reached, and in which language; "" where nothing is stated."""

    name: str = ""
    address: str = ""
    postcode: str = ""
    place: str = ""
    email: str = ""
    language: Language = "nb"

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands on an envelope, a line each."""
        last = f"{self.postcode} {self.place}".strip()
        return tuple(line for line in (self.name, self.address, last) if line)


def read_contacts(path: Path, people: Collection[str]) -> Mapping[str, Contact]:
    """The contacts in the file at ``path`` (CSV, or a workbook with a sheet of them), by person.

    ``people`` are those that there can be. Raises InputError with every error at once, and
    UsageError when there is no such file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        why = system_fault(error)
        raise UsageError(message("intake.cannot-be-read", file=str(path), why=why)) from None
    return contacts_in(data, path.name, people)


def contacts_in(data: bytes, name: str, people: Collection[str]) -> Mapping[str, Contact]:
    """The contacts in ``data``, a file called ``name``, as ``read_contacts``."""
    findings = Findings()
    if PurePath(name).suffix.casefold() in (".xlsx", ".xlsm"):
        grid = (read_workbook(data, name, (CONTACTS,), findings) or {}).get(CONTACTS.name)
        if grid is None:
            findings.error(name, message("intake.no-contacts"))
    else:
        grid = read_csv(data, CONTACTS, name, findings)
    typed = read_table(grid, CONTACTS, findings) if grid else None
    if typed is not None:
        _check(typed, pd.Index(sorted(people), dtype=object), message("intake.people"), findings)
    findings.stop_if_any(name)
    return {} if typed is None else dict(_contacts(typed))


def _contacts(typed: Typed) -> list[tuple[str, Contact]]:
    languages = [choice.value for choice in CHOICES["language"]]
    texts = ("name", "address", "postcode", "place", "email")
    return [
        (
            typed.columns["person_id"][row],
            Contact(
                **{name: typed.columns[name][row] for name in texts},
                language=cast("Language", languages[typed.columns["language"][row]]),
            ),
        )
        for row in range(len(typed))
    ]


def check_contacts(contacts: Typed, applicants: Typed, findings: Findings) -> None:
    """One row a person of the round; postcodes of four digits, and addresses that can be."""
    _check(contacts, checks.keys(applicants, "person_id"), applicants.file, findings)


def _check(
    contacts: Typed, people: pd.Index | None, where: str | Message, findings: Findings
) -> None:
    checks.check_key(contacts, "person_id", findings)
    checks.refuse_unknown(contacts, "person_id", people, where, findings)
    _refuse_other_shapes(contacts, "postcode", _POSTCODE, "intake.no-postcode", findings)
    _refuse_other_shapes(contacts, "email", _EMAIL, "intake.no-email", findings)


def _refuse_other_shapes(
    contacts: Typed, name: str, shape: re.Pattern[str], code: str, findings: Findings
) -> None:
    if name in contacts.texts:
        texts = contacts.columns[name].tolist()
        usable = contacts.usable(name)
        wrong = [n for n, text in enumerate(texts) if usable[n] and not shape.fullmatch(text)]
        said = message(code)
        contacts.complain(findings, np.array(wrong, np.intp), name, [said] * len(wrong))
