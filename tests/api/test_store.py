"""The store: its schema is the migrations', and no change of the audit chain goes unseen."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from admissions.model.errors import UsageError
from admissions_api.store import Store, get_blob, put_blob
from admissions_api.store.audit import Actor, append, verify
from admissions_api.store.tables import Base
from tests.acceptance.command import run
from tests.api.installation import DATABASES, database

KARI = Actor("kari", "office", "uis")


@pytest.fixture(params=DATABASES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with database(request.param, f"store_{abs(hash(tmp_path)) % 10**9}") as url:
        one = Store(url or f"sqlite:///{tmp_path / 'one.sqlite3'}")
        one.migrate()
        yield one
        one.close()


def test_the_migrations_give_the_tables_that_the_program_uses(store: Store) -> None:
    store.migrate()
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_only_its_owner_can_read_the_file_of_a_store(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    store = Store(f"sqlite:///{tmp_path / 'admissions.sqlite3'}")
    store.migrate()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    store.close()
    assert modes["admissions.sqlite3"] == 0o600
    assert set(modes.values()) == {0o600}, "what it writes ahead too"


def test_a_write_that_fails_leaves_nothing_and_no_entry(store: Store) -> None:
    def half() -> None:
        with store.writing() as session:
            put_blob(session, b"half")
            append(session, KARI, "tried", "nothing")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with store.reading() as session:
        assert verify(session).entries == 0
        assert session.execute(text("SELECT count(*) FROM blobs")).scalar() == 0


def three_entries(store: Store) -> list[str]:
    hashes = []
    for number in (1, 2, 3):
        with store.writing() as session:
            sha256 = put_blob(session, f"document {number}".encode())
            hashes.append(append(session, KARI, "sent", f"thing-{number}", sha256=sha256))
    return hashes


def test_an_untouched_chain_is_whole(store: Store) -> None:
    hashes = three_entries(store)
    with store.reading() as session:
        found = verify(session, expected=hashes[0])
        assert (found.entries, found.head, found.findings) == (3, hashes[2], ())


def test_entries_cannot_be_changed_or_removed(store: Store) -> None:
    three_entries(store)
    for statement in ("UPDATE audit SET actor = 'ola'", "DELETE FROM audit WHERE sequence = 3"):
        with pytest.raises(DatabaseError, match="append-only"), store.writing() as session:
            session.execute(text(statement))


def without_triggers(store: Store, *statements: str) -> None:
    drops = (
        ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete")
        if store.sqlite
        else ("DROP TRIGGER audit_append_only ON audit",)
    )
    with store.writing() as session:
        for statement in (*drops, *statements):
            session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE audit SET actor = 'ola' WHERE sequence = 2", "entry 2 (sent): was changed"),
        ("UPDATE audit SET at = '2020' WHERE sequence = 1", "entry 1 (sent): was changed"),
        ("UPDATE audit SET details = '{}' WHERE sequence = 2", "entry 2 (sent): was changed"),
        ("DELETE FROM audit WHERE sequence = 2", "expected entry 2; one is missing"),
        ("DELETE FROM audit WHERE sequence = 3", "not where its head says"),
        ("UPDATE audit SET sequence = 9 WHERE sequence = 3", "expected entry 3"),
        ("UPDATE audit_head SET sequence = 2", "not where its head says"),
        ("DELETE FROM blobs", "the chain names them, but they are gone"),
    ],
)
def test_every_change_is_found(store: Store, statement: str, says: str) -> None:
    three_entries(store)
    without_triggers(store, statement)
    with store.reading() as session:
        findings = verify(session).findings
        assert any(says in finding for finding in findings), findings


def test_changed_bytes_are_found(store: Store) -> None:
    three_entries(store)
    blank = "x'00'" if store.sqlite else "'\\x00'::bytea"
    without_triggers(store, f"UPDATE blobs SET data = {blank}")
    with store.reading() as session:
        assert len(verify(session).findings) == 3


def test_a_chain_cut_off_with_its_head_is_found_by_a_hash_noted_earlier(store: Store) -> None:
    hashes = three_entries(store)
    without_triggers(
        store,
        "DELETE FROM audit WHERE sequence = 3",
        f"UPDATE audit_head SET sequence = 2, hash = '{hashes[1]}'",
    )
    with store.reading() as session:
        assert verify(session).findings == ()
        assert verify(session, expected=hashes[2]).findings == (
            f"no entry has the hash {hashes[2]}",
        )


def test_the_same_bytes_have_other_names_each_time_so_that_no_guess_can_be_tried(
    store: Store,
) -> None:
    names = []
    for _ in range(2):
        with store.writing() as session:
            names.append(put_blob(session, b"the same"))
    assert names[0] != names[1]
    with store.reading() as session:
        assert [get_blob(session, name) for name in names] == [b"the same"] * 2


@pytest.mark.parametrize("url", ["mysql://x/y", "no url"])
def test_other_databases_are_refused_with_what_is_expected(url: str) -> None:
    with pytest.raises(UsageError, match="ADMISSIONS_DATABASE"):
        Store(url)


def test_the_command_verifies_the_chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store(f"sqlite:///{tmp_path / 'admissions-data' / 'admissions.sqlite3'}")
    store.migrate()
    three_entries(store)
    whole = run("audit", "verify")
    assert whole.code == 0
    assert whole.out.startswith("3 entries, nothing was changed.")
    without_triggers(store, "UPDATE audit SET actor = 'ola' WHERE sequence = 2")
    store.close()
    changed = run("audit", "verify")
    assert changed.code == 1
    assert "entry 2 (sent): was changed after it was written" in changed.out
    for language, told in (
        ("nb", "oppføring 2 (sent): ble endret etter at den var skrevet"),
        ("nn", "oppføring 2 (sent): blei endra etter at ho var skriven"),
    ):
        assert told in run("audit", "verify", "--language", language).out
