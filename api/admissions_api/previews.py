"""Previews for a leader: own staff and published cut-offs, kept in memory between requests."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import tomli_w
from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions.intake.merging import tables_of
from admissions.model.errors import InputError, UsageError
from admissions.model.files import Files
from admissions.model.round import Round, RoundSettings
from admissions.model.tables import APPLICANTS
from admissions.preview.cut_offs import Snapshot
from admissions.preview.preview import PreviewedPerson, Thresholds, preview
from admissions.preview.staff import Orders, Staff, staff_of
from admissions.rulebooks.scenario import ResolvedScenario
from admissions_api.preferences import Group, Order, Preferences, latest_version, read_version
from admissions_api.problems import ProblemError
from admissions_api.rounds import read_texts, resolved_for, round_settings
from admissions_api.staffs import staff_files, staff_known_by
from admissions_api.store import get_blob
from admissions_api.store.tables import CutOffRow, RoundRow

MOST_STAFFS = 1000
MOST_SNAPSHOTS = 4
Value = TypeVar("Value")


class _Memory:
    """The values made last, by key; each is made once, whoever asks first."""

    def __init__(self, most: int) -> None:
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                found: Value = self._values[key]
                return found
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return made


@dataclass(frozen=True, eq=False)
class PublishedCutOffs:
    """The cut-offs that leaders see now: their version, and the snapshot."""

    version: int
    snapshot: Snapshot
    thresholds: Thresholds


class Previews:
    """What previews of one application are made from."""

    def __init__(self) -> None:
        self._rounds = _Memory(MOST_STAFFS)
        self._staffs = _Memory(MOST_STAFFS)
        self._snapshots = _Memory(MOST_SNAPSHOTS)
        self._nows = _Memory(MOST_STAFFS)

    def cut_offs(self, session: Session, round_id: str) -> PublishedCutOffs | None:
        """The newest published cut-offs of a round, or None."""
        row = session.scalar(
            select(CutOffRow)
            .where(CutOffRow.round_id == round_id)
            .order_by(CutOffRow.version.desc())
            .limit(1)
        )
        if row is None:
            return None
        version, sha256 = row.version, row.sha256

        def made() -> PublishedCutOffs:
            snapshot = Snapshot.model_validate_json(get_blob(session, sha256))
            return PublishedCutOffs(version, snapshot, Thresholds(snapshot))

        return self._snapshots.get((round_id, version, sha256), made)

    def staff(self, session: Session, row: RoundRow, service: str, scenario: str) -> Staff | None:
        """The agreed staff of ``service``, ranked by ``scenario``; None where nobody applied."""
        own = self._agreed(session, row, service)
        if own is None:
            return None
        return self._staffs.get(
            (own, service, row.seed, scenario),
            lambda: Staff(staff_of(own, service), resolved_for(row, scenario)),
        )

    def _agreed(self, session: Session, row: RoundRow, service: str) -> Round | None:
        """What is agreed of the service's own staff, as a round of its own."""
        known_by = staff_known_by(session, row.id, service)
        if known_by is None:
            return None
        settings = round_settings(row).model_copy(update={"offerings": None})

        def made() -> Round | None:
            files = staff_files(session, row.id, service)
            return None if files is None else read_staff(files, settings)

        return self._rounds.get((known_by, settings), made)

    def now(
        self, staff: Staff, found: PublishedCutOffs, said: Preferences
    ) -> tuple[PreviewedPerson, ...]:
        """What becomes of own staff under ``said``, which is asked for again and again."""
        orders = orders_of(said)
        return self._nows.get(
            (staff, found, said.model_dump_json()),
            lambda: preview(staff, found.thresholds, orders, said.max_students, said.together()),
        )

    def members(self, session: Session, row: RoundRow, service: str) -> dict[str, int]:
        """How many of ``service`` are qualified at each offering."""
        own = self._agreed(session, row, service)
        if own is None:
            return {}
        return members_of(staff_of(own, service), resolved_for(row, row.scenario))

    def staff_ids(self, session: Session, row: RoundRow, service: str) -> frozenset[str]:
        """Who of ``service`` has applied."""
        own = self._agreed(session, row, service)
        return frozenset() if own is None else frozenset(own.applicants["person_id"])

    def current(
        self, session: Session, row: RoundRow, service: str
    ) -> tuple[int, Preferences, str | None]:
        """What counts for the service now, its version and when it was sent.

        Version 0, at no time: nothing was sent; then what the register says of it stands.
        """
        version = latest_version(session, row.id, service)
        found = read_version(session, row.id, service, version)
        own = self._agreed(session, row, service)
        beside = Preferences(orders=[]) if own is None else _stated_beside(own)
        if found is None:
            return 0, beside, None
        said = found[0]
        if said.groups is None:
            said = said.model_copy(update={"groups": beside.groups})
        return version, said, found[1].at


def read_staff(files: Files, settings: RoundSettings) -> Round | None:
    """The agreed staff in ``files`` as a round, None where all of it is erased.

    Raises ProblemError (409) where it is none.
    """
    if not tables_of(files).get(APPLICANTS.name):
        return None
    texts = {name: content.decode() for name, content in files.items()}
    texts["round.toml"] = tomli_w.dumps(settings.model_dump(exclude_none=True))
    try:
        return read_texts(texts)
    except InputError:
        raise ProblemError(
            409,
            "what the register says of this service does not go with its staff",
            "Maybe ask the coordinator, to whom it is named when the round is closed.",
        ) from None


def _stated_beside(own: Round) -> Preferences:
    """What is stated of a service before its leader has sent anything."""
    orders = [
        Order(offering_id=str(offering) or None, person_ids=rows["person_id"].tolist())
        for offering, rows in own.leader_preferences.groupby("offering_id", sort=True)
    ]
    away = own.services["max_students"].tolist()
    stated = own.leader_groups
    groups = [
        Group(offering_id=offering, at_least=at_least)
        for offering, at_least in zip(stated["offering_id"], stated["at_least"], strict=True)
    ]
    most = away[0] if away[0] >= 0 else None
    return Preferences(orders=orders, groups=groups, max_students=most)


def members_of(own: Round, scenario: ResolvedScenario) -> dict[str, int]:
    """How many of a service's ``own`` round are qualified at each offering.

    Where that depends on others it counts who has applied.
    """
    try:
        applications = Staff(own, scenario).applications
    except UsageError:
        return dict(Counter(map(str, own.applications["offering_id"])))
    return dict(Counter(one.offering for one in applications if one.qualified))


def orders_of(said: Preferences) -> Orders:
    """The orders as the engine takes them."""
    return {order.offering_id or "": list(order.person_ids) for order in said.orders}


def published_or_refuse(found: PublishedCutOffs | None) -> PublishedCutOffs:
    """``found``. Raises ProblemError (409) while no cut-offs are published."""
    if found is None:
        raise ProblemError(
            409,
            "no cut-offs are published for this round yet",
            "Maybe ask the coordinator: POST …/cut-offs.",
        )
    return found
