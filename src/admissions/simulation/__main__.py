"""Writes the simulation's calibration anew: ``python -m admissions.simulation ROOT``.

ROOT is the repository's folder.
"""

import sys
from pathlib import Path

from admissions.simulation.document import calibration_document

if __name__ == "__main__":
    path = Path(sys.argv[1]) / "docs" / "calibration-simulated.md"
    path.write_text(calibration_document(), encoding="utf-8", newline="\n")
