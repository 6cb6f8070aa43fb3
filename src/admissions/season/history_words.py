"""The states of applications and their histories in words: what the applicant reads."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from admissions.explanation import phrases
from admissions.model import numbers
from admissions.model.choices import CHOICES, PASSED, choice_words
from admissions.model.facts_described import FACTS
from admissions.model.values import yes_no
from admissions.model.vocabulary import Language
from admissions.model.words import counted, words
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.season.history import (
    AnswerGiven,
    Corrected,
    GaveWay,
    Happening,
    History,
    NumberChanged,
    OfferCalled,
    Reason,
    Recorded,
)
from admissions.season.standing import Application
from admissions.season.states import OTHER_REASON, State, state_wording

SUBJECT = "season-history"


def offering_titles(resolved: ResolvedScenario, language: Language) -> dict[str, str]:
    """Each offering as people call it: programme at site."""
    said = phrases.OFFERING.in_(language)
    return {
        offering: said.format(programme=book.programme.in_(language), site=book.site)
        for offering, book in resolved.rulebooks.items()
    }


def standing_sentence(one: Application, titles: Mapping[str, str], language: Language) -> str:
    """Where an application stands now: one sentence."""
    said, offering = words(SUBJECT, language), titles[one.offering_id]
    if one.state is State.WAITING and one.waiting_number:
        return said["now.waiting"].format(offering=offering, number=one.waiting_number)
    if one.state is State.WAITING:
        return said["now.waiting-unnumbered"].format(offering=offering)
    if one.state is State.OFFERED and one.deadline is not None:
        by = numbers.day(one.deadline, language)
        return said["now.offered"].format(offering=offering, deadline=by)
    return said["now.other"].format(offering=offering, state=state_wording(one.state).in_(language))


def happening_line(one: Happening, titles: Mapping[str, str], language: Language) -> str:
    """One line of a history: the day, and what happened."""
    return f"{numbers.day(one.on, language)}: {reason_sentence(one.reason, titles, language)}"


def history_text(history: History, titles: Mapping[str, str], language: Language) -> str:
    """A history as plain text: where the application stands, then a line for each happening."""
    now = standing_sentence(history.application, titles, language)
    lines = [f"- {happening_line(one, titles, language)}" for one in history.happenings]
    return "\n".join([now, *lines])


def reason_sentence(reason: Reason, titles: Mapping[str, str], language: Language) -> str:
    """A reason in one or two sentences; ``titles``: the offerings' names, by id."""
    said = words(SUBJECT, language)
    match reason:
        case OfferCalled():
            text = said[f"called.{reason.seat}"]
            if not reason.gave_up:
                return text
            left = said["called-from"].format(offering=titles[reason.gave_up])
            return f"{text} {left}"
        case NumberChanged():
            return _number(reason, language)
        case Corrected():
            return _corrected(reason, language)
        case AnswerGiven():
            return said[f"answered.{reason.answer}"]
        case Recorded():
            text = said[f"recorded.{reason.event}"]
            return text.format(reason=reason_words(reason.reason, language))
        case GaveWay():
            unnamed = reason.state is State.LEFT and reason.event == "accept"
            text = said["gave-way.left-unnamed" if unnamed else f"gave-way.{reason.state}"]
            return text.format(offering=titles[reason.offering])


def reason_words(reason: str, language: Language) -> str:
    """A reason of the list for what is done by hand; what is not on it stands as written."""
    own = words(SUBJECT, language).get(f"reason.{reason}")
    return own or reason.removeprefix(OTHER_REASON).rstrip(".")


def fact_title(fact: str, language: Language) -> str:
    """What a fact is called within a sentence."""
    return FACTS[fact].own.in_(language) if fact in FACTS else fact


def stated_words(fact: str, text: str, language: Language) -> str:
    """A fact's value as a file states it, in words; nothing stated: not documented."""
    if not text:
        return words("values", language)["not-documented"]
    if text == PASSED:
        return words("values", language)[PASSED]
    if text in ("yes", "no"):
        return yes_no(text == "yes", language)
    if fact in CHOICES and text in {choice.value for choice in CHOICES[fact]}:
        return choice_words(fact, text, language)
    try:
        Decimal(text)
    except InvalidOperation:
        return text
    return text if language == "en" else text.replace(".", ",")


def _number(reason: NumberChanged, language: Language) -> str:
    said = words(SUBJECT, language)
    if not reason.before:
        return said["number.given"].format(after=reason.after)
    parts = [
        counted(SUBJECT, language, f"number.{name}", count).format(count=count)
        for name, count in (
            ("offered", reason.offered),
            ("elsewhere", reason.elsewhere),
            ("gave_up", reason.gave_up),
            ("let_in", max(reason.let_in, 0)),
            ("moved-behind", max(-reason.let_in, 0)),
        )
        if count
    ]  # fmt: skip
    if reason.own_place:
        parts.append(said["number.own-place"])
    return said["number.changed"].format(
        before=reason.before, after=reason.after, because=numbers.listed(parts, language)
    )


def _corrected(reason: Corrected, language: Language) -> str:
    said = words(SUBJECT, language)
    text = said["correct" if reason.event == "correct" else "appeal-upheld-with"]
    return text.format(
        fact=fact_title(reason.fact, language),
        old=stated_words(reason.fact, reason.old, language),
        new=stated_words(reason.fact, reason.new, language),
        gives=said[f"gives.{reason.gives}"],
    )
