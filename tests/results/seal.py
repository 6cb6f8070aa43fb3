"""Makes the sealed result folder of this release: ``python -m tests.results.seal``.

Once a release, by the release itself: the folders of earlier ones are never made anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from admissions.model.version import __version__
from tests.acceptance.command import run_installed

SEALED = Path(__file__).parent / "sealed"
ROUND = SEALED / "round"


def main() -> None:
    ran = run_installed(
        "allocate", ROUND, "--scenario", "coordinated-2019", "--out", SEALED / __version__
    )
    sys.stdout.write(ran.said)
    raise SystemExit(ran.code)


if __name__ == "__main__":
    main()
