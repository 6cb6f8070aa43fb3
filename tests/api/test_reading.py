"""What others send is read within limits: text counted before it is made, time, memory, turns."""

from __future__ import annotations

import io
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from admissions.model.errors import InputError
from admissions_api.problems import ProblemError
from admissions_api.reading import Readers
from admissions_api.settings import MEBIBYTE, Settings
from admissions_api.uploads import read_upload
from tests.api.installation import Api, running
from tests.api.rounds import UIS, opened, zipped
from tests.api.tasks import ends, forever, greedy, refuses

CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
)
WORKBOOK = (
    '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="applicants" sheetId="1" r:id="r1"/></sheets></workbook>'
)


def workbook(text: str, rows: int, quote: str = '"') -> bytes:
    """A workbook that states ``text`` once and whose ``rows`` cells all hold it."""
    cell = "<row><c t='s'><v>0</v></c></row>".replace("'", quote)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{text}</t></si></sst>")
        sheet = f"<worksheet><sheetData>{cell * rows}</sheetData></worksheet>"
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return file.getvalue()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One resident reader with little time and memory."""
    limits: dict[str, Any] = {"readers": 1, "reading_seconds": 3, "reading_bytes": 256 * MEBIBYTE}
    with running(tmp_path_factory.mktemp("small"), **limits) as one:
        opened(one)
        yield one


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_text_that_many_cells_share_counts_once_for_each_cell(small: Api, quote: str) -> None:
    bomb = workbook("x" * 1_000_000, 9_000, quote)
    assert len(bomb) < 100_000, "it comes in small, and unpacks to two megabytes"
    answer = small.client.post(
        "/v1/rounds/vaar/parts/uis/check", content=bomb, headers=small.headers("office", "uis")
    )
    assert answer.status_code == 413
    assert "9000000000 bytes of text" in answer.json()["detail"]


def test_one_long_text_beside_many_short_ones_is_no_bomb(small: Api) -> None:
    """A long remark in one cell: the bound by the longest text is too high, the count is not."""
    texts = "".join(f"<si><t>{text}</t></si>" for text in ("remark" * 20_000, "x"))
    rows = "<row><c t='s'><v>0</v></c></row>" + "<row><c t='s'><v>1</v></c></row>" * 2_000
    file = io.BytesIO(workbook("", 0))
    with zipfile.ZipFile(file) as plain:
        parts = {name: plain.read(name) for name in plain.namelist()}
    parts["xl/sharedStrings.xml"] = f"<sst>{texts}</sst>".encode()
    parts["xl/worksheets/sheet1.xml"] = (
        f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    )
    answer = small.client.post(
        "/v1/rounds/vaar/parts/uis/check",
        content=zipped(parts),
        headers=small.headers("office", "uis"),
    )
    assert answer.status_code == 422, "it is read, and is no round"


def test_a_part_is_read_in_the_reader_as_in_the_server(small: Api) -> None:
    answer = small.client.post(
        "/v1/rounds/vaar/parts/uis/check",
        content=zipped(UIS),
        headers=small.headers("office", "uis"),
    )
    assert (answer.status_code, answer.json()["applicants"]) == (200, 3)
    wrong = zipped({**UIS, "applications.csv": UIS["applications.csv"] + "p9,uis-juss,1\n"})
    answer = small.client.post(
        "/v1/rounds/vaar/parts/uis/check", content=wrong, headers=small.headers("office", "uis")
    )
    assert [error["value"] for error in answer.json()["errors"]] == ["p9"]


@pytest.mark.parametrize("mebibytes", [128, 1024, 2048])
def test_a_small_part_is_read_whatever_memory_is_set(mebibytes: int, tmp_path: Path) -> None:
    """What libraries set aside counts: one that claims all that is set leaves nothing to read in.

    1,024 MiB is what an installation has that sets nothing.
    """
    settings = Settings(home=tmp_path, readers=1, reading_bytes=mebibytes * MEBIBYTE)
    readers = Readers(settings)
    try:
        part = anyio.run(readers.run, read_upload, zipped(UIS), ("uis-juss",), settings, None)
    finally:
        readers.close()
    assert len(part.applicants) == 3


def reader(small: Api) -> Readers:
    return small.installation.readers


@pytest.mark.parametrize(
    ("function", "says"), [(forever, "3 seconds"), (greedy, "256 MiB"), (ends, "256 MiB")]
)
def test_what_takes_too_much_is_ended_and_said(
    small: Api, function: Callable[[], None], says: str
) -> None:
    with pytest.raises(ProblemError, match=says) as told:
        anyio.run(reader(small).run, function)
    assert told.value.status == 413
    assert anyio.run(reader(small).run, os.getpid) != os.getpid(), "the next one is read"


def test_an_error_comes_back_whole(small: Api) -> None:
    with pytest.raises(InputError) as told:
        anyio.run(reader(small).run, refuses)
    assert (told.value.count, told.value.problems[0].file) == (4, "a.csv")


def test_a_reader_that_was_killed_is_started_again(small: Api) -> None:
    (one,) = reader(small)._all
    assert one._process is not None
    one._process.kill()
    one._process.wait()
    assert anyio.run(reader(small).run, os.getpid) != os.getpid()


def test_who_waits_for_a_turn_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("admissions_api.turns.TURN_SECONDS", 0.1)
    readers = Readers(Settings(home=tmp_path, readers=0))
    free = threading.Event()

    async def two() -> int:
        async with anyio.create_task_group() as group:
            group.start_soon(readers.run, free.wait)
            await anyio.sleep(0.05)
            with pytest.raises(ProblemError) as told:
                await readers.run(os.getpid)
            free.set()
        return told.value.status

    assert anyio.run(two) == 503
