"""Backups are taken under load and restored whole; stores of earlier releases are migrated."""

from __future__ import annotations

import json
import os
import re
import stat
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from admissions_api.keeping.erasing import erase_person
from admissions_api.settings import Settings
from admissions_api.store.audit import Actor, append, verify
from tests.acceptance.command import run
from tests.api.earlier import RELEASES, laid_out, moved_to
from tests.api.installation import DATABASES, Api, database, running
from tests.api.rounds import done, filled


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("ADMISSIONS_HOME", str(tmp_path / "data"))
    with running(tmp_path) as api:
        filled(api)
        yield api


def test_a_backup_is_taken_while_others_write_and_fills_an_empty_home(
    lived: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            with lived.installation.store.writing() as session:
                append(session, Actor("kari", "office", "uis"), "tried", "nothing")

    writer = threading.Thread(target=write)
    writer.start()
    file = tmp_path / "one.backup"
    made = run("backup", file, "--json")
    ended.set()
    writer.join()
    assert made.code == 0, made.said
    told = json.loads(made.out)
    assert told["findings"] == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        names = sorted(archive.namelist())
        assert names == ["admissions.sqlite3", "backup.json", "token-key.json"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    home = tmp_path / "restored"
    monkeypatch.setenv("ADMISSIONS_HOME", str(home))
    restored = run("restore", file, "--json")
    assert restored.code == 0, restored.said
    assert json.loads(restored.out) == told, "the chain is that of the moment"
    assert {stat.S_IMODE((home / name).stat().st_mode) for name in names if name[0] in "at"} == {
        0o600
    }
    token = lived.token("coordinator")
    with running(tmp_path / "other", home=home) as api:
        answer = api.client.get("/v1/rounds/vaar", headers={"Authorization": f"Bearer {token}"})
        assert answer.json()["state"] == "open", "earlier tokens are good"


def test_a_backup_is_not_restored_over_something_and_not_from_anything(
    lived: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one.backup"
    assert run("backup", file).code == 0
    again = run("backup", file, "--language", "en")
    assert (again.code, "exists" in again.err) == (2, True)
    over = run("restore", file, "--language", "nn")
    assert (over.code, "tomt" in over.err) == (2, True)
    monkeypatch.setenv("ADMISSIONS_HOME", str(tmp_path / "empty"))
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(file.read_bytes()[:-200])
    for wrong in (damaged, tmp_path / "none"):
        refused = run("restore", wrong)
        assert refused.code == 2, refused.said
    assert not (tmp_path / "empty" / "admissions.sqlite3").exists()
    nothing = run("backup", tmp_path / "two.backup")
    assert nothing.code == 2
    monkeypatch.setenv("ADMISSIONS_DATABASE", "postgresql://x@127.0.0.1/y")
    assert "pg_dump" in run("backup", tmp_path / "three.backup").err


def test_a_backup_whose_rows_were_changed_is_told(
    lived: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one.backup"
    assert run("backup", file).code == 0
    changed = tmp_path / "changed.backup"
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(changed, "w") as other:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "admissions.sqlite3":
                data = data.replace(b"2099-01-01T11", b"2098-01-01T11", 1)
            other.writestr(name, data)
    monkeypatch.setenv("ADMISSIONS_HOME", str(tmp_path / "empty"))
    told = run("restore", changed, "--language", "en")
    assert told.code == 1
    assert "rounds/vaar" in told.out or "entry" in told.out


def test_the_commands_erase_and_copy_a_person(lived: Api, tmp_path: Path) -> None:
    out = tmp_path / "p3.zip"
    copied = run("export", "--person", "p3", "--out", out, "--language", "en")
    assert copied.code == 0, copied.said
    with zipfile.ZipFile(out) as archive:
        held = json.loads(archive.read("person.json"))
    assert held["person_id"] == "p3"
    assert any(one["held"].get("bachelor_grade") == "3.7" for one in held["stored"])
    erased = run("erase", "--person", "p3", "--reason", "asked for", "--by", "kari", "--json")
    assert erased.code == 0, erased.said
    parts_that_name_p3 = 2  # p3 applied at uis and at vid
    staffs_of_t2 = 1  # what is agreed of p3's service now; T1's has no p3
    assert json.loads(erased.out)["blobs"] == parts_that_name_p3 + staffs_of_t2
    assert (
        "Nothing"
        in run("export", "--person", "p3", "--out", tmp_path / "n", "--language", "en").out
    )
    told = run("audit", "verify", "--language", "en")
    assert told.code == 0, told.said
    assert "by kari (asked for)" in told.out
    assert run("erase", "--reason", "x").code == 2
    assert run("erase", "--round", "none", "--reason", "x").code == 2
    assert run("erase", "--round", "vaar", "--reason", " ").code == 2
    assert run("erase", "--round", "vaar", "--reason", "over", "--by", "kari").code == 0
    assert run("audit", "verify").code == 0


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize("release", RELEASES)
def test_the_store_of_an_earlier_release_is_migrated_and_its_chain_holds(
    release: str, kind: str, tmp_path: Path
) -> None:
    """It is read, a season is begun or goes on, somebody is erased, and a new round is opened."""
    home = tmp_path / "data"
    laid_out(release, home)
    with database(kind, f"admissions_old_{os.getpid()}") as url:
        if url is not None:
            moved_to(url, home)
        api = Api(
            Settings.model_validate({"home": home, "database": url, "workers": 0, "readers": 0})
        )
        with api.installation.store.reading() as session:
            found = verify(session)
        assert (found.entries >= 8, found.findings) == (True, ())
        office, own = api.headers("office", "vid"), api.headers("coordinator")
        (row,) = api.client.get("/v1/allocations", headers=office).json()["items"]
        url_ = f"/v1/allocations/{row['id']}"
        assert api.client.get(f"{url_}/decisions", headers=office).json()["total"] == 3
        season = f"/v1/rounds/{row['round']}"
        began = api.client.post(f"{season}/season", json={"on": "2019-06-03"}, headers=own)
        assert began.status_code == (201 if release == "0.1.0" else 409), began.text
        done(api, api.client.post(f"{season}/calls", json={"on": "2019-07-01"}, headers=own), own)
        done(api, api.client.post(f"{url_}/verifications", headers=office), office)
        filled(api, id="new")
        erase_person(api.installation.store, "p1", "asked for", Actor("kari", "operator"))
        with api.installation.store.reading() as session:
            assert verify(session).findings == ()
        api.close()


def test_a_store_of_each_release_is_kept() -> None:
    """Whoever releases keeps one: ``python -m tests.api.earlier``."""
    changes = (Path(__file__).parents[2] / "CHANGELOG.md").read_text()
    released = re.findall(r"^## (\d+\.\d+\.\d+)", changes, re.M)
    assert set(released) <= set(RELEASES)
