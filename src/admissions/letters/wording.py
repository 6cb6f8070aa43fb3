"""A letter in words: the first page, then a part for each application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from admissions.explanation import phrases
from admissions.explanation.decisions import Outcome
from admissions.explanation.reach import within_reach
from admissions.explanation.reasons import Explanation
from admissions.explanation.rows import ReasonRow, criterion_rows, requirement_rows
from admissions.explanation.words import (
    change_words,
    offering_words,
    place_words,
    sentence,
    sums_words,
    version_words,
)
from admissions.letters.pages import Block, FactGrid, LetterPage, Paragraph, Part, Points, Section
from admissions.letters.templates import Looks
from admissions.letters.told import Everybody, LetterPerson, LetterTold
from admissions.model import numbers
from admissions.model.policy import Policy
from admissions.model.vocabulary import Language
from admissions.model.words import words
from admissions.season.history_words import happening_line
from admissions.season.states import HOLDING, State, state_wording

SUBJECT = "letters"
_OPEN = (Outcome.WAITING, Outcome.NOT_QUALIFIED)
_GAVE_WAY = (State.LAPSED, State.REPLACED)


@dataclass(frozen=True)
class Writer:
    """Writes letters of ``everybody``, one a person, each in its language."""

    everybody: Everybody
    looks: Looks

    def page(self, person: LetterPerson) -> LetterPage:
        """The letter to ``person``."""
        language = person.contact.language
        said = words(SUBJECT, language)
        part_of = _PartOf(person, self.everybody, self.looks, language)
        cases = {one.decider.case for one in person.applications}
        facts = [
            (said["date"], numbers.day(self.everybody.on, language)),
            (said["applicant"], person.id),
        ]
        if len(cases) == 1:
            facts.append((said["case"], cases.pop()))
        own = self.looks.of(person.institutions[0] if len(person.institutions) == 1 else "")
        after = own.template.after_answer
        return LetterPage(
            language=language,
            title=said["title-later" if self.everybody.later else "title"],
            date=self.everybody.on,
            senders=person.institutions,
            address=person.contact.lines,
            facts=tuple(facts),
            answer=(
                _headline(person, language),
                follows(person.main, person, self._policy, language),
            ),
            sections=(
                Section(said["heading.todo"], (Points(tuple(self._todo(person, language))),)),
                *_news(person, self.everybody, language),
                *_overview(person, language),
                *([Section("", (Paragraph(after.in_(language)),))] if after else []),
            ),
            parts=tuple(part_of.part(one) for one in person.applications),
            footer=f"{said['applicant']} {person.id}",
            page_words=said["page"],
        )

    @property
    def _policy(self) -> Policy:
        return self.everybody.policy

    def _todo(self, person: LetterPerson, language: Language) -> Iterator[str]:
        said = words(SUBJECT, language)
        offers = [one for one in person.applications if one.state is State.OFFERED]
        waiting = [one for one in person.applications if one.waits]
        for one in offers:
            assert one.deadline is not None  # noqa: S101 - an offer has one, or is refused before
            by = numbers.day(one.deadline, language)
            yield said["todo.answer"].format(to=_reached(one), deadline=by, person=person.id)
        if offers and waiting and self._policy.waiting_needs_yes:
            yield said["todo.name-waiting"]
        elif offers and any(w.offering.preference < offers[0].offering.preference for w in waiting):
            yield said["todo.keeps-waiting"]
        for one in () if offers else waiting:
            title = offering_words(one.offering, language)
            yield said["todo.leave"].format(offering=title, to=_reached(one))
        yield said["todo.check"]


@dataclass(frozen=True)
class _PartOf:
    """Writes the parts of one person's letter."""

    person: LetterPerson
    everybody: Everybody
    looks: Looks
    language: Language

    def part(self, told: LetterTold) -> Part:
        """The decision on one application."""
        language, decider = self.language, told.decider
        said = words(SUBJECT, language)
        template = self.looks.of(decider.institution).template
        before = template.before_regards
        closing = [Section("", (Paragraph(before.in_(language)),))] if before else []
        return Part(
            institution=decider.institution,
            heading=offering_words(told.offering, language),
            facts=(
                (said["case"], decider.case),
                (said["date"], numbers.day(self._decided_on(told), language)),
                (said["applicant"], self.person.id),
                (said["wish"], str(told.offering.preference)),
            ),
            answer=(
                self._answer(told),
                said["follows.waiting-here"]
                if told.waits
                else follows(told, self.person, self.everybody.policy, language),
            ),
            sections=(*self._sections(told), *closing),
            signature=(said["regards"], decider.signatory, decider.institution),
        )

    def _decided_on(self, told: LetterTold) -> dt.date:
        return told.decider.decided_on if told.as_decided else self.everybody.on

    def _answer(self, told: LetterTold) -> str:
        if told.explanation is not None and told.as_decided:
            return sentence(told.explanation.verdict, self.language)
        return state_sentence(told, self.language)

    def _sections(self, told: LetterTold) -> Iterator[Section]:
        said, language = words(SUBJECT, self.language), self.language
        if told.happenings:
            yield Section(said["heading.news"], tuple(self._happened(told)))
        read = told.corrected or told.explanation
        if read is not None:
            yield from self._reasons(told, read)
            yield Section(said["heading.rules"], tuple(_rules(told, read, language)))
        yield Section(said["heading.rights"], (Points(tuple(_rights(told, language))),))
        basis = self.looks.of(told.decider.institution).template.basis
        text = basis.in_(language) if basis else said["basis"]
        own = text if basis else text.format(institution=told.decider.institution)
        yield Section(said["heading.basis"], (Paragraph(own),))

    def _happened(self, told: LetterTold) -> Iterator[Block]:
        titles = self.everybody.titles[self.language]
        yield Points(tuple(happening_line(h, titles, self.language) for h in told.happenings))
        if told.explanation is not None:
            on = numbers.day(self.everybody.sealed_on, self.language)
            yield Paragraph(words(SUBJECT, self.language)["heading.first"].format(on=on))
            yield Paragraph(sentence(told.explanation.verdict, self.language))

    def _reasons(self, told: LetterTold, read: Explanation) -> Iterator[Section]:
        language = self.language
        yield Section(_heading("requirements", language), tuple(_requirements(read, language)))
        if read.rank:
            ranking: list[Block] = [
                Paragraph(phrases.HOW_RANKED.in_(language)),
                _criteria(criterion_rows(read, language), language),
            ]
            if read.equals != "lottery":
                ranking.append(Paragraph(phrases.TOGETHER[read.equals].in_(language)))
            if told.corrected is None:
                ranking.append(Points(tuple(place_words(read, language))))
            yield Section(_heading("ranking", language), tuple(ranking))
        if told.corrected is None and told.as_decided and read.verdict.outcome in _OPEN:
            yield Section(_heading("changes", language), tuple(_changes(told, read, language)))


