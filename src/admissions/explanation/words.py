"""An explanation in words: one sentence, or the whole decision. Nothing parses them back."""

from __future__ import annotations

from collections.abc import Sequence

from admissions.explanation import phrases
from admissions.explanation.citations import citation
from admissions.explanation.decisions import Outcome, Reason
from admissions.explanation.fact_words import value_words
from admissions.explanation.reasons import (
    Explanation,
    FactChange,
    FactUsed,
    LimitUsed,
    Line,
    OfferingName,
    RuleName,
    RuleReason,
    RulesUsed,
    Verdict,
)
from admissions.model import numbers
from admissions.model.choices import PASSED
from admissions.model.facts_described import FACTS
from admissions.model.hundredths import shortest
from admissions.model.values import number_words, yes_no
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.model.words import inflected
from admissions.rules.base import Rule

_OPEN = (Outcome.WAITING, Outcome.NOT_QUALIFIED)


def sentence(verdict: Verdict, language: Language) -> str:
    """The decision and its reason in one plain sentence, for ``decisions.csv``."""
    limits = dict.fromkeys(used.limit for used in verdict.limits)
    return (
        _said(verdict)
        .in_(language)
        .format(
            offering=offering_words(verdict.offering, language),
            waiting=verdict.waiting_number,
            decisive=_titles(verdict.decisive, language),
            limits=_titles(tuple(limits), language),
            met=offering_words(verdict.met, language) if verdict.met else "",
            elsewhere=offering_words(verdict.elsewhere, language) if verdict.elsewhere else "",
            not_met=_titles(verdict.not_met, language),
            seats=numbers.whole(verdict.limits[0].seats, language) if verdict.limits else "",
        )
    )


def _said(verdict: Verdict) -> Wording:
    """The sentence with gaps: that of the reason, or one that says more."""
    if verdict.not_run:
        return phrases.NOT_RUN if verdict.limits else phrases.NO_SEATS
    if [used.limit.kind for used in verdict.limits] == ["leader-group"]:
        return phrases.APART
    return phrases.REASONS[verdict.reason]


def letter(explanation: Explanation, changes: Sequence[FactChange], language: Language) -> str:
    """The whole decision (*enkeltvedtak*) as plain text.

    First the answer in two lines, then sections under headings. ``changes`` are what would have
    changed it; they are told of where the person is waiting or not qualified.
    """
    sections = [
        ("decision", _head(explanation, language)),
        ("requirements", _requirements(explanation, language)),
    ]
    if explanation.rank:
        sections.append(("ranking", _ranking(explanation, language)))
    if explanation.verdict.outcome in _OPEN:
        sections.append(("changes", _changes(explanation.verdict, changes, language)))
    sections.append(("rights", _rights(explanation, language)))
    sections.append(("sums", sums_words(explanation.rules, language)))
    texts = [
        "\n".join([phrases.HEADINGS[name].in_(language), "", *lines]) for name, lines in sections
    ]
    return "\n\n".join(["\n".join(_answer(explanation, language)), *texts]) + "\n"


def offering_words(offering: OfferingName, language: Language) -> str:
    """A programme and its study site."""
    wording = phrases.OFFERING.in_(language)
    return wording.format(programme=offering.programme.in_(language), site=offering.site)


def change_words(change: FactChange, language: Language) -> str:
    """What would have happened with one fact changed."""
    words = FACTS[change.fact]
    gets = offering_words(change.gets, language)
    if isinstance(change.after, bool):
        wording = phrases.CHANGED_YES if change.after else phrases.CHANGED_NO
        return wording.in_(language).format(fact=words.phrase.in_(language), gets=gets)
    wording = phrases.CHANGED if change.before is not None else phrases.CHANGED_UNDOCUMENTED
    return wording.in_(language).format(
        fact=words.own.in_(language),
        before=value_words(change.fact, change.before, language),
        after=value_words(change.fact, change.after, language),
        gets=gets,
    )


def _titles(rules: Sequence[RuleName], language: Language) -> str:
    titles = [numbers.quoted(rule.title.in_(language), language) for rule in rules]
    return numbers.listed(titles, language) if titles else ""


def _head(explanation: Explanation, language: Language) -> list[str]:
    authority, rules = explanation.authority, explanation.rules
    said = {name: wording.in_(language) for name, wording in phrases.HEAD.items()}
    lines = []
    if authority.institution is not None:
        lines.append(said["institution"].format(authority.institution))
    if authority.case is not None:
        lines.append(said["case"].format(authority.case))
    lines.append(said["applicant"].format(explanation.person_id))
    offering = offering_words(explanation.verdict.offering, language)
    preference = explanation.verdict.offering.preference
    lines.append(said["application"].format(offering=offering, preference=preference))
    return [*lines, *version_words(rules, language)]


