"""The values of the closed lists, each with its words in three languages and its spellings."""

from __future__ import annotations

from dataclasses import dataclass

from admissions.model.vocabulary import LANGUAGES, Language
from admissions.model.wording import Wording
from admissions.model.wording import words as _w

YES = "yes y ja j true t 1 sann"
NO = "no n nei false f 0 usann"
PASSED = "passed"
"""The grade of a degree that has no mark but "passed"."""

PASSED_SPELLINGS = "passed pass bestått greidd"


@dataclass(frozen=True)
class Choice:
    """One value of a closed list; ``spellings`` mean it too, between spaces."""

    value: str
    words: Wording
    spellings: str = ""

    def texts(self) -> tuple[str, ...]:
        """Everything that means the value: itself, its words, its other spellings."""
        told = (self.words.in_(language) for language in LANGUAGES)
        return (self.value, *told, *self.spellings.split())


def _place(value: str, name: str) -> Choice:
    return Choice(value, _w(name, name, name))


CHOICES: dict[str, tuple[Choice, ...]] = {
    "sector": (
        Choice(
            "municipal",
            _w("kommunalt barnevern", "kommunalt barnevern", "municipal child welfare"),
            "kommunal kommunalt kommune",
        ),
        Choice(
            "state",
            _w("statlig barnevern", "statleg barnevern", "state child welfare"),
            "statlig statleg stat staten",
        ),
        Choice(
            "private",
            _w("privat barnevern", "privat barnevern", "private child welfare"),
            "privat",
        ),
        Choice(
            "none",
            _w("utenfor barnevernet", "utanfor barnevernet", "outside child welfare"),
            "ingen",
        ),
    ),
    "position": (
        Choice(
            "staff",
            _w("medarbeider", "medarbeidar", "member of staff"),
            "ansatt tilsett saksbehandler saksbehandlar",
        ),
        Choice("team-leader", _w("teamleder", "teamleiar", "team leader")),
        Choice("professional-lead", _w("fagleder", "fagleiar", "professional lead")),
        Choice(
            "deputy-leader",
            _w("stedfortreder", "stadfortredar", "deputy leader"),
            "nestleder nestleiar",
        ),
        Choice(
            "leader",
            _w("leder", "leiar", "leader"),
            "barnevernleder barnevernleiar barnevernsleder barnevernsleiar",
        ),
    ),
    "master": (
        Choice("none", _w("ingen", "ingen", "none")),
        Choice("relevant", _w("relevant", "relevant", "relevant")),
        Choice("other", _w("annen", "annan", "other"), "anna andre"),
    ),
    "region": (
        _place("oslo", "Oslo"),
        _place("bergen", "Bergen"),
        _place("trondheim", "Trondheim"),
        _place("tromso", "Tromsø"),
    ),
    "gender": (
        Choice("female", _w("kvinne", "kvinne", "woman"), "kvinnelig kvinneleg k f"),
        Choice("male", _w("mann", "mann", "man"), "mannlig mannleg m"),
        Choice("other", _w("annet", "anna", "other"), "annen"),
    ),
    "language": (
        Choice("nb", _w("bokmål", "bokmål", "bokmål")),
        Choice("nn", _w("nynorsk", "nynorsk", "nynorsk")),
        Choice("en", _w("engelsk", "engelsk", "English")),
    ),
    "grade_scale": (
        Choice("a-e", _w("A-E", "A-E", "A-E"), "ny"),
        Choice("old", _w("gammel", "gammal", "old"), "gamal"),
    ),
}
"""Every closed list by its column's name, its values in code order."""


def choice_words(name: str, value: str, language: Language) -> str:
    """The ``value`` of the closed list ``name`` in words."""
    return next(c.words for c in CHOICES[name] if c.value == value).in_(language)
