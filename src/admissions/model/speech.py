"""What a kind of rule or limit says of itself, from the file of words that stands beside it.

``words/<kind>.toml`` in the folder of the kind's module has the entries ``name`` and ``sentence``,
and where there is more to say ``amount`` (how much one of the kind counts, in the fewest words) and
``details`` (what the published rules say besides: too much for a decision about one person). A text
names the parameters in braces. A value with words of its own has them as ``<parameter>.<value>``
(``not_documented.last``); how other values are said stands at the parameter, as ``Said``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from admissions.model import numbers
from admissions.model.values import yes_no
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.model.words import WordsError, inflected, read_wordings


@dataclass(frozen=True)
class Said:
    """Stands at a parameter (``Annotated``): how its values are said."""

    say: Callable[[Any, Language], str]


class Speaking:
    """A kind that tells what it does; mixed into the pydantic classes of rules and limits."""

    @classmethod
    def kind_id(cls) -> str:
        """The kind, as rulebooks name it."""
        raise NotImplementedError

    @classmethod
    def kind_words(cls) -> Mapping[str, Wording]:
        """All words of the kind. Raises WordsError where there are none, or not enough."""
        return _words_beside(cls.kind_id(), inspect.getfile(cls))

    @classmethod
    def kind_name_in(cls, language: Language) -> str:
        """What the kind is called."""
        return cls.kind_words()["name"].in_(language)

    def sentence_in(self, language: Language) -> str:
        """What it says, with its thresholds, in one or two sentences."""
        return self.says("sentence", language)

    def text_in(self, language: Language) -> str:
        """All that it says, every parameter in it, as the published rules have it."""
        told = (self.sentence_in(language), self.says("details", language))
        return " ".join(text for text in told if text)

    def amount_in(self, language: Language) -> str:
        """How much it counts, in the fewest words; "" where there is nothing to say."""
        return self.says("amount", language)

    def says(self, key: str, language: Language) -> str:
        """The text ``key`` of the kind with what it names put in; "" where it has none."""
        wording = self.kind_words().get(key)
        if wording is None:
            return ""
        text = wording.in_(language)
        spoken = {name: self.spoken(name, language) for name in gaps(text)}
        return inflected(text, spoken).format(**spoken)

    def spoken(self, name: str, language: Language) -> str:
        """What stands for ``name`` in a text: the parameter's value, unless a kind knows better."""
        value = getattr(self, name)
        own = self.kind_words().get(f"{name}.{str(value).lower()}")
        if own is not None:
            return own.in_(language)
        field = getattr(type(self), "model_fields", {}).get(name)
        for marker in field.metadata if field else ():
            if isinstance(marker, Said):
                return marker.say(value, language)
        return _plainly(value, language)


def gaps(text: str) -> set[str]:
    """The names that stand in braces in ``text``."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@cache
def _words_beside(kind: str, module: str) -> Mapping[str, Wording]:
    path = Path(module).parent / "words" / f"{kind}.toml"
    if not path.is_file():
        raise WordsError(f"there is no {path.parent.name}/{path.name} beside its module")
    found = read_wordings(path)
    lacking = [key for key in ("name", "sentence") if key not in found]
    if lacking:
        raise WordsError(f"{path.name} has no entry {lacking[0]!r}")
    return found


def _plainly(value: Any, language: Language) -> str:
    if isinstance(value, bool):
        return yes_no(value, language)
    if isinstance(value, int):
        return numbers.whole(value, language)
    if isinstance(value, tuple | list):
        return numbers.listed([str(each) for each in value], language, "or")
    return str(value)
