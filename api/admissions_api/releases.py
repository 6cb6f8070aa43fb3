"""What leaves the office of a round: one comparison, and what was published of it elsewhere.

Two releases about nearly the same people can be held against each other, and what one hides the
difference tells. So there is one a round *and its corrections*, a second round with nearly the same
people being one of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions.intake.merging import Tables
from admissions.model.files import Files
from admissions.results.files import unpacked
from admissions_api.agreement import merged_parts
from admissions_api.problems import ProblemError
from admissions_api.store import get_blob
from admissions_api.store.agreed_tables import PublishedRow
from admissions_api.store.tables import JobRow, RoundRow

SAME_PEOPLE = 50
"""From so many per cent of the smaller round's people in common, two rounds are one release."""


def refuse_another_release(session: Session, row: RoundRow, scenarios: list[str]) -> None:
    """Raises ProblemError (409) where something was released of nearly the same people.

    The same again, of the round as it was closed then and under the same scenarios, tells nothing
    more: in another language, say.
    """
    for job in _comparisons(session):
        of = job.request["round"]
        if of != row.id and not _same_people(session, row, of):
            continue
        named = ", ".join(job.request["scenarios"])
        closed_at = job.request.get("closed_at", row.closed_at)
        if of == row.id and closed_at == row.closed_at:
            if job.request["scenarios"] == scenarios:
                continue
            told = f"the round is compared already: {named}"
        elif of == row.id:
            told = f"the round was compared before it was corrected: {named}"
        else:
            told = f"the round {of!r}, of nearly the same people, is compared already: {named}"
        raise ProblemError(
            409,
            f"{told}; held against another comparison, its hidden counts could be reckoned",
            f"Maybe read that one, {job.id}.",
        )


def is_released(session: Session, round_id: str) -> bool:
    """Whether a comparison of the round was asked for."""
    return any(job.request["round"] == round_id for job in _comparisons(session))


def comparisons_asked_for(session: Session) -> list[str]:
    """The comparisons that there are, by the ids of their jobs."""
    return [job.id for job in _comparisons(session)]


def _comparisons(session: Session) -> Iterator[JobRow]:
    told = select(JobRow).where(
        JobRow.kind == "comparison", JobRow.state.in_(("queued", "running", "done"))
    )
    yield from session.scalars(told.order_by(JobRow.created_at))


def _same_people(session: Session, row: RoundRow, other_id: str) -> bool:
    other = session.get(RoundRow, other_id)
    if other is None or other.state == "erased":
        return False
    mine, theirs = merged_parts(session, row).tables, merged_parts(session, other).tables
    return shared_per_cent(mine, theirs) >= SAME_PEOPLE


def shared_per_cent(one: Tables, other: Tables) -> int:
    """How many of the smaller round's people are in the other one too, in per cent, rounded down.

    A person is the same by id, sector and service, or by all facts and wishes but the id.
    """
    counts = [(_by_id(one), _by_id(other)), (_by_facts(one), _by_facts(other))]
    most = max((mine & theirs).total() for mine, theirs in counts)
    fewest = min(len(one["applicants"]), len(other["applicants"]))
    return 100 * most // fewest if fewest else 0


def _by_id(tables: Tables) -> Counter[tuple[str, ...]]:
    return Counter(
        (row["person_id"], row.get("sector", ""), row.get("service_id", ""))
        for row in tables["applicants"]
    )


def _by_facts(tables: Tables) -> Counter[tuple[str, ...]]:
    wishes: dict[str, list[str]] = {}
    for row in tables["applications"]:
        wishes.setdefault(row["person_id"], []).append(_said(row))
    return Counter(
        (_said(row), *sorted(wishes.get(row["person_id"], ()))) for row in tables["applicants"]
    )


def _said(row: dict[str, str]) -> str:
    return repr(
        sorted((name, value) for name, value in row.items() if value and name != "person_id")
    )


def published_elsewhere(session: Session, round_id: str) -> dict[str, Files]:
    """The files of what was published of the round elsewhere, by the folder's name."""
    rows = select(PublishedRow).where(
        PublishedRow.round_id == round_id, PublishedRow.made_here.is_(False)
    )
    return {
        row.name: unpacked(get_blob(session, row.sha256))
        for row in session.scalars(rows.order_by(PublishedRow.name))
    }
