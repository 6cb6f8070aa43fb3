"""Stores of earlier releases, kept in ``old/``; ``python -m tests.api.earlier`` keeps this one's.

Once a release, by the release itself: those of earlier ones are never made anew.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, select, text

from admissions.model.version import __version__
from admissions_api.store.engine import MIGRATIONS, Store
from admissions_api.tokens import KEY_FILE
from tests.api.installation import running
from tests.api.rounds import allocated, done, filled

OLD = Path(__file__).parent / "old"
RELEASES = sorted(file.stem for file in OLD.glob("*.zip"))
DATABASE = "admissions.sqlite3"


def laid_out(release: str, home: Path) -> None:
    """The folder of an installation of ``release``, with its SQLite file and its key."""
    home.mkdir()
    with zipfile.ZipFile(OLD / f"{release}.zip") as archive:
        archive.extractall(home)
    (home / KEY_FILE).chmod(0o600)


def moved_to(url: str, home: Path) -> None:
    """Has PostgreSQL's database at ``url`` hold what the SQLite file in ``home`` does, as it is.

    Its tables are made by the migrations of that release, and no later one.
    """
    old = create_engine(f"sqlite:///{home / DATABASE}")
    new = Store(url)
    with old.connect() as source, new.engine.begin() as target:
        revision = source.scalar(text("SELECT version_num FROM alembic_version"))
        config = Config()
        config.set_main_option("script_location", MIGRATIONS)
        config.attributes["connection"] = target
        command.upgrade(config, str(revision))
        there, here = MetaData(), MetaData()
        there.reflect(source)
        here.reflect(target)
        target.execute(here.tables["audit_head"].delete())
        for table in here.sorted_tables:
            if table.name != "alembic_version":
                rows = [
                    dict(row) for row in source.execute(select(there.tables[table.name])).mappings()
                ]
                if rows:
                    target.execute(table.insert(), rows)
    old.dispose()
    new.close()
    (home / DATABASE).unlink()


def main() -> None:
    """Keeps a store in which a round was decided, and its season has come to a second call."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with running(folder) as api:
            own = api.headers("coordinator")
            allocated(api, filled(api))
            url = "/v1/rounds/vaar"
            api.client.post(f"{url}/season", json={"on": "2019-06-03"}, headers=own)
            asked = api.client.post(f"{url}/calls", json={"on": "2019-06-20"}, headers=own)
            done(api, asked, own)
        with zipfile.ZipFile(OLD / f"{__version__}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name in (DATABASE, KEY_FILE):
                archive.write(folder / "data" / name, name)
    sys.stdout.write(f"{OLD.name}/{__version__}.zip\n")


if __name__ == "__main__":
    main()
