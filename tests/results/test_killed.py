"""What a run leaves that is killed while it writes: removed by the next one that writes there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from admissions.model.lock import alone_in
from admissions.results.files import write_folder


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folder")
def test_what_a_killed_run_left_goes_and_what_another_writes_stays(tmp_path: Path) -> None:
    left, held, others, not_ours = (
        tmp_path / name
        for name in (".out.1.partial", ".out.2.partial", ".out2.1.partial", ".out.old.partial")
    )
    for folder in (left, held, others, not_ours):
        (folder / "letters").mkdir(parents=True)
        (folder / "letters/p.pdf").write_bytes(b"a person's")
    with alone_in(held) as free:
        assert free
        write_folder({"sign": b""}, tmp_path / "out", overwrite=False, sign="sign")
        assert held.is_dir()
    assert not left.exists()
    assert others.is_dir()
    assert not_ours.is_dir()
    write_folder({"sign": b""}, tmp_path / "out", overwrite=True, sign="sign")
    assert not held.exists()
