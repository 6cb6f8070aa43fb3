"""What an installation grants to whoever an issuer's token speaks for: a TOML file, read again.

[[grants]]
claim = ["consumer", "ID"]            # Maskinporten: the organisation
value = "0192:971040238"
role = "office"
institution = "uis"

[[grants]]
claim = ["sub"]                       # ID-porten, Feide: the person's pseudonym
value = "Xb2…"
role = "leader"
service = "S002"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from admissions.model.errors import UsageError, first_error
from admissions_api.institutions import institutions
from admissions_api.tokens import SCOPES, Caller, Role, TokenRefusedError

LOOK_SECONDS = 2
"""So often the file is looked at for changes."""
_log = structlog.get_logger("admissions.grants")


class Grant(BaseModel):
    """Whoever's token has ``value`` at ``claim`` (a path into the claims) has this role.

    Where a list stands on the way, one of its items is enough.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: tuple[str, ...] = Field(min_length=1)
    value: str
    role: Role
    institution: str | None = None
    service: str | None = None
    person: str | None = None

    @model_validator(mode="after")
    def _scoped(self) -> Grant:
        needed = SCOPES.get(self.role)
        for name in SCOPES.values():
            if (getattr(self, name) is not None) != (name == needed):
                expected = f"{needed} alone" if needed else "no institution, service or person"
                raise ValueError(f"a grant of {self.role} states {expected}")
        if self.institution is not None and self.institution not in institutions():
            known = ", ".join(institutions())
            raise ValueError(f"there is no institution {self.institution!r}. Maybe one of: {known}")
        return self

    @property
    def scope(self) -> str:
        """The institution, service or person, or ""."""
        return self.institution or self.service or self.person or ""

    def fits(self, claims: Any) -> bool:
        """Whether ``claims`` have the value."""
        return self.value in _at(claims, self.claim)


class _Grants(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    grants: tuple[Grant, ...]


def read_grants(path: Path) -> tuple[Grant, ...]:
    """The grants in the TOML file at ``path``. Raises UsageError for one that cannot be used."""
    try:
        return _Grants.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).grants
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from None
    except ValidationError as error:
        raise UsageError(f"{path}: {first_error(error)}") from None


class GrantFile:
    """The grants of a file, as it stands now; while it cannot be used those before stand."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._grants = read_grants(path)
        self._version = self._stated()
        self._looked = monotonic()

    def now(self) -> tuple[Grant, ...]:
        """The grants."""
        if monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = monotonic()
            self._look()
        return self._grants

    def _look(self) -> None:
        version = self._stated()
        if version == self._version:
            return
        self._version = version
        try:
            self._grants = read_grants(self._path)
            _log.info("grants read again", grants=len(self._grants))
        except UsageError as error:
            _log.error("grants cannot be used, those before stand", why=str(error))

    def _stated(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def granted(claims: dict[str, Any], grants: Sequence[Grant]) -> Caller:
    """Who ``claims`` speak for; of several grants the claims ``role`` and so on choose one.

    Raises TokenRefusedError where nothing is granted, or more than one is left.
    """
    fitting = _fitting(claims, grants)
    chosen = [grant for grant in fitting.values() if len(fitting) == 1 or _chooses(claims, grant)]
    if len(chosen) != 1:
        offered = sorted({grant.role for grant in fitting.values()})
        raise TokenRefusedError(
            f"the token is granted several roles ({', '.join(offered)}); its claim role must say "
            "which, and institution, service or person for which"
        )
    return Caller(claims["sub"], chosen[0].role, chosen[0].scope)


def all_granted(claims: dict[str, Any], grants: Sequence[Grant]) -> tuple[Caller, ...]:
    """Everything that ``claims`` may be, for somebody who chooses. Raises TokenRefusedError."""
    return tuple(Caller(claims["sub"], role, scope) for role, scope in _fitting(claims, grants))


def _fitting(claims: dict[str, Any], grants: Sequence[Grant]) -> dict[tuple[Role, str], Grant]:
    fitting = {(grant.role, grant.scope): grant for grant in grants if grant.fits(claims)}
    if not fitting:
        raise TokenRefusedError("the token is good, but this installation grants it nothing")
    return fitting


def _chooses(claims: dict[str, Any], grant: Grant) -> bool:
    kind = SCOPES.get(grant.role, "")
    return claims.get("role") == grant.role and claims.get(kind, grant.scope) == grant.scope


def _at(held: Any, path: Sequence[str]) -> Iterator[object]:
    """The values at ``path``, through lists as through tables."""
    if isinstance(held, list):
        for one in held:
            yield from _at(one, path)
    elif not path:
        yield held
    elif isinstance(held, dict) and path[0] in held:
        yield from _at(held[path[0]], path[1:])
