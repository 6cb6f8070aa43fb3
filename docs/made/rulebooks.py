"""The rules of every offering as prose, in the three languages."""

from __future__ import annotations

from admissions.explanation.rulebook_words import rulebook_text
from admissions.model.resources import shipped
from admissions.model.vocabulary import LANGUAGES, Language
from admissions.rulebooks.catalogue import dated_entries
from admissions.rulebooks.rulebook import load_rulebooks

NAMES: dict[Language, str] = {"nb": "bokmål", "nn": "nynorsk", "en": "English"}

INTRO = """\
# The rules in words

What `admissions rules show ID --prose` prints, for every offering and date: the text is made from
the objects that rank. See also [what counts where](../how-to/compare-rules.md).

| offering | site | | | |
|---|---|---|---|---|
"""


def pages() -> dict[str, str]:
    """A page an offering and language, and a page that lists them."""
    found: dict[str, str] = {}
    rows = []
    for offering, rulebook in load_rulebooks(shipped("rules")).items():
        links = []
        for language in LANGUAGES:
            texts = [
                rulebook_text(rulebook, dated.entry, dated.valid_to, language)
                for dated in dated_entries(rulebook)
            ]
            first, *later = texts
            below = [f"\n#{text}".replace("\n## ", "\n### ") for text in later]
            body = "\n".join([first, *below])
            name = f"{offering}.{language}.md"
            found[f"rulebooks/{name}"] = f'<div lang="{language}" markdown>\n\n{body}\n</div>\n'
            links.append(f"[{NAMES[language]}]({name})")
        rows.append(f"| {rulebook.programme.en} | {rulebook.site} | {' | '.join(links)} |")
    return {"rulebooks/index.md": INTRO + "\n".join(rows) + "\n", **found}
