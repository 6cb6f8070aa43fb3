"""One office's part of a round: its own offerings' applications, and what it assessed of them.

A part says nothing for leaders, and its services count only while there is no register.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from admissions.intake.findings import Findings
from admissions.intake.merging import Tables
from admissions.intake.merging import texts_of as merged_texts
from admissions.intake.reading import checked_round
from admissions.intake.sources import Source, read_source
from admissions.intake.typed import absent
from admissions.model.columns import Table
from admissions.model.files import Place
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.model.tables import (
    LEADER_GROUPS,
    LEADER_PREFERENCES,
    MUNICIPALITIES,
    SERVICES,
)


def read_part(place: Place, *, offerings: Collection[str], register: Tables | None = None) -> Round:
    """The part at ``place``, whose applications are for ``offerings`` alone.

    ``register``: the services and municipalities that there are; what the part says of them is
    left. Orders, groups and how many may be away are refused: they are leaders' to state. Raises as
    ``read_round`` does.
    """
    findings = Findings()
    source = read_source(place, offerings, findings)
    if source.tables:
        for table in (LEADER_PREFERENCES, LEADER_GROUPS):
            _refuse_rows(source, table, findings)
        _refuse_maxima(source, findings)
        if register is not None:
            _take_register(source, register, findings)
    return checked_round(source, offerings, findings)


def _refuse_rows(source: Source, table: Table, findings: Findings) -> None:
    """One error for a table that is the leaders', however many rows it has."""
    typed = source.tables[table.name]
    if len(typed):
        said = message("intake.of-leaders-alone", table=table.name)
        findings.error(typed.file, said, row=int(typed.rows[0]))
    source.tables[table.name] = absent(table, typed.file)


def _refuse_maxima(source: Source, findings: Findings) -> None:
    services = source.tables[SERVICES.name]
    stated = np.flatnonzero(services.given["max_students"])
    said = message("intake.maximum-of-leaders")
    services.complain(findings, stated, "max_students", [said] * len(stated))


def _take_register(source: Source, register: Tables, findings: Findings) -> None:
    """Puts the register's services and municipalities in the place of the part's own."""
    files = {name: text.encode() for name, text in merged_texts(register).items()}
    registered = read_source(files, (), Findings())
    for table in (SERVICES, MUNICIPALITIES):
        own = source.tables[table.name]
        if len(own):
            findings.note(own.file, message("intake.register-counts", table=table.name))
        source.tables[table.name] = registered.tables[table.name]
