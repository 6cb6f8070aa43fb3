"""Nynorsk allows several spellings of many words; the program keeps to one of each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import admissions
from admissions.explanation import phrases
from admissions.model.facts_described import FACTS
from admissions.model.wording import Wording

ONE_SPELLING = {
    "også": ["òg"],
    "blei": ["vart"],
    "gir": ["gjev"],
    "gi": ["gje"],
    "gitt": ["gjeve"],
    "gitte": ["gjevne"],
    "givast": ["gjevast"],
    "oppgir": ["oppgjev"],
    "oppgitt": ["oppgjeve"],
    "oppgitte": ["oppgjevne"],
    "arbeidsgivar": ["arbeidsgjevar"],
    "frigitte": ["frigjevne"],
    "namngitt": ["namngjeven", "namngjeve"],
    "høgst": ["høyst", "høgest"],
    "høgste": ["høgaste", "høyeste"],
    "stadfortredar": ["stedfortredar"],
    "stadfortredarar": ["stedfortredarar"],
    "bestått": ["greidd"],
    "inndata": ["inndataa"],
    "framfor": ["framføre"],
    "saman": ["sammen"],
    "nokon": ["nokre", "nogen"],
    "mogleg": ["mogeleg", "muleg"],
    "korleis": ["åssen"],
    "søkjar": ["søkar"],
    "søkjarar": ["søkarar"],
    "tilråding": ["anbefaling"],
    "tilsette": ["ansatte"],
    "veke": ["uke"],
    "berre": ["bare", "kun"],
    "vere": ["vera"],
    "seie": ["seia"],
    "leiar": ["leder"],
}
"""The spelling kept, and others that nynorsk or bokmål has for the same word."""


def _texts() -> Iterator[tuple[str, str]]:
    """Every text in nynorsk that the program says, with where it stands."""
    for name, value in vars(phrases).items():
        yield from ((name, text) for text in _of(value))
    for name, fact in FACTS.items():
        for wording in (fact.title, fact.phrase, fact.own, fact.detail):
            yield from ((name, text) for text in _of(wording))
    for path in sorted(Path(admissions.__file__).parent.rglob("words/**/*.toml")):
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        yield from ((path.name, text) for text in _of(found))


def _of(value: Any) -> Iterator[str]:
    if isinstance(value, Wording):
        yield value.nn
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from [part] if name == "nn" and isinstance(part, str) else _of(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _of(part)


def test_each_word_has_one_spelling_in_nynorsk() -> None:
    others = {other: kept for kept, spellings in ONE_SPELLING.items() for other in spellings}
    texts = list(_texts())
    assert len(texts) > 300
    wrong = [
        (where, word, f"write {others[word]}")
        for where, text in texts
        for word in re.findall(r"[a-zæøåéòô]+", text.lower())
        if word in others
    ]
    assert wrong == []
