"""The grants of a season, made, checked and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from admissions.grants.fill import Book, GrantDecision
from admissions.grants.of_season import grants_of
from admissions.grants.rulebook import GrantsRulebook
from admissions.intake.grant_requests import RequestRow
from admissions.model.errors import PromiseBrokenError, UsageError
from admissions.model.messages import message
from admissions.model.vocabulary import Language
from admissions.report.grants import counts, grants_workbook, ordered
from admissions.season.season import Season
from admissions.verification.grants import grant_faults


@dataclass(frozen=True, eq=False)
class MadeGrants:
    """A season's grants: the ``book``, and the season that they follow from."""

    season: Season
    book: Book

    @property
    def counts(self) -> dict[str, int]:
        """How many requests came to what."""
        return counts(self.book)

    def table(self) -> Mapping[str, Any]:
        """The whole as JSON's values, codes and whole numbers of NOK."""
        rulebook = self.book.rulebook
        return {
            "rulebook": rulebook.id,
            "budget": rulebook.budget.value,
            "granted": self.book.granted,
            "left": self.book.left,
            "counts": self.counts,
            "requests": [_row(grant) for grant in ordered(self.book)],
        }


def made_grants(
    season: Season, rulebook: GrantsRulebook, rows: Sequence[RequestRow] | None
) -> MadeGrants:
    """The grants of ``season``. Raises PromiseBrokenError where a check of them does not hold."""
    made = MadeGrants(season, grants_of(season, rulebook, rows))
    held = [key for key, one in season.standing.applications.items() if one.holds]
    faults = grant_faults(made.table()["requests"], rulebook.model_dump(), held)
    if faults:
        lines = "\n".join(f"  {fault}" for fault in faults)
        raise PromiseBrokenError(message("results.would-break", lines=lines))
    return made


def write_grants(made: MadeGrants, out: Path, language: Language, *, overwrite: bool) -> None:
    """Writes the workbook. Raises UsageError where there is one and it shall not be replaced."""
    if out.exists() and not overwrite:
        raise UsageError(message("grants.exists", file=str(out)))
    out.write_bytes(grants_workbook(made.book, made.season.resolved, language))


def _row(grant: GrantDecision) -> dict[str, Any]:
    request = grant.request
    return {
        "person_id": request.person_id,
        "offering_id": request.offering_id,
        "sector": request.sector,
        "asked": request.asked,
        "granted_before": request.granted_before,
        "outcome": grant.outcome.value,
        "refusal": grant.refusal.value if grant.refusal else None,
        "amount": grant.amount,
        "number": grant.number,
        "call": grant.call,
    }
