"""What an installation may set, each by an environment variable; without any, all has a default."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from admissions.model.errors import UsageError, first_error

PREFIX = "ADMISSIONS_"
MEBIBYTE = 2**20


class Settings(BaseModel):
    """The settings of one installation; ``ADMISSIONS_HOME`` sets ``home``, and so on.

    ``home`` is the folder of the SQLite file and of the key that signs local tokens. ``database``
    is an SQLAlchemy URL. The ``oidc`` settings go together: with them tokens of that issuer are
    accepted besides local ones, and ``oidc_grants`` names the TOML file that says what they may.
    ``rate_limit`` is per token; ``unpacked_bytes`` and ``upload_rows`` bound a part once unpacked;
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
    cors_origins: tuple[str, ...] = ()
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

    @property
    def database_url(self) -> str:
        """The URL of the store: ``database``, or the SQLite file in ``home``."""
        return self.database or f"sqlite:///{self.home.resolve() / 'admissions.sqlite3'}"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """The settings that ``environment`` states; an empty variable counts as unset.

    Raises UsageError for a value that cannot be used, or for an OIDC setting without the others.
    """
    stated = {
        name: environment[PREFIX + name.upper()]
        for name in Settings.model_fields
        if environment.get(PREFIX + name.upper())
    }
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
    return settings


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that give ``settings`` again, for a process of their own."""
    stated = settings.model_dump(mode="json", exclude_none=True)
    stated["home"] = str(settings.home.resolve())
    return {
        PREFIX + name.upper(): " ".join(value) if isinstance(value, list) else str(value)
        for name, value in stated.items()
    }
