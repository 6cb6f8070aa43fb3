"""Explanations of an allocation: made once in its job, stored, and read an institution at a time.

They are one blob: a zip with a file an offering, in it a line a person.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any

from pydantic_core import to_json
from sqlalchemy.orm import Session

from admissions.explanation.words import letter
from admissions.model.files import Files
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.results.files import packed, unpacked
from admissions.results.letters import Letter, all_letters
from admissions_api.store import get_blob
from admissions_api.store.tables import ExplanationsRow

Shown = dict[str, Any]
"""One decision explained: ``person_id``, ``explanation``, ``changes``, and ``text`` by language."""


def made_explanations(folder: Files, told: Callable[[int, int], None]) -> bytes:
    """The explanations of everybody in the result ``folder``; ``told`` is how many are made."""
    found = all_letters(folder, None, LANGUAGES[0])
    lines: dict[str, list[bytes]] = {}
    for number, one in enumerate(found.letters, 1):
        offering = one.explanation.verdict.offering.id
        lines.setdefault(offering, []).append(to_json(_line(one)))
        told(number, found.count)
    return packed({_file(o): b"\n".join(own) for o, own in sorted(lines.items())})


def explanations_of(data: bytes, persons: Collection[str]) -> bytes:
    """The explanations in ``data`` that are of ``persons``; none tells of anybody else."""
    return packed(
        {
            name: b"\n".join(
                line
                for line in content.split(b"\n")
                if line and json.loads(line)["person_id"] in persons
            )
            for name, content in unpacked(data).items()
        }
    )


def _line(one: Letter) -> Shown:
    texts = {language: letter(one.explanation, one.changes, language) for language in LANGUAGES}
    return {"person_id": one.explanation.person_id, **one.table(), "text": texts}


def _file(offering: str) -> str:
    return f"{offering}.jsonl"


class Explanations:
    """What is stored of one allocation."""

    def __init__(self, data: bytes) -> None:
        self._files = unpacked(data)

    def at(self, offerings: Collection[str], language: Language) -> Iterator[Shown]:
        """The explanations at ``offerings``, by offering and person, ``text`` in ``language``."""
        for offering in sorted(offerings):
            for line in self._files.get(_file(offering), b"").split(b"\n"):
                if not line:
                    continue
                shown: Shown = json.loads(line)
                shown["text"] = shown["text"][language]
                yield shown


def stored_explanations(session: Session, allocation_id: str) -> Explanations | None:
    """The explanations of an allocation; None where it was made before they were stored."""
    row = session.get(ExplanationsRow, allocation_id)
    return None if row is None else Explanations(get_blob(session, row.sha256))