def state_sentence(told: LetterTold, language: Language) -> str:
    """What has become of an application, in a sentence."""
    said, title = words(SUBJECT, language), offering_words(told.offering, language)
    if told.state is State.WAITING:
        if not told.waits:
            return said["answer.none"].format(offering=title)
        if not told.waiting_number:
            return said["answer.waiting-unnumbered"].format(offering=title)
        return said["answer.waiting"].format(offering=title, waiting=told.waiting_number)
    if told.explanation is not None and told.as_decided:
        return sentence(told.explanation.verdict, language)
    return said[f"answer.{told.state}"].format(offering=title)


def follows(told: LetterTold, person: LetterPerson, policy: Policy, language: Language) -> str:
    """What follows from how an application of ``person`` stands, in a sentence or two."""
    said = words(SUBJECT, language)
    if told.state is State.OFFERED and told.deadline is not None:
        by = numbers.day(told.deadline, language)
        return said["follows.answer"].format(deadline=by, lost=said[f"follows.{policy.silence}"])
    if told.waits:
        return said["follows.waiting"]
    if told.state in HOLDING:
        return said["follows.nothing"]
    if told.state in _GAVE_WAY or told.was_released:
        return said["follows.own-part" if person.has_a_seat_here else "follows.own-letter"]
    return said["follows.if-wrong"]


def _headline(person: LetterPerson, language: Language) -> str:
    waiting = [one for one in person.applications if one.waits]
    if person.main.waits and len(waiting) > 1:
        return words(SUBJECT, language)["answer.waiting-for-several"].format(count=len(waiting))
    if person.main.state is State.NOT_QUALIFIED and person.main.as_decided:
        title = offering_words(person.main.offering, language)
        return words(SUBJECT, language)["answer.not-qualified"].format(offering=title)
    return state_sentence(person.main, language)


def _reached(told: LetterTold) -> str:
    return told.decider.contact or told.decider.institution


