"""Reads what letters tell of: from a result, or from a season as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path

import pandas as pd

from admissions.allocation.run import Run, allocate_fast
from admissions.explanation import Explainer, Explanation
from admissions.explanation.build import OfferingNames
from admissions.explanation.counterfactuals import Counterfactuals
from admissions.explanation.decisions import Outcome, decide_outcomes
from admissions.explanation.reasons import FactChange, OfferingName
from admissions.intake.contacts import Contact
from admissions.letters.deciders import Decider, deciders
from admissions.letters.told import Everybody, LetterPerson, LetterTold
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.policy import Policy
from admissions.model.round import RoundSettings
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.results.letters import decided_again
from admissions.results.season import is_season, read_season
from admissions.rulebooks.scenario import ResolvedScenario
from admissions.season.history import History, histories
from admissions.season.history_words import offering_titles
from admissions.season.season import Season
from admissions.season.standing import Key
from admissions.season.states import State

FIRST_CALL = "call-1"

Contacts = Mapping[str, Contact]


def told_of_result(
    place: Path, contacts: Contacts, otherwise: RoundSettings, *, person: str | None = None
) -> Everybody:
    """What the letters to everybody in the result at ``place`` tell; or that to ``person`` alone.

    ``otherwise``: who decides, where the round does not say. Raises UsageError where the decisions
    lack what they must say, and PromiseBrokenError where the result's decisions are not what its
    inputs give.
    """
    run, decisions = decided_again(place)
    offered = decisions.loc[decisions["outcome"] == Outcome.OFFERED.value, "offering_id"]
    own = deciders(
        run.round, run.round.offerings, answered=sorted(set(offered)), otherwise=otherwise
    )
    reasons = _Reasons(run, decisions)
    ids = decisions["person_id"].tolist()
    told = partial(_as_decided, reasons, own)
    grouped = [list(group) for _, group in groupby(range(len(ids)), key=ids.__getitem__)]
    rows = [own_rows for own_rows in grouped if person in (None, ids[own_rows[0]])]
    _refuse_nobody(person, len(rows), place)
    people = (_person(ids[own_rows[0]], contacts, map(told, own_rows)) for own_rows in rows)
    anyone = next(iter(own.values()))
    return Everybody(
        count=len(rows),
        people=people,
        on=anyone.decided_on,
        policy=run.round.policy or Policy(),
        later=False,
        sealed_on=anyone.decided_on,
        signatory=anyone.signatory,
        titles=_titles(run.scenario),
    )


def told_of_season(
    place: Path,
    contacts: Contacts,
    otherwise: RoundSettings,
    *,
    person: str | None = None,
    changed_alone: bool = False,
) -> Everybody:
    """What the letters to everybody (or ``person``) in the season at ``place`` tell, as it stands.

    ``changed_alone``: to those alone whose state or waiting number the last call changed, or who
    stand among its offers with an extra seat (all, before
    there was one). Raises as ``told_of_result``.
    """
    season = read_season(place)
    run, decisions = decided_again(place / FIRST_CALL)
    own = deciders(season.round, run.round.offerings, otherwise=otherwise)
    found = histories(season)
    told_again = {offer.person_id for offer in season.offers.get(season.standing.call, ())}
    changed = {key[0] for key, one in found.items() if one.changed} | told_again
    chosen = changed if changed_alone else {key[0] for key in found}
    if person is not None:
        _refuse_nobody(person, len(season.standing.of(person)), place)
        chosen &= {person}
    told = _OfSeason(season, _Reasons(run, decisions), own)
    keys = [list(group) for _, group in groupby(found, key=lambda key: key[0])]
    people = (
        _person(own_keys[0][0], contacts, (told.told(found[key]) for key in own_keys))
        for own_keys in keys
        if own_keys[0][0] in chosen
    )
    anyone, last = next(iter(own.values())), season.standing.on
    later = len(season.events) > 1
    return Everybody(
        count=len(chosen),
        people=people,
        on=last if later and last is not None else anyone.decided_on,
        policy=season.policy,
        later=later,
        sealed_on=anyone.decided_on,
        signatory=anyone.signatory,
        titles=_titles(season.resolved),
    )


def people_of(place: Path) -> list[str]:
    """Everybody's id in the result or season at ``place``, sorted."""
    if is_season(place):
        return read_season(place).standing.persons
    run, _ = decided_again(place)
    return sorted(str(one) for one in run.round.applicants["person_id"])


