"""Where a rule is from, as each language writes it: what a page is called stays as it is called."""

from __future__ import annotations

import re

from admissions.model.vocabulary import Language
from admissions.model.words import wordings

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
    for wording in wordings("citations").values():
        cited = re.sub(rf"\b{re.escape(wording.en)}\b", wording.in_(language), cited)
    return cited
