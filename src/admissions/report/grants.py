"""The grants of a season as tables, as a workbook, and as what a letter says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from admissions.grants.fill import Book, GrantDecision, GrantOutcome, Refusal
from admissions.model.output_table import OutputColumn, OutputTable
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.model.words import words
from admissions.report.cells import Cells, offering_names
from admissions.report.words import Words
from admissions.report.workbook import workbook_bytes
from admissions.rulebooks.scenario import ResolvedScenario

_COLUMNS = (
    OutputColumn("person_id", "text"),
    OutputColumn("offering_id", "text"),
    OutputColumn("offering", "text"),
    OutputColumn("grant-outcome", "code", section="grant-outcome"),
    OutputColumn("grant-refusal", "code", section="grant-refusal"),
    OutputColumn("grant-amount", "count"),
    OutputColumn("grant-number", "count"),
    OutputColumn("grant-call", "count"),
    OutputColumn("grant-letter", "text"),
)


def letter(grant: GrantDecision, book: Book, offering: str, language: Language) -> str:
    """What a letter says of a request; ``offering`` is its name in ``language``."""
    said = words("report-grants", language)
    key = f"letter.{grant.refusal.value if grant.refusal else grant.outcome.value}"
    numbers = Words(language)
    return said[key].format(
        offering=offering, amount=numbers.number(grant.amount), number=grant.number,
        budget=numbers.number(book.rulebook.budget.value),
    )  # fmt: skip


def ordered(book: Book) -> list[GrantDecision]:
    """Every request's outcome by person and offering."""
    every = book.grants.values()
    return sorted(every, key=lambda one: (one.request.person_id, one.request.offering_id))


def grants_table(book: Book, resolved: ResolvedScenario, language: Language) -> OutputTable:
    """A row a request."""
    names = offering_names(resolved, Words(language))
    rows = tuple(
        (
            grant.request.person_id, grant.request.offering_id,
            names[grant.request.offering_id], grant.outcome.value,
            grant.refusal.value if grant.refusal else None, grant.amount, grant.number or None,
            grant.call or None, letter(grant, book, names[grant.request.offering_id], language),
        )
        for grant in ordered(book)
    )  # fmt: skip
    return OutputTable("grants", _COLUMNS, rows)


def counts(book: Book) -> dict[str, int]:
    """How many requests came to what, by outcome and by refusal."""
    found = Counter(grant.outcome.value for grant in book.grants.values())
    causes = Counter(grant.refusal.value for grant in book.grants.values() if grant.refusal)
    return {
        **{outcome.value: found[outcome.value] for outcome in GrantOutcome},
        **{cause.value: causes[cause.value] for cause in Refusal},
    }


def grants_workbook(book: Book, resolved: ResolvedScenario, language: Language) -> bytes:
    """``grants.xlsx``: what was set aside, granted and left, then a row a request."""
    said = Words(language, "grants")
    cells = Cells(said, {})
    table = grants_table(book, resolved, language)
    return workbook_bytes(list(_facts(book, said)), [table], cells)


def _facts(book: Book, said: Words) -> Iterator[tuple[str, str]]:
    title: Wording = book.rulebook.title
    yield said("grants-rules").unescape(), f"{title.in_(said.language)} ({book.rulebook.source})"
    for key, amount in (
        ("grants-budget", book.rulebook.budget.value),
        ("grants-granted", book.granted),
        ("grants-left", book.left),
    ):
        yield said(key).unescape(), said.number(amount)
    for code, count in counts(book).items():
        section = "grant-refusal" if code in set(Refusal) else "grant-outcome"
        yield said.of(section, code).unescape(), said.number(count)