def version_words(rules: RulesUsed, language: Language) -> list[str]:
    """Which version of the rules applied, and under which scenario."""
    said = {name: wording.in_(language) for name, wording in phrases.HEAD.items()}
    used = said["rules"].format(
        version=rules.version,
        valid_from=numbers.day(rules.valid_from, language),
        on=numbers.day(rules.on, language),
        source=citation(rules.source, language),
    )
    scenario = said["scenario-changes" if rules.changed else "scenario"].format(rules.scenario)
    return [used, scenario]


def _answer(explanation: Explanation, language: Language) -> list[str]:
    """The decision in a sentence, and what follows from it in another."""
    return [sentence(explanation.verdict, language), _what_follows(explanation, language)]


def _what_follows(explanation: Explanation, language: Language) -> str:
    verdict, deadline = explanation.verdict, explanation.authority.answer_deadline
    if verdict.outcome is Outcome.OFFERED:
        if deadline is None:
            return phrases.ANSWER.in_(language)
        return phrases.ANSWER_BY.in_(language).format(numbers.day(deadline, language))
    if verdict.outcome is Outcome.WAITING:
        note = phrases.NO_WAITING_LIST if verdict.not_run else phrases.WAITING_NOTE
        return note.in_(language)
    if verdict.outcome is Outcome.NOT_QUALIFIED:
        return phrases.SEE_BELOW.in_(language)
    return phrases.OWN_DECISION.in_(language)


def _requirements(explanation: Explanation, language: Language) -> list[str]:
    if not explanation.requirements and explanation.rank:
        return [phrases.NO_REQUIREMENTS.in_(language)]
    verdict = phrases.ALL_MET if explanation.rank else phrases.NOT_ALL_MET
    unmet = {rule.id for rule in explanation.verdict.not_met}
    demanding = [reason for reason in explanation.criteria if reason.rule.id in unmet]
    return [
        verdict.in_(language),
        *(f"- {_reason(reason, language)}" for reason in explanation.requirements),
        *(f"- {_reason(reason, language)}" for reason in demanding),
    ]


def _ranking(explanation: Explanation, language: Language) -> list[str]:
    lines = [phrases.HOW_RANKED.in_(language)]
    columns = (*explanation.criteria, *explanation.ties)
    for number, reason in enumerate(columns, start=1):
        first, *parts = reason_lines(reason, language)
        lines += [f"{number}. {first}", *(f"   - {part}" for part in parts)]
    if explanation.equals != "lottery":
        lines.append(phrases.TOGETHER[explanation.equals].in_(language))
    return [*lines, *place_words(explanation, language)]


def place_words(explanation: Explanation, language: Language) -> list[str]:
    """The rank, the points, the last one admitted, and what decided: a sentence each."""
    stands = {"rank": explanation.rank, "qualified": explanation.qualified}
    lines = [inflected(phrases.RANK.in_(language), stands).format(**stands)]
    if explanation.points:
        own = numbers.points(explanation.points, language)
        lines.append(phrases.POINTS.in_(language).format(own))
    lines += _last_admitted(explanation, language)
    lines += _what_decided(explanation, language)
    if explanation.leader is not None:
        rank = explanation.leader.rank
        wording = phrases.LEADER if rank is not None else phrases.LEADER_NOT
        lines.append(wording.in_(language).format(rank))
    if any(rule.drawn for rule in explanation.verdict.decisive):
        drawn = phrases.LOTTERY[explanation.lottery].in_(language)
        lines.append(drawn.format(explanation.seed))
    return lines


def _last_admitted(explanation: Explanation, language: Language) -> list[str]:
    group, points = explanation.last_group, explanation.last_points
    told = {"group": group is not None, "points": points is not None}
    name = "-".join(part for part, there in told.items() if there)
    if not name:
        return []
    written = numbers.points(points, language) if points is not None else ""
    return [phrases.LAST_ADMITTED[name].in_(language).format(group=group, points=written)]


def _what_decided(explanation: Explanation, language: Language) -> list[str]:
    by_reason = {
        Reason.SEAT_OFFERED: phrases.TIE_WON,
        Reason.SEATS_FILLED: phrases.DECISIVE,
        Reason.TIE_LOST: phrases.TIE_LOST,
        Reason.MOVED_BEHIND: phrases.MOVED,
    }
    lines = []
    if explanation.verdict.decisive and explanation.verdict.reason in by_reason:
        titles = _titles(explanation.verdict.decisive, language)
        lines.append(by_reason[explanation.verdict.reason].in_(language).format(titles))
    return lines + [_limit(used, language) for used in explanation.verdict.limits]


def _limit(used: LimitUsed, language: Language) -> str:
    return used.says.in_(language).format(
        limit=used.limit.title.in_(language),
        seats=numbers.whole(used.seats, language),
        region=value_words("region", used.region, language),
    )


def _reason(reason: RuleReason, language: Language) -> str:
    """One column: its title, what it came to, what the rule says, and the facts."""
    result = result_words(reason, language)
    title = reason.rule.title.in_(language)
    return " ".join(
        text
        for text in (
            f"{title}: {result}." if result else f"{title}.",
            reason.rule.sentence_in(language),
            "" if reason.lines else _facts_sentence(reason.facts, reason.rule, language),
        )
        if text
    )


