"""Lays out the whole documentation for MkDocs: python -m docs.made FOLDER."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from docs.made import catalogue, picture, rulebooks

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
PARTS_HERE = "<!-- The table of parts stands here in the documentation that is made. -->\n"


def made_pages() -> dict[str, str]:
    """Every page and picture that is made, by its path in the documentation."""
    architecture = (DOCS / "architecture.md").read_text(encoding="utf-8")
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return {
        "rules/catalogue.md": catalogue.page(ROOT),
        **rulebooks.pages(),
        "assets/architecture.svg": picture.svg(),
        "architecture.md": architecture.replace(PARTS_HERE, picture.table()),
        "contributing.md": contributing.replace("](docs/", "]("),
    }


def main(folder: Path) -> None:
    """Copies what is written by hand and writes what is made into ``folder``, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, folder, ignore=shutil.ignore_patterns("made", "__pycache__"))
    for name, text in made_pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
