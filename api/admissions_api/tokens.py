"""Tokens of a local installation: JWTs signed with a key that is made on first start."""

from __future__ import annotations

import base64
import binascii
import contextlib
import datetime as dt
import json
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ConflictAlgorithmError,
    ExpiredTokenError,
    JoseError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from admissions.model.errors import UsageError
from admissions_api.clock import now

Role = Literal["office", "coordinator", "analyst", "leader", "applicant", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
SCOPES: dict[Role, str] = {"office": "institution", "leader": "service", "applicant": "person"}
"""What a role is for one of: an office for its institution, a leader for a service."""

ISSUER = "admissions"
AUDIENCE = "admissions"
ALGORITHM = "ES256"
LEEWAY_SECONDS = 60
"""By so much clocks may differ."""
KEY_FILE = "token-key.json"


@dataclass(frozen=True)
class Caller:
    """Who calls: ``scope`` is the institution of an office, the service of a leader, and so on."""

    subject: str
    role: Role
    scope: str = ""

    @property
    def key(self) -> str:
        """A text that is this caller's alone."""
        return f"{self.role}:{self.scope}:{self.subject}"


class TokenRefusedError(Exception):
    """A token that is not accepted; the message says why, without repeating the token."""


def signing_key(home: Path) -> ECKey:
    """The installation's key, made with file mode 600 when there is none.

    Raises UsageError when others than its owner may read it.
    """
    path = home / KEY_FILE
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make_key(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UsageError(f"{path} can be read by others than its owner. Maybe: chmod 600 {path}")
    try:
        return ECKey.import_key(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, JoseError):
        raise UsageError(
            f"{path} is no key. Maybe it was damaged: take it from a backup, or remove it; all "
            "tokens must then be made anew."
        ) from None


def _make_key(path: Path) -> None:
    """Writes a new key beside ``path`` and links it there, whole; whoever comes first wins."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True), file)
    with contextlib.suppress(FileExistsError):
        os.link(name, path)
    Path(name).unlink()


def issue(key: ECKey, caller: Caller, lifetime: dt.timedelta) -> str:
    """A token for ``caller`` that is good for ``lifetime``."""
    at = now()
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": caller.subject,
        "role": caller.role,
        "iat": int(at.timestamp()),
        "exp": int((at + lifetime).timestamp()),
    }
    if caller.role in SCOPES:
        claims[SCOPES[caller.role]] = caller.scope
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def read(key: ECKey, token: str) -> Caller:
    """Who a local token speaks for. Raises TokenRefusedError for one that is not good."""
    claims = checked_claims(token, key, (ALGORITHM,), ISSUER, AUDIENCE)
    role = claims.get("role")
    if role not in ROLES:
        raise TokenRefusedError("the token names no role")
    scope = claims.get(SCOPES.get(role, ""), "")
    if role in SCOPES and not (isinstance(scope, str) and scope):
        raise TokenRefusedError(f"the token names no {SCOPES[role]}")
    return Caller(claims["sub"], role, scope)


def stated_by(token: str) -> tuple[str | None, str | None]:
    """The issuer and key that a token names, unchecked: only to choose whose keys check it."""
    try:
        header, claims = (
            json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
            for part in token.split(".")[:2]
        )
        return _text(claims.get("iss")), _text(header.get("kid"))
    except (ValueError, AttributeError, binascii.Error, RecursionError):
        return None, None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def checked_claims(
    token: str, keys: Any, algorithms: tuple[str, ...], issuer: str, audience: str
) -> dict[str, Any]:
    """The claims of ``token`` once signature, algorithm, issuer, audience and times are checked.

    Raises TokenRefusedError.
    """
    try:
        decoded = jwt.decode(token, keys, registry=JWSRegistry(algorithms=list(algorithms)))
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        registry.validate(decoded.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefusedError(_reason(error)) from None
    if not isinstance(decoded.claims["sub"], str):
        raise TokenRefusedError("the token's subject is no text")
    return decoded.claims


def _reason(error: Exception) -> str:
    """The kind of fault in words; joserfc's own descriptions may quote the token."""
    if isinstance(error, ExpiredTokenError):
        return "the token has expired"
    if isinstance(error, ClaimError):
        return f"the token's claim {error.claim} is missing, or not for this service"
    if isinstance(error, BadSignatureError):
        return "the token's signature does not fit"
    if isinstance(error, UnsupportedAlgorithmError | ConflictAlgorithmError):
        return "the token's algorithm is not accepted"
    return "this is no token that can be read"
