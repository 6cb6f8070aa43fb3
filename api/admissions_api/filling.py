"""A round filled from a shipped one: its register, its parts, and what its leaders say."""

from __future__ import annotations

from sqlalchemy.orm import Session

from admissions.intake import read_round
from admissions.intake.merging import tables_of
from admissions.intake.writing import round_texts
from admissions.model.resources import offering_ids, shipped
from admissions.model.round import Round, RoundSettings
from admissions.results.files import unpacked
from admissions_api.agreement import AgreedRound, Inputs, worked_out
from admissions_api.beside import as_stored, audit_stated, store_register
from admissions_api.institutions import institutions
from admissions_api.parts import audit_part, packed_part, part_of, store_part
from admissions_api.preferences import Order, Preferences, audit_preferences, store_preferences
from admissions_api.store.audit import SYSTEM


class Filling:
    """What fills a round, worked out before anything is written."""

    def __init__(self, name: str) -> None:
        whole = read_round(shipped("scenarios") / "rounds" / name, offerings=offering_ids())
        stated = tables_of({name: text.encode() for name, text in round_texts(whole).items()})
        self.whole = whole
        self.register = {table: stated.get(table, []) for table in ("services", "municipalities")}
        self.parts = {one: part_of(whole, one) for one in institutions()}
        self.contents = {one: packed_part(part, services=False) for one, part in self.parts.items()}

    def store(self, session: Session, round_id: str) -> None:
        """Stores the register, the parts and the leaders' orders."""
        audit_stated(session, store_register(session, round_id, self.register), SYSTEM)
        for institution, part in self.parts.items():
            content = self.contents[institution]
            audit_part(session, store_part(session, round_id, institution, part, content), SYSTEM)
        for service, said in _said_by_leaders(self.whole):
            audit_preferences(session, store_preferences(session, round_id, service, said), SYSTEM)


def agreement_of(filling: Filling | None, scenario: str, settings: RoundSettings) -> AgreedRound:
    """What a round agrees in when it is opened, filled or not."""
    files = {} if filling is None else filling.contents
    return worked_out(
        Inputs(
            known_by="",
            scenario=scenario,
            rules_on=settings.rules_on,
            parts={institution: unpacked(content) for institution, content in files.items()},
            register=None if filling is None else as_stored(filling.register),
        )
    )


def _said_by_leaders(whole: Round) -> list[tuple[str, Preferences]]:
    away = dict(zip(whole.services["service_id"], whole.services["max_students"], strict=True))
    said = []
    for service, own in whole.leader_preferences.groupby("service_id", sort=True):
        orders = [
            Order(offering_id=str(offering) or None, person_ids=list(rows["person_id"]))
            for offering, rows in own.groupby("offering_id", sort=True)
        ]
        most = int(away[service])
        limit = most if most >= 0 else None
        said.append((str(service), Preferences(orders=orders, max_students=limit)))
    return said
