"""Whom letters go to: ``contacts.csv``. It is checked by itself, and no round holds it."""

from __future__ import annotations

import re

import numpy as np

from admissions.intake import checks
from admissions.intake.findings import Findings
from admissions.intake.typed import Typed
from admissions.model.messages import message

_POSTCODE = re.compile(r"[0-9]{4}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def check_contacts(contacts: Typed, applicants: Typed, findings: Findings) -> None:
    """One row a person of the round; postcodes of four digits, and addresses that can be."""
    checks.check_key(contacts, "person_id", findings)
    people = checks.keys(applicants, "person_id")
    checks.refuse_unknown(contacts, "person_id", people, applicants.file, findings)
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
