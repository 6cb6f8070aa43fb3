"""Writes the simulation's calibration anew: ``python -m docs.made.simulation_main ROOT``.

ROOT is the repository's folder.
"""

import sys
from pathlib import Path

from docs.made.simulation_document import calibration_document

if __name__ == "__main__":
    path = Path(sys.argv[1]) / "docs" / "calibration-simulated.md"
    path.write_text(calibration_document(), encoding="utf-8", newline="\n")
