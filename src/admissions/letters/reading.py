"""Reads what letters tell of: from a result, or from a season as it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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
from admissions.model.files import Place, files_at, said_place
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
    place: Place,
    contacts: Contacts,
    otherwise: RoundSettings,
    *,
    person: str | None = None,
    offerings: Collection[str] | None = None,
) -> Everybody:
    """What the letters to everybody in the result at ``place`` tell; or that to ``person`` alone.

    ``otherwise``: who decides, where the round does not say; ``offerings``: whose decisions they
    tell of, None for all. Raises UsageError where the decisions lack what they must say, and
    PromiseBrokenError where the result's decisions are not what its inputs give.
    """
    run, decisions = decided_again(place)
    offered = decisions.loc[decisions["outcome"] == Outcome.OFFERED.value, "offering_id"]
    chosen = _chosen(run.round.offerings, offerings)
    answered = chosen & set(offered)
    own = deciders(run.round, chosen, answered=answered, otherwise=otherwise)
    reasons = _Reasons(run, decisions)
    ids, wished = decisions["person_id"].tolist(), decisions["offering_id"].tolist()
    told = partial(_as_decided, reasons, own)
    grouped = [list(group) for _, group in groupby(range(len(ids)), key=ids.__getitem__)]
    rows = [
        (all_rows, [row for row in all_rows if wished[row] in chosen])
        for all_rows in grouped
        if person in (None, ids[all_rows[0]])
    ]
    rows = [(all_rows, own_rows) for all_rows, own_rows in rows if own_rows]
    if person is not None and not rows:
        where = said_place(files_at(place))
        raise UsageError(message("results.no-person-in", person=person, place=where))
    people = (
        _person(ids[own_rows[0]], contacts, map(told, own_rows), whole=own_rows == all_rows)
        for all_rows, own_rows in rows
    )
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
    season: Season,
    first: Place,
    contacts: Contacts,
    otherwise: RoundSettings,
    *,
    person: str | None = None,
    changed_alone: bool = False,
    offerings: Collection[str] | None = None,
) -> Everybody:
    """What the letters to everybody (or ``person``) in ``season`` tell, as it stands.

    ``first``: the result that it began with; ``changed_alone``: to those alone whose state or
    waiting number the last call changed, or who stand among its offers with an extra seat (all,
    before there was one). Otherwise as ``told_of_result``.
    """
    run, decisions = decided_again(first)
    own_offerings = _chosen(run.round.offerings, offerings)
    own = deciders(season.round, own_offerings, otherwise=otherwise)
    found = histories(season)
    told_again = {
        offer.person_id
        for offer in season.offers.get(season.standing.call, ())
        if offer.offering_id in own_offerings
    }
    changed = {key[0] for key, one in found.items() if one.changed and key[1] in own_offerings}
    chosen = changed | told_again if changed_alone else {key[0] for key in found}
    if person is not None:
        if not season.standing.of(person):
            raise UsageError(message("season.nobody", person=person))
        chosen &= {person}
    told = _OfSeason(season, _Reasons(run, decisions), own)
    grouped = [list(group) for _, group in groupby(found, key=lambda key: key[0])]
    keys = [
        (all_keys, [key for key in all_keys if key[1] in own_offerings])
        for all_keys in grouped
        if all_keys[0][0] in chosen
    ]
    keys = [(all_keys, own_keys) for all_keys, own_keys in keys if own_keys]
    people = (
        _person(
            own_keys[0][0],
            contacts,
            (told.told(found[key]) for key in own_keys),
            whole=own_keys == all_keys,
        )
        for all_keys, own_keys in keys
    )
    anyone, last = next(iter(own.values())), season.standing.on
    later = len(season.events) > 1
    return Everybody(
        count=len(keys),
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


def _chosen(offerings: Collection[str], alone: Collection[str] | None) -> set[str]:
    """Those of ``offerings`` whose decisions are told. Raises UsageError where there is none."""
    chosen = set(offerings if alone is None else alone) & set(offerings)
    if not chosen:
        raise UsageError(message("letters.no-decisions"))
    return chosen


def _person(
    person: str, contacts: Contacts, told: Iterator[LetterTold], *, whole: bool
) -> LetterPerson:
    return LetterPerson(person, contacts.get(person, Contact()), tuple(told), whole)


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
