"""Rounds in the store: which there are, and whether anything may still be sent to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from admissions.front.opening import resolved
from admissions.intake import read_round
from admissions.model.messages import message
from admissions.model.resources import offering_ids
from admissions.model.round import Round, RoundSettings
from admissions.rulebooks.digest import behind_salt, commitment
from admissions.rulebooks.scenario import ResolvedScenario
from admissions_api.clock import from_stamp, now
from admissions_api.problems import ProblemError, not_found
from admissions_api.store.engine import ErasedError
from admissions_api.store.tables import RoundRow


def find_round(session: Session, round_id: str) -> RoundRow:
    """The round called ``round_id``. Raises ProblemError (404) when there is none."""
    row = session.get(RoundRow, round_id)
    if row is None:
        raise not_found("such round", "look at GET /v1/rounds")
    if row.state == "erased":
        raise ErasedError
    return row


def refuse_unless_open(row: RoundRow) -> None:
    """Raises ProblemError (409) once the round is closed."""
    if row.state != "open":
        published = row.state == "published"
        said = message("problems.round-published" if published else "problems.round-closed")
        raise ProblemError(409, said)


def refuse_after_deadline(row: RoundRow) -> None:
    """Raises ProblemError (409) once the round's deadline has passed, or it is closed."""
    refuse_unless_open(row)
    if now() >= from_stamp(row.deadline):
        raise ProblemError(409, message("problems.deadline-passed", deadline=row.deadline))


def refuse_to_remake_cut_offs(row: RoundRow) -> None:
    """Raises ProblemError (409) once the round is closed: what leaders decided by stays."""
    if row.state != "open":
        raise ProblemError(
            409,
            f"the round is {row.state}; its cut-offs are those that leaders decided by",
            "Maybe reopen the round first: POST …/reopen.",
        )


def refuse_of_another_closing(row: RoundRow, closed_at: str | None) -> None:
    """Raises ProblemError (409) unless the round is closed since ``closed_at``."""
    if row.state == "open" or row.closed_at != closed_at:
        raise ProblemError(
            409,
            "the round was opened again after this was asked for",
            "Maybe close it, and allocate anew.",
        )


def round_settings(row: RoundRow) -> RoundSettings:
    """The settings that the coordinator gave the round."""
    return RoundSettings.model_validate(row.settings)


def read_texts(texts: Mapping[str, str], offerings: Sequence[str] | None = None) -> Round:
    """The round whose files are ``texts``, by name. Raises InputError."""
    files = {name: text.encode() for name, text in texts.items()}
    return read_round(files, offerings=offerings or offering_ids())


def resolved_for(row: RoundRow, scenario: str, seed: int | None = None) -> ResolvedScenario:
    """The shipped ``scenario`` for the round, with the round's lottery seed or another one."""
    drawn = row.seed if seed is None else seed
    return resolved(scenario, rules_on=round_settings(row).rules_on, seed=drawn)


def commit(row: RoundRow) -> None:
    """Commits the round to what it is to be decided by: scenario, rules, seats and seed."""
    made = commitment(resolved_for(row, row.scenario), row.salt)
    row.digest, row.seed_sha256 = made.digest, made.seed_sha256


def as_committed(row: RoundRow, digest: str) -> bool:
    """Whether ``digest``, of an allocation, is what the round was committed to."""
    return row.digest == (behind_salt(digest, row.salt) if row.salt else digest)
