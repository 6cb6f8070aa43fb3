"""Keeping no longer than is set: answers for repeats, results of jobs, rounds."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from admissions_api.clock import now, stamp
from admissions_api.keeping.erasing import ERASED_STATE, erase_round
from admissions_api.settings import Settings
from admissions_api.store import Store, put_again
from admissions_api.store.audit import SYSTEM, append
from admissions_api.store.tables import AnsweredRow, Blob, JobRow, ReadRow, RoundRow


def keep_no_longer(store: Store, settings: Settings) -> None:
    """Erases what is older than the settings say; without days nothing of the kind is."""
    if settings.keep_answers_days is not None:
        with store.writing() as session:
            before = _days_ago(settings.keep_answers_days)
            session.execute(delete(AnsweredRow).where(AnsweredRow.at < before))
    if settings.keep_reads_days is not None:
        with store.writing() as session:
            before = _days_ago(settings.keep_reads_days)
            session.execute(delete(ReadRow).where(ReadRow.at < before))
    if settings.keep_results_days is not None:
        with store.writing() as session:
            _erase_results(session, settings.keep_results_days)
    if settings.keep_rounds_days is not None:
        reason = f"kept for {settings.keep_rounds_days} days"
        for round_id in _old_rounds(store, settings.keep_rounds_days):
            erase_round(store, round_id, reason, SYSTEM)


def _days_ago(days: int) -> str:
    return stamp(now() - timedelta(days=days))


def _erase_results(session: Session, days: int) -> None:
    """Erases results that are nowhere but in their job: rankings of parts, verifications."""
    names = session.scalars(
        select(Blob.sha256)
        .join(JobRow, JobRow.result == Blob.sha256)
        .where(JobRow.ended_at < _days_ago(days), JobRow.result_at.is_(None))
        .where(Blob.stands_as.is_(None))
    ).all()
    if names:
        blobs = {sha256: put_again(session, sha256, b"") for sha256 in names}
        append(
            session, SYSTEM, "results.erased", "jobs", reason=f"kept for {days} days", blobs=blobs
        )


def _old_rounds(store: Store, days: int) -> list[str]:
    with store.reading() as session:
        found = select(RoundRow.id).where(
            RoundRow.closed_at < _days_ago(days), RoundRow.state != ERASED_STATE
        )
        return list(session.scalars(found))
