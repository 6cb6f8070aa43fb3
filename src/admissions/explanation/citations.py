"""Where a rule is from, as each language writes it: what a page is called stays as it is called."""

from __future__ import annotations

import re

from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.model.wording import words as _w

_WORDS: dict[str, Wording] = {
    "programme page": _w("studieside", "studieside", "programme page"),
    "study plan": _w("studieplan", "studieplan", "study plan"),
    "general rules for points": _w(
        "generelle poengregler", "generelle poengreglar", "general rules for points"
    ),
    "general admission rules": _w(
        "generelle opptaksregler", "generelle opptaksreglar", "general admission rules"
    ),
    "competition points": _w("konkurransepoeng", "konkurransepoeng", "competition points"),
    "on employers' recommendation": _w(
        "om anbefaling fra arbeidsgiver",
        "om tilråding frå arbeidsgivar",
        "on employers' recommendation",
    ),
    "undated": _w("uten dato", "utan dato", "undated"),
    "autumn": _w("høsten", "hausten", "autumn"),
    "spring": _w("våren", "våren", "spring"),
    "chapter": _w("kapittel", "kapittel", "chapter"),
    "Table": _w("tabell", "tabell", "Table"),
    "scenario": _w("scenario", "scenario", "scenario"),
    "and": _w("og", "og", "and"),
}
"""The words of the program's own citations, besides names and titles."""

_REMARK = re.compile(r": [^;]*|, read as[^;]*| \((?!undated)[^)]*\)")
"""What a source adds of its content; a citation does without."""


def citation(source: str, language: Language) -> str:
    """``source`` as a citation; in Norwegian its English words put into Norwegian.

    ``citation("HVL, study plan Barnets beste, autumn 2022", "nn")`` is "HVL, studieplan Barnets
    beste, hausten 2022".
    """
    if language == "en":
        return source
    cited = _REMARK.sub("", source)
    for english, wording in _WORDS.items():
        cited = re.sub(rf"\b{re.escape(english)}\b", wording.in_(language), cited)
    return cited
