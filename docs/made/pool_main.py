"""Writes the shipped round and its calibration: ``python -m docs.made.pool_main ROOT``.

ROOT is the repository's folder.
"""

import sys
from pathlib import Path

from docs.made.shipped import YEAR, calibration_document, shipped_round

if __name__ == "__main__":
    root = Path(sys.argv[1])
    files = {f"scenarios/rounds/{YEAR}/{name}": text for name, text in shipped_round().items()}
    files["docs/calibration.md"] = calibration_document()
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
