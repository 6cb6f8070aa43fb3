"""How much everybody's letters take: 655 people's, what would have changed them included.

Run with: python benchmarks/letters.py
CPU seconds of the whole command on one core, and its peak memory; the yardstick is one
``numpy.lexsort`` of a million rows by two keys, taken in the same run. Targets: 40 s and 400 MB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import admissions
from admissions.model.resources import shipped

COMMAND = str(Path(sys.executable).with_name("admissions"))
TEMPLATE = """[decision]
decided_on = 2019-06-03
signatory = "Nobody"
appeal_body = "Nobody's"
answer_deadline = 2019-06-12
"""


def main() -> None:
    draw = np.random.Generator(np.random.PCG64(1))
    keys = draw.integers(0, 2**40, 1_000_000), draw.integers(0, 1000, 1_000_000)
    begun = time.process_time()
    np.lexsort(keys)
    yardstick = time.process_time() - begun
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "template.toml").write_text(TEMPLATE)
        round_ = shipped("scenarios") / "rounds" / "2019"
        admissions.allocate(round_, "coordinated-2019").write(folder / "result")
        subprocess.run(
            [COMMAND, "letters", folder / "result", "--out", folder / "letters", "--template",
             folder / "template.toml"],
            check=True,
        )  # fmt: skip
        size = sum(path.stat().st_size for path in (folder / "letters").rglob("*.pdf"))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime
    print(f"| yardstick | {yardstick:.3f} | 1.00 | |")
    print(f"| 655 letters | {seconds:.1f} | {seconds / yardstick:.0f} | 40 s |")
    print(f"| peak memory | {used.ru_maxrss // 1024} MiB | | 400 MB |")
    print(f"| PDFs, with the one to print | {size / 1e6:.0f} MB | | |")


if __name__ == "__main__":
    main()
