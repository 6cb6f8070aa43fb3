"""Requirements and criteria as rows of a table: what it is, the person's facts, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from admissions.explanation import phrases
from admissions.explanation.reasons import Explanation, RuleReason
from admissions.explanation.words import facts_words, points_words, result_words
from admissions.model import numbers
from admissions.model.vocabulary import Language


@dataclass(frozen=True)
class ReasonRow:
    """One requirement or criterion, or a part of a sum of points, in words.

    ``number``: its turn among the criteria, "" where it has none; ``says``: what the rule says;
    ``is_part``: whether it is a part of the sum before it.
    """

    number: str
    title: str
    says: str
    facts: tuple[str, ...]
    result: str
    is_part: bool = False


def requirement_rows(explanation: Explanation, language: Language) -> list[ReasonRow]:
    """The requirements, then the criteria that demand a fact which is not documented."""
    unmet = {rule.id for rule in explanation.verdict.not_met}
    demanding = [reason for reason in explanation.criteria if reason.rule.id in unmet]
    return list(_rows((*explanation.requirements, *demanding), language, numbered=False))


def criterion_rows(explanation: Explanation, language: Language) -> list[ReasonRow]:
    """The criteria and tie-breaks in their turn, a sum followed by its parts."""
    return list(_rows((*explanation.criteria, *explanation.ties), language, numbered=True))


def _rows(
    reasons: Iterable[RuleReason], language: Language, *, numbered: bool
) -> Iterable[ReasonRow]:
    for number, reason in enumerate(reasons, start=1):
        yield ReasonRow(
            str(number) if numbered else "",
            reason.rule.title.in_(language),
            reason.rule.sentence_in(language),
            () if reason.lines else tuple(facts_words(reason.facts, reason.rule, language)),
            result_words(reason, language),
        )
        for line in reason.lines:
            yield ReasonRow(
                "",
                line.rule.title.in_(language),
                line.rule.sentence_in(language),
                tuple(facts_words(line.facts, line.rule, language)),
                points_words(line.points, line.rule.shown_decimals, language),
                is_part=True,
            )
        if reason.leader_points:
            given = numbers.hundredths(reason.leader_points, language)
            title = phrases.LEADER_POINTS.in_(language).format(given)
            yield ReasonRow("", title, "", (), given, is_part=True)
