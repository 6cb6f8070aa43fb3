"""What an installation may set, each by an environment variable; without any, all has a default.

pydantic checks the values. Where they come from is read here and not by pydantic-settings: that
takes a misspelt ``ADMISSIONS_…`` without a word, knows no ``…_FILE`` beside each variable, and has
no environment to give to a worker; with these three written for it, it would be more code.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from admissions.model.errors import UsageError, first_error

PREFIX = "ADMISSIONS_"
_OTHERS = ("SETTINGS", "DEBUG", "RULES", "TEST_DATABASE")
"""Variables that are no settings of an installation."""
_FOREVER = "none"
MEBIBYTE = 2**20


class Settings(BaseModel):
    """The settings of one installation; ``ADMISSIONS_HOME`` sets ``home``, and so on.

    ``home`` is the folder of the SQLite file and of the key that signs local tokens. ``database``
    is an SQLAlchemy URL. The ``oidc`` settings go together: with them tokens of that issuer are
    accepted besides local ones, and ``oidc_grants`` names the TOML file that says what they may.
    With ``oidc_client_id`` people sign in at that issuer; ``oidc_request`` is what it is asked for
    besides, as a query: ``acr_values=substantial&prompt=login``.
    ``root_path`` is under which path of a site a proxy serves it, ``forwarded_from`` whose
    ``X-Forwarded-…`` are believed. ``rate_limit`` is per token; ``unpacked_bytes`` and
    ``upload_rows`` bound a part once unpacked;
    ``readers`` is how many are read at a time, each for ``reading_seconds`` at most and with
    ``reading_bytes`` of memory (0: in the server itself and unbounded, for tests);
    ``keep_…_days`` are how long answers for repeats, results of jobs, and rounds once closed are
    kept (None: until they are erased by command).
    ``niceness`` is by how much workers stand behind the server; ``job_seconds`` is the longest a
    job may run.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Path("admissions-data")
    database: str | None = None
    oidc_issuer: str | None = None
    oidc_jwks_url: str | None = None
    oidc_audience: str = "admissions"
    oidc_grants: Path | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_request: str = ""
    cors_origins: tuple[str, ...] = ()
    root_path: Annotated[str, Field(pattern=r"^(/[^/]+)*$")] = ""
    forwarded_from: str = "127.0.0.1"
    rate_limit: str = "6000/minute"
    unpacked_bytes: Annotated[int, Field(ge=1024)] = 64 * MEBIBYTE
    upload_rows: Annotated[int, Field(ge=1)] = 200_000
    readers: Annotated[int, Field(ge=0, le=64)] = 2
    reading_seconds: Annotated[int, Field(ge=1)] = 30
    reading_bytes: Annotated[int, Field(ge=64 * MEBIBYTE)] = 1024 * MEBIBYTE
    keep_answers_days: Annotated[int, Field(ge=1)] | None = 30
    keep_reads_days: Annotated[int, Field(ge=1)] | None = 730
    keep_results_days: Annotated[int, Field(ge=1)] | None = None
    keep_rounds_days: Annotated[int, Field(ge=1)] | None = None
    workers: Annotated[int, Field(ge=0, le=64)] = 1
    niceness: Annotated[int, Field(ge=0, le=19)] = 10
    job_seconds: Annotated[int, Field(ge=1)] = 3600

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator(
        "keep_answers_days", "keep_reads_days", "keep_results_days", "keep_rounds_days",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _forever(cls, value: object) -> object:
        return None if value == _FOREVER else value

    @property
    def database_url(self) -> str:
        """The URL of the store: ``database``, or the SQLite file in ``home``."""
        return self.database or f"sqlite:///{self.home.resolve() / 'admissions.sqlite3'}"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """The settings that ``environment`` states; an empty variable counts as unset.

    ``ADMISSIONS_SETTINGS`` names a TOML file with settings, over which variables win; a name with
    ``_FILE`` after it names a file that holds the one value, as secrets come. Raises UsageError for
    a name that is no setting, a value that cannot be used, or an OIDC setting without the others.
    """
    given = {name: value for name, value in environment.items() if value}
    _refuse_unknown(given)
    stated: dict[str, object] = _in_file(given.get(f"{PREFIX}SETTINGS"))
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if f"{variable}_FILE" in given:
            stated[name] = _text_of(given[f"{variable}_FILE"]).strip()
        if variable in given:
            stated[name] = given[variable]
    try:
        settings = Settings.model_validate(stated)
    except ValidationError as error:
        raise UsageError(f"{PREFIX}…: {first_error(error)}") from None
    together = (settings.oidc_issuer, settings.oidc_jwks_url, settings.oidc_grants)
    if any(together) and not all(together):
        raise UsageError(
            f"{PREFIX}OIDC_ISSUER, {PREFIX}OIDC_JWKS_URL and {PREFIX}OIDC_GRANTS go together. "
            "Maybe one is missing."
        )
    if settings.oidc_client_id and not settings.oidc_issuer:
        raise UsageError(
            f"{PREFIX}OIDC_CLIENT_ID goes with {PREFIX}OIDC_ISSUER. Maybe that is missing."
        )
    return settings


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """``environment`` without what states settings, for a process that gets them as they are."""
    stated = _variables() | {f"{PREFIX}SETTINGS"}
    return {name: value for name, value in environment.items() if name not in stated}


def _variables() -> set[str]:
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    return names | {f"{name}_FILE" for name in names}


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raises UsageError for a variable that means to be a setting and is none."""
    known = _variables() | {PREFIX + name for name in _OTHERS}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            close = difflib.get_close_matches(name, sorted(known), n=1)
            meant = close[0] if close else "one of those in docs/api.md"
            raise UsageError(f"{name} is no setting. Maybe {meant}.")


def _in_file(path: str | None) -> dict[str, object]:
    if path is None:
        return {}
    try:
        found = tomllib.loads(_text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: {error}") from None
    for name in found:
        if name not in Settings.model_fields:
            close = difflib.get_close_matches(name, Settings.model_fields, n=1)
            meant = close[0] if close else ", ".join(Settings.model_fields)
            raise UsageError(f"{path}: {name} is no setting. Maybe {meant}.")
    return found


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise UsageError(f"{path} cannot be read: {why}") from None


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that give ``settings`` again, for a process of their own."""
    held = settings.model_dump(mode="json")
    stated = {
        name: _FOREVER if value is None else value
        for name, value in held.items()
        if value is not None or name.startswith("keep_")
    }
    stated["home"] = str(settings.home.resolve())
    return {
        PREFIX + name.upper(): " ".join(value) if isinstance(value, list) else str(value)
        for name, value in stated.items()
    }