def _refuse_nobody(person: str | None, count: int, place: Path) -> None:
    if person is not None and not count:
        raise UsageError(message("results.no-person-in", person=person, place=str(place)))


def _person(person: str, contacts: Contacts, told: Iterator[LetterTold]) -> LetterPerson:
    return LetterPerson(person, contacts.get(person, Contact()), tuple(told))


def _titles(resolved: ResolvedScenario) -> dict[Language, Mapping[str, str]]:
    return {language: offering_titles(resolved, language) for language in LANGUAGES}


class _Reasons:
    """The reasons of one run's applications; what they share is worked out once."""

    def __init__(self, run: Run, decisions: pd.DataFrame) -> None:
        self._explainer = Explainer(run, decisions)
        self._counterfactuals = Counterfactuals(run)
        self.names = OfferingNames(run)
        keys = zip(decisions["person_id"].tolist(), decisions["offering_id"].tolist(), strict=True)
        self.row = {key: row for row, key in enumerate(keys)}

    def explanation(self, row: int) -> Explanation:
        """Why the application in ``row`` was decided so."""
        return self._explainer.explain(row)

    def changes(self, row: int) -> tuple[FactChange, ...]:
        """What would have changed it."""
        return self._counterfactuals.changes(row)


def _as_decided(reasons: _Reasons, own: Mapping[str, Decider], row: int) -> LetterTold:
    explanation = reasons.explanation(row)
    verdict = explanation.verdict
    decider, offered = own[verdict.offering.id], verdict.outcome is Outcome.OFFERED
    return LetterTold(
        verdict.offering,
        State(verdict.outcome.value),
        decider,
        explanation,
        verdict.waiting_number,
        decider.answer_deadline if offered else None,
        reasons.changes(row),
    )


class _OfSeason:
    """Tells of a season's applications."""

    def __init__(self, season: Season, first: _Reasons, own: Mapping[str, Decider]) -> None:
        self._season = season
        self._first = first
        self._own = own
        self._otherwise = _Corrected(season, first)

    def told(self, history: History) -> LetterTold:
        """One application as it stands, with its first decision's reasons where it had one."""
        one = history.application
        row = self._first.row.get(one.key)
        explanation = None if row is None else self._first.explanation(row)
        told = LetterTold(
            offering=self._otherwise.name(one.key),
            state=one.state,
            decider=self._own[one.offering_id],
            explanation=explanation,
            waiting_number=one.waiting_number,
            deadline=one.deadline,
            history=history,
        )
        if explanation is None or told.was_corrected:
            return replace(told, corrected=self._otherwise.explanation(one.key))
        if row is None or not told.as_decided:
            return told
        return replace(told, changes=self._first.changes(row))


class _Corrected:
    """The reasons that the facts as they are now would give, worked out when asked for."""

    def __init__(self, season: Season, first: _Reasons) -> None:
        self._season = season
        self._first = first
        self._now: _Reasons | None = None

    def name(self, key: Key) -> OfferingName:
        """The application's offering, as the person knows it."""
        reasons = self._first if key in self._first.row else self._reasons
        return reasons.names.of(reasons.row[key])

    def explanation(self, key: Key) -> Explanation:
        """Its rules read with the facts as they are now."""
        return self._reasons.explanation(self._reasons.row[key])

    @property
    def _reasons(self) -> _Reasons:
        if self._now is None:
            run = allocate_fast(self._season.round_now, self._season.resolved)
            self._now = _Reasons(run, decide_outcomes(run))
        return self._now
