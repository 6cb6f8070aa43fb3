"""What a season has made of each application, with the letter of how it was first decided."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.vocabulary import Language
from admissions.model.words import words
from admissions.results.letters import Letter, all_letters, letters
from admissions.results.season import read_season
from admissions.season.history import History, histories
from admissions.season.history_words import SUBJECT, history_text, offering_titles
from admissions.season.season import Season
from admissions.season.standing import Key


@dataclass(frozen=True)
class Worded:
    """Many histories, made one by one: how many, and each as it is asked for."""

    count: int
    letters: Iterator[ToldHistory]


@dataclass(frozen=True)
class ToldHistory:
    """One application of a season: its history, the first decision's letter, and both as text.

    ``letter``: None for an application that came late.
    """

    history: History
    letter: Letter | None
    text: str

    def table(self) -> dict[str, Any]:
        """Everything as plain values, for JSON; each reason says by ``is`` which kind it is."""
        own = asdict(self.history)
        for told, one in zip(own["happenings"], self.history.happenings, strict=True):
            told["reason"] = {"is": type(one.reason).__name__, **told["reason"]}
        decided = None if self.letter is None else self.letter.table()
        return {"history": own, "first_decision": decided, "text": self.text}


def told_history(
    place: Path, person: str, offering: str | None, language: Language
) -> list[ToldHistory]:
    """The histories of ``person`` (for ``offering`` alone) in the season at ``place``.

    Raises UsageError for an unknown person or offering.
    """
    season = read_season(place)
    own = season.standing.of(unicodedata.normalize("NFC", person.strip()))
    if not own:
        raise UsageError(message("season.nobody", person=person))
    keys = [one.key for one in own if offering in (None, one.offering_id)]
    if not keys:
        wished = [one.offering_id for one in own]
        raise UsageError(
            message("season.no-application", person=person, offering=offering, own=wished)
        )
    decided = [key for key in keys if key in _first(season)]
    first = letters(place / "call-1", keys[0][0], offering, language) if decided else []
    found, titles = histories(season), offering_titles(season.resolved, language)
    by_offering = {one.explanation.verdict.offering.id: one for one in first}
    return [_told(found[key], by_offering.get(key[1]), titles, language) for key in keys]


def told_histories(place: Path, offering: str | None, language: Language) -> Worded:
    """The histories of everybody (for ``offering`` alone), by person and preference."""
    season = read_season(place)
    first = all_letters(place / "call-1", offering, language)
    chosen = [h for h in histories(season).values()
              if offering in (None, h.application.offering_id)]  # fmt: skip
    return Worded(len(chosen), _each(season, chosen, first.letters, language))


def _each(
    season: Season, chosen: Sequence[History], first: Iterator[Letter], language: Language
) -> Iterator[ToldHistory]:
    """The first decision's letters come in the same order; late applications have none."""
    decided, titles = _first(season), offering_titles(season.resolved, language)
    for history in chosen:
        letter = next(first) if history.application.key in decided else None
        yield _told(history, letter, titles, language)


def _first(season: Season) -> set[Key]:
    return {one.key for one in season.beginning.applications}


def _told(
    history: History, letter: Letter | None, titles: Mapping[str, str], language: Language
) -> ToldHistory:
    text = history_text(history, titles, language)
    if letter is not None:
        heading = words(SUBJECT, language)["first-decision"]
        text = f"{text}\n\n{heading}\n\n{letter.text}"
    return ToldHistory(history, letter, text)