def reason_lines(reason: RuleReason, language: Language) -> list[str]:
    """One column, then a line for each part of a sum."""
    lines = [_reason(reason, language), *(_line(line, language) for line in reason.lines)]
    if reason.leader_points:
        given = numbers.hundredths(reason.leader_points, language)
        lines.append(phrases.LEADER_POINTS.in_(language).format(given))
    return lines


def open_words(reason: RuleReason, language: Language) -> str:
    """One column whose cell depends on who else applies: its title and what the rule says."""
    title = f"{reason.rule.title.in_(language)}."
    said = reason.rule.sentence_in(language)
    return " ".join(text for text in (title, said, phrases.OF_OTHERS.in_(language)) if text)


def _line(line: Line, language: Language) -> str:
    points = points_words(line.points, line.rule.shown_decimals, language)
    said = line.rule.sentence_in(language)
    facts = _facts_sentence(line.facts, line.rule, language)
    head = f"{line.rule.title.in_(language)}: {points}."
    return " ".join(text for text in (head, said, facts) if text)


def result_words(reason: RuleReason, language: Language) -> str:
    """What one column came to; "" where its cell is not told."""
    cell = reason.cell
    if reason.rule.role == "requirement":
        lacking = phrases.NOT_DOCUMENTED if reason.lacks_fact else phrases.NOT_MET
        return (phrases.MET if cell > 0 else lacking).in_(language)
    match reason.rule.unit:
        case "points":
            return points_words(cell, reason.rule.shown_decimals, language)
        case "yes-no":
            return yes_no(cell > 0, language)
        case "years":
            return number_words("years", cell, language)
        case "tier":
            return _tier(reason, language)
        case "place":
            return phrases.PLACE.in_(language).format(-cell)
        case "count":
            return numbers.whole(abs(cell), language)
    return ""


def points_words(cell: int, decimals: int, language: Language) -> str:
    """The points of a cell, or that nothing is documented to count."""
    if cell < 0:
        return phrases.NO_POINTS.in_(language)
    return phrases.POINTS_CELL.in_(language).format(numbers.hundredths(cell, language, decimals))


def _tier(reason: RuleReason, language: Language) -> str:
    tiers = reason.rule.tier_count
    if tiers is None:
        return numbers.whole(reason.cell, language)
    if reason.cell <= 0:
        return phrases.NO_TIER.in_(language)
    return phrases.TIER.in_(language).format(tiers - reason.cell + 1, tiers)


def facts_words(facts: Sequence[FactUsed], rule: Rule, language: Language) -> list[str]:
    """The facts that ``rule`` read, each with its value."""
    return [_fact(fact, rule, language) for fact in facts]


def _facts_sentence(facts: Sequence[FactUsed], rule: Rule, language: Language) -> str:
    shown = facts_words(facts, rule, language)
    return phrases.FACTS.in_(language).format("; ".join(shown)) if shown else ""


def _fact(fact: FactUsed, rule: Rule, language: Language) -> str:
    value = value_words(fact.name, fact.value, language)
    counted = rule.counts_passed_as if fact.value == PASSED else None
    if counted is not None:
        grade = numbers.hundredths(counted, language)
        value = phrases.COUNTED_AS.in_(language).format(value, grade)
    if fact.old_mark is not None:
        mark = numbers.points(shortest(fact.old_mark), language)
        value = phrases.CONVERTED.in_(language).format(value, mark)
    if not fact.given and fact.value is not None:
        value = phrases.ASSUMED.in_(language).format(value)
    return f"{FACTS[fact.name].phrase.in_(language)}: {value}"


def _changes(verdict: Verdict, changes: Sequence[FactChange], language: Language) -> list[str]:
    if verdict.met is not None:
        return [phrases.HAS_BETTER.in_(language).format(offering_words(verdict.met, language))]
    if not changes:
        return [phrases.NO_CHANGE.in_(language)]
    told = [f"- {change_words(change, language)}" for change in changes]
    return [phrases.CHANGES.in_(language), *told]


def _rights(explanation: Explanation, language: Language) -> list[str]:
    authority = explanation.authority
    lines = [phrases.ACCESS.in_(language), phrases.APPEAL.in_(language)]
    if authority.institution is not None:
        lines.append(phrases.APPEAL_TO.in_(language).format(authority.institution))
    if authority.appeal_body is not None:
        lines.append(phrases.APPEAL_BODY.in_(language).format(authority.appeal_body))
    return lines


def sums_words(rules: RulesUsed, language: Language) -> list[str]:
    """The checksums of the rules and of the whole admission."""
    return [
        phrases.RULES_SUM.in_(language).format(rules.sha256),
        phrases.RUN_SUM.in_(language).format(rules.digest),
    ]
