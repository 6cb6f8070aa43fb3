"""Tokens of an OIDC issuer (ID-porten, Feide, Maskinporten): its keys, and what a grant lets do."""

from __future__ import annotations

import json
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from admissions.model.errors import UsageError
from admissions_api.clock import now
from admissions_api.grants import Grant, all_granted, granted
from admissions_api.tokens import Caller, TokenRefusedError, checked_claims, stated_by

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures with a public key only: ``none`` and shared secrets are never accepted."""
FRESH_SECONDS = 600
"""So long the issuer's keys are used without asking again."""
AGAIN_SECONDS = 10
"""An unknown key asks the issuer again, but not more often than this."""
_TIMEOUT = 5
_log = structlog.get_logger("admissions.issuer")
_LARGEST_KEY_SET = 2**20


def is_safe(url: object) -> bool:
    """Whether ``url`` is https, or leads to this very machine."""
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    return parts.scheme == "https" or local


class Issuer:
    """One issuer whose tokens are accepted, and who may what."""

    def __init__(
        self, name: str, jwks_url: str, audience: str, grants: Callable[[], Sequence[Grant]]
    ) -> None:
        if not is_safe(jwks_url):
            raise UsageError("ADMISSIONS_OIDC_JWKS_URL: expected https. Maybe add the s.")
        self.name = name
        self._url = jwks_url
        self._audience = audience
        self._grants = grants
        self._lock = threading.Lock()
        self._keys = KeySet([])
        self._asked = 0.0
        self._asking = False

    def read(self, token: str, key_id: str | None) -> Caller:
        """Who ``token`` speaks for, once its key is there. Raises TokenRefusedError."""
        self.refresh(key_id)
        return self.caller_of(token)

    def caller_of(self, token: str) -> Caller:
        """Who ``token`` speaks for by the keys that are there. Raises TokenRefusedError."""
        keys = self._keys
        if not keys.keys:
            raise TokenRefusedError("the issuer's keys cannot be had at the moment")
        claims = checked_claims(token, keys, ALGORITHMS, self.name, self._audience)
        return granted(claims, self._grants())

    def signed_in(self, token: str, audience: str, nonce: str) -> tuple[Caller, ...]:
        """Everything that whoever signed in may be, by an id token made for ``audience``.

        Raises TokenRefusedError for one that is not good, or not of this very sign-in.
        """
        self.refresh(stated_by(token)[1])
        claims = checked_claims(token, self._keys, ALGORITHMS, self.name, audience)
        stated = claims.get("nonce")
        if not isinstance(stated, str) or not secrets.compare_digest(
            stated.encode(), nonce.encode()
        ):
            raise TokenRefusedError("the token was made for another sign-in")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else audience) != audience:
            raise TokenRefusedError("the token was made for another service")
        return all_granted(claims, self._grants())

    def needs(self, key_id: str | None) -> bool:
        """Whether the issuer is to be asked before a token of this key is read."""
        age = now().timestamp() - self._asked
        known = any(key.kid == key_id for key in self._keys.keys)
        return age > 2 * FRESH_SECONDS or (not known and (age > AGAIN_SECONDS or self._asking))

    def refresh(self, key_id: str | None) -> None:
        """Asks the issuer for its keys where that is needed; whoever asks waits for nobody else."""
        with self._lock:
            if self.needs(key_id):
                self._fetch()

    def keep_fresh(self, ended: threading.Event) -> None:
        """Asks for the keys now, and again before they are old, until ``ended``."""
        while not ended.is_set():
            with self._lock:
                self._fetch()
            ended.wait(FRESH_SECONDS)

    def _fetch(self) -> None:
        """Fetches the keys; where that fails those that are there stay."""
        self._asked, self._asking = now().timestamp(), True
        try:
            with urllib.request.urlopen(self._url, timeout=_TIMEOUT) as answer:  # noqa: S310 - checked in __init__
                self._keys = KeySet.import_key_set(json.loads(answer.read(_LARGEST_KEY_SET)))
        except (OSError, urllib.error.URLError, ValueError, KeyError, JoseError) as error:
            _log.warning("the issuer's keys cannot be had", fault=type(error).__name__)
        finally:
            self._asking = False
