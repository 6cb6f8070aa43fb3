"""Sources as citations: no English in Norwegian, and names and titles as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from admissions.explanation.citations import citation
from admissions.model.resources import shipped
from admissions.model.vocabulary import Language
from admissions.rulebooks.rulebook import Version, load_rulebooks

CITED = [
    (
        "HVL, study plan Vurderinger av barnets beste, autumn 2022; VID, programme page "
        "Minoritetskompetanse i barnevernet, 2024",
        "HVL, studieplan Vurderinger av barnets beste, høsten 2022; VID, studieside "
        "Minoritetskompetanse i barnevernet, 2024",
        "HVL, studieplan Vurderinger av barnets beste, hausten 2022; VID, studieside "
        "Minoritetskompetanse i barnevernet, 2024",
    ),
    (
        "UiT, general admission rules (undated): grade average to one decimal",
        "UiT, generelle opptaksregler (uten dato)",
        "UiT, generelle opptaksreglar (utan dato)",
    ),
    (
        "statusmåling 2, §3.3.3 and Table 3-3 (11 applicants left out)",
        "statusmåling 2, §3.3.3 og tabell 3-3",
        "statusmåling 2, §3.3.3 og tabell 3-3",
    ),
]


@pytest.mark.parametrize(("english", "nb", "nn"), CITED)
def test_a_source_is_cited_in_the_readers_language(english: str, nb: str, nn: str) -> None:
    assert citation(english, "en") == english
    assert citation(english, "nb") == nb
    assert citation(english, "nn") == nn


ENGLISH = re.compile(
    r"\b(the|of|and|from|with|to|page|plan|rules?|points?|autumn|spring|table|chapter|read|as|"
    r"experience|education|relevant experience|applicants?|general|equal|an?)\b",
    re.IGNORECASE,
)


def _sources() -> Iterator[str | None]:
    for rulebook in load_rulebooks(shipped("rules")).values():
        for entry in rulebook.versions:
            yield entry.source
            if isinstance(entry, Version):
                yield from (rule.source for one in entry.rules() for rule in one.with_summands())
                yield from (limit.source for limit in entry.limits)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_shipped_source_has_english_in_norwegian(language: Language) -> None:
    sources = sorted({source for source in _sources() if source})
    assert len(sources) > 10
    for source in sources:
        cited = citation(source, language)
        assert cited
        assert not ENGLISH.search(cited), cited
