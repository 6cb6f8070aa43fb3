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
class ListedValue:
    """One value of a closed list; ``spellings`` mean it too, between spaces."""

    value: str
    words: Wording
    spellings: str = ""

    def texts(self) -> tuple[str, ...]:
        """Everything that means the value: itself, its words, its other spellings."""
        told = (self.words.in_(language) for language in LANGUAGES)
        return (self.value, *told, *self.spellings.split())


def _place(value: str, name: str) -> ListedValue:
    return ListedValue(value, _w(name, name, name))


CHOICES: dict[str, tuple[ListedValue, ...]] = {
    "sector": (
        ListedValue(
            "municipal",
            _w("kommunalt barnevern", "kommunalt barnevern", "municipal child welfare"),
            "kommunal kommunalt kommune",
        ),
        ListedValue(
            "state",
            _w("statlig barnevern", "statleg barnevern", "state child welfare"),
            "statlig statleg stat staten",
        ),
        ListedValue(
            "private",
            _w("privat barnevern", "privat barnevern", "private child welfare"),
            "privat",
        ),
        ListedValue(
            "none",
            _w("utenfor barnevernet", "utanfor barnevernet", "outside child welfare"),
            "ingen",
        ),
    ),
    "position": (
        ListedValue(
            "staff",
            _w("medarbeider", "medarbeidar", "member of staff"),
            "ansatt tilsett saksbehandler saksbehandlar",
        ),
        ListedValue("team-leader", _w("teamleder", "teamleiar", "team leader")),
        ListedValue("professional-lead", _w("fagleder", "fagleiar", "professional lead")),
        ListedValue(
            "deputy-leader",
            _w("stedfortreder", "stadfortredar", "deputy leader"),
            "nestleder nestleiar",
        ),
        ListedValue(
            "leader",
            _w("leder", "leiar", "leader"),
            "barnevernleder barnevernleiar barnevernsleder barnevernsleiar",
        ),
    ),
    "master": (
        ListedValue("none", _w("ingen", "ingen", "none")),
        ListedValue("relevant", _w("relevant", "relevant", "relevant")),
        ListedValue("other", _w("annen", "annan", "other"), "anna andre"),
    ),
    "region": (
        _place("oslo", "Oslo"),
        _place("bergen", "Bergen"),
        _place("trondheim", "Trondheim"),
        _place("tromso", "Tromsø"),
    ),
    "gender": (
        ListedValue("female", _w("kvinne", "kvinne", "woman"), "kvinnelig kvinneleg k f"),
        ListedValue("male", _w("mann", "mann", "man"), "mannlig mannleg m"),
        ListedValue("other", _w("annet", "anna", "other"), "annen"),
    ),
    "language": (
        ListedValue("nb", _w("bokmål", "bokmål", "bokmål")),
        ListedValue("nn", _w("nynorsk", "nynorsk", "nynorsk")),
        ListedValue("en", _w("engelsk", "engelsk", "English")),
    ),
    "grade_scale": (
        ListedValue("a-e", _w("A-E", "A-E", "A-E"), "ny"),
        ListedValue("old", _w("gammel", "gammal", "old"), "gamal"),
    ),
}
"""Every closed list by its column's name, its values in code order."""


def choice_words(name: str, value: str, language: Language) -> str:
    """The ``value`` of the closed list ``name`` in words."""
    return next(c.words for c in CHOICES[name] if c.value == value).in_(language)