def _news(person: LetterPerson, everybody: Everybody, language: Language) -> list[Section]:
    """What has happened since the call before, of all the person's applications."""
    titles = everybody.titles[language]
    alone = len(person.applications) == 1
    lines = [
        ("" if alone else f"{offering_words(one.offering, language)}: ")
        + happening_line(h, titles, language)
        for one in person.applications
        if one.history is not None
        for h in one.history.since_the_call_before
    ]
    if not lines:
        return []
    return [Section(words(SUBJECT, language)["heading.news"], (Points(tuple(lines)),))]


def _overview(person: LetterPerson, language: Language) -> list[Section]:
    if len(person.applications) == 1:
        return []
    said = words(SUBJECT, language)
    rows = tuple(
        (
            str(one.offering.preference),
            offering_words(one.offering, language),
            one.decider.institution,
            _short(one, language),
        )
        for one in person.applications
    )
    head = tuple(said[f"head.{name}"] for name in ("wish", "offering", "institution", "outcome"))
    heading = said["heading.overview" if person.whole else "heading.overview-here"]
    heading = heading.format(institution=", ".join(person.institutions))
    return [Section(heading, (FactGrid((2, 7, 5, 5), head, rows),))]


def _short(told: LetterTold, language: Language) -> str:
    said = words(SUBJECT, language)
    if told.state is State.OFFERED:
        return said["short.offered"]
    if told.state is State.WAITING and not told.waits:
        return said["short.none"]
    if told.was_released:
        return said["short.released"]
    if told.waits and told.waiting_number:
        return said["short.waiting"].format(waiting=told.waiting_number)
    text = state_wording(told.state).in_(language)
    return text[:1].upper() + text[1:]


def _heading(name: str, language: Language) -> str:
    return phrases.HEADINGS[name].in_(language)


def _requirements(read: Explanation, language: Language) -> Iterator[Block]:
    rows = requirement_rows(read, language)
    if not rows:
        yield Paragraph(phrases.NO_REQUIREMENTS.in_(language))
        return
    yield Paragraph((phrases.ALL_MET if read.rank else phrases.NOT_ALL_MET).in_(language))
    said = words(SUBJECT, language)
    head = tuple(said[f"head.{name}"] for name in ("requirement", "facts", "outcome"))
    yield FactGrid((8, 7, 4), head, tuple((_what(row), row.facts, row.result) for row in rows))


def _criteria(rows: list[ReasonRow], language: Language) -> FactGrid:
    said = words(SUBJECT, language)
    head = tuple(said[f"head.{name}"] for name in ("number", "criterion", "facts", "outcome"))
    return FactGrid(
        (1, 8, 6, 4), head, tuple((row.number, _what(row), row.facts, row.result) for row in rows)
    )


def _what(row: ReasonRow) -> tuple[str, ...]:
    title = f"– {row.title}" if row.is_part else row.title
    return (title, row.says) if row.says else (title,)


def _changes(told: LetterTold, read: Explanation, language: Language) -> Iterator[Block]:
    said, near = words(SUBJECT, language), within_reach(told.changes)
    if read.verdict.met is not None:
        better = offering_words(read.verdict.met, language)
        yield Paragraph(phrases.HAS_BETTER.in_(language).format(better))
    elif near:
        yield Paragraph(phrases.CHANGES.in_(language))
        yield Points(tuple(change_words(change, language) for change in near))
        if len(near) < len(told.changes):
            yield Paragraph(said["out-of-reach"])
    else:
        nothing = said["nothing-within-reach"] if told.changes else phrases.NO_CHANGE.in_(language)
        yield Paragraph(nothing)


def _rules(told: LetterTold, read: Explanation, language: Language) -> Iterator[Block]:
    url = told.decider.rules_url
    lines = [*version_words(read.rules, language)]
    if url:
        lines.append(words(SUBJECT, language)["rules-url"].format(url=url))
    yield Points((*lines, *sums_words(read.rules, language)))


def _rights(told: LetterTold, language: Language) -> Iterator[str]:
    said, decider = words(SUBJECT, language), told.decider
    yield phrases.ACCESS.in_(language)
    yield phrases.APPEAL.in_(language)
    yield said["appeal-how"]
    yield phrases.APPEAL_TO.in_(language).format(decider.institution)
    yield phrases.APPEAL_BODY.in_(language).format(decider.appeal_body)
    if decider.contact:
        yield said["questions"].format(contact=decider.contact)
