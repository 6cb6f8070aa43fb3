"""Tokens of an OIDC issuer (ID-porten, Feide, Maskinporten): its keys, and what a grant lets do.

The issuer says who somebody is; what they may is this installation's to say, in a TOML file:

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

import json
import threading
import tomllib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from admissions.model.errors import UsageError, first_error
from admissions_api.clock import now
from admissions_api.tokens import SCOPES, Caller, Role, TokenRefusedError, checked_claims

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures with a public key only: ``none`` and shared secrets are never accepted."""
FRESH_SECONDS = 600
"""So long the issuer's keys are used without asking again."""
AGAIN_SECONDS = 10
"""An unknown key asks the issuer again, but not more often than this."""
_TIMEOUT = 5
_LARGEST_KEY_SET = 2**20


class Grant(BaseModel):
    """Whoever's token has ``value`` at ``claim`` (a path into the claims) has this role."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: tuple[str, ...] = Field(min_length=1)
    value: str
    role: Role
    institution: str | None = None
    service: str | None = None

    @model_validator(mode="after")
    def _scoped(self) -> Grant:
        needed = SCOPES.get(self.role)
        for name in ("institution", "service"):
            if (getattr(self, name) is not None) != (name == needed):
                expected = f"{needed} alone" if needed else "neither institution nor service"
                raise ValueError(f"a grant of {self.role} states {expected}")
        return self

    @property
    def scope(self) -> str:
        """The institution or service, or ""."""
        return self.institution or self.service or ""


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


class Issuer:
    """One issuer whose tokens are accepted, and who may what."""

    def __init__(self, name: str, jwks_url: str, audience: str, grants: tuple[Grant, ...]) -> None:
        parts = urlsplit(jwks_url)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise UsageError("ADMISSIONS_OIDC_JWKS_URL: expected https. Maybe add the s.")
        self.name = name
        self._url = jwks_url
        self._audience = audience
        self._grants = grants
        self._lock = threading.Lock()
        self._keys = KeySet([])
        self._asked = 0.0

    def read(self, token: str, key_id: str | None) -> Caller:
        """Who ``token`` speaks for. Raises TokenRefusedError."""
        keys = self._current(key_id)
        claims = checked_claims(token, keys, ALGORITHMS, self.name, self._audience)
        for grant in self._grants:
            if _at(claims, grant.claim) == grant.value:
                return Caller(claims["sub"], grant.role, grant.scope)
        raise TokenRefusedError("the token is good, but this installation grants it nothing")

    def _current(self, key_id: str | None) -> KeySet:
        with self._lock:
            age = now().timestamp() - self._asked
            known = any(key.kid == key_id for key in self._keys.keys)
            if age > FRESH_SECONDS or (not known and age > AGAIN_SECONDS):
                self._asked = now().timestamp()
                self._keys = self._fetched()
            return self._keys

    def _fetched(self) -> KeySet:
        try:
            with urllib.request.urlopen(self._url, timeout=_TIMEOUT) as answer:  # noqa: S310 - checked in __init__
                return KeySet.import_key_set(json.loads(answer.read(_LARGEST_KEY_SET)))
        except (OSError, urllib.error.URLError, ValueError, KeyError, JoseError):
            if self._keys.keys:
                return self._keys
            raise TokenRefusedError("the issuer's keys cannot be had at the moment") from None


def _at(claims: Any, path: tuple[str, ...]) -> object:
    for step in path:
        claims = claims.get(step) if isinstance(claims, dict) else None
    return claims
