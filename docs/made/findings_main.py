"""Writes the findings anew from a simulation: ``python -m docs.made.findings_main FOLDER ROOT``.

FOLDER is the result folder of the command that ``docs/findings.md`` shows, ROOT the repository's.
"""

import sys
from pathlib import Path

from admissions.model.output_table import csv_text
from docs.made.findings_document import findings_document
from docs.made.findings_figures import COLUMNS, read_result

if __name__ == "__main__":
    folder, root = Path(sys.argv[1]), Path(sys.argv[2])
    figures, run = read_result(folder)
    text = findings_document(figures, run)
    place = root / "docs"
    (place / "findings").mkdir(exist_ok=True)
    (place / "findings.md").write_text(text, encoding="utf-8", newline="\n")
    used = csv_text(COLUMNS, figures.used())
    (place / "findings" / "figures.csv").write_text(used, encoding="utf-8", newline="\n")
    copied = (folder / "simulation.json").read_text(encoding="utf-8")
    (place / "findings" / "simulation.json").write_text(copied, encoding="utf-8", newline="\n")
