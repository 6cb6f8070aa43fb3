"""Binds letters into one file to print.

It is for paper: it has the letters' pages, and none of what their structure tells a screen reader.
That would take as much memory as all else together, and nobody is sent this file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PRINT = "print.pdf"


def bind(letters: Iterable[Path], out: Path) -> None:
    """Writes the pages of the PDFs ``letters``, one letter after the other, to ``out``.

    A blank page follows an odd number of them: printed on both sides, each letter begins on a sheet
    of its own.
    """
    import pikepdf

    bound = pikepdf.new()
    for path in letters:
        with pikepdf.open(path) as letter:
            for page in letter.pages:
                if "/StructParents" in page.obj:
                    del page.obj.StructParents
            bound.pages.extend(letter.pages)
            if len(letter.pages) % 2:
                width, height = (float(side) for side in letter.pages[0].mediabox[2:])
                bound.add_blank_page(page_size=(width, height))
    bound.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
