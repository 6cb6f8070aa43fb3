"""Signing in at an issuer with a browser: OIDC's code flow with PKCE (RFC 6749, 7636 and 9207)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from sqlalchemy import delete

from admissions.model.errors import UsageError
from admissions_api.clock import now, stamp
from admissions_api.oidc import FRESH_SECONDS, Issuer, is_safe
from admissions_api.store import Store
from admissions_api.store.tables import SigningInRow
from admissions_api.tokens import Caller, TokenRefusedError

MINUTES = 10
"""So long somebody may take at the issuer."""
_TIMEOUT = 5
_BYTES = 32
_OWN = frozenset(
    {
        "client_id", "redirect_uri", "response_type", "response_mode", "state", "nonce",
        "code_challenge", "code_challenge_method", "request", "request_uri",
    }
)  # fmt: skip
"""What of an authorization request is never set by a setting."""
_ENDPOINTS = ("authorization_endpoint", "token_endpoint")


class SigningInError(Exception):
    """Somebody is not signed in; ``why`` is the key of the words: ended, refused, away, nothing."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and the cookie by which it is known when it comes back."""

    url: str
    cookie: str


@dataclass(frozen=True)
class Finished:
    """Who has signed in, the issuer's token that says so, and the page to go on to."""

    callers: tuple[Caller, ...]
    id_token: str
    after: str


class SigningIn:
    """Signing in at one issuer, as a client that it knows."""

    def __init__(
        self, issuer: Issuer, client_id: str, client_secret: str | None, request: str
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._secret = client_secret
        self._asked = dict(parse_qsl(request, keep_blank_values=True))
        own = sorted(_OWN & self._asked.keys())
        if own:
            raise UsageError(
                f"ADMISSIONS_OIDC_REQUEST sets {', '.join(own)}, which the program does. Maybe "
                "leave it out."
            )
        self._known: dict[str, Any] = {}
        self._known_at = 0.0

    def begin(self, store: Store, back: str, after: str) -> Begun:
        """Begins a sign-in; the issuer sends the browser to ``back``. Raises SigningInError."""
        endpoint = self._metadata()["authorization_endpoint"]
        state, nonce, verifier, cookie = (secrets.token_urlsafe(_BYTES) for _ in range(4))
        with self._client(back) as client:
            url, _ = client.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=verifier, **self._besides()
            )
        with store.writing() as session:
            session.execute(delete(SigningInRow).where(SigningInRow.ends_at < stamp()))
            session.add(
                SigningInRow(
                    sha256=_hidden(state),
                    browser=_hidden(cookie),
                    nonce=nonce,
                    verifier=verifier,
                    after=after,
                    ends_at=stamp(now() + dt.timedelta(minutes=MINUTES)),
                )
            )
        return Begun(url, cookie)

    def finish(self, store: Store, said: Mapping[str, str], cookie: str, back: str) -> Finished:
        """Who comes back from the issuer with ``said``, in the browser that has ``cookie``.

        1. The state is one that began in this very browser, and is taken: it is good once. 2. What
        comes back is of this issuer and no refusal. 3. The code is changed for tokens with the
        verifier. 4. The id token is good, for this client, and of this sign-in. Raises
        SigningInError.
        """
        begun = _taken(store, said.get("state", ""), cookie)
        known = self._metadata()
        if said.get("iss", None if _states_itself(known) else self._issuer.name) != (
            self._issuer.name
        ):
            raise SigningInError("refused")
        if "error" in said or not said.get("code"):
            raise SigningInError("refused")
        token = self._changed(known["token_endpoint"], said["code"], begun.verifier, back)
        try:
            callers = self._issuer.signed_in(token, self._client_id, begun.nonce)
        except TokenRefusedError as error:
            granted = "grants it nothing" in str(error)
            raise SigningInError("nothing" if granted else "refused") from None
        return Finished(callers, token, begun.after)

    def end_url(self, id_token: str, back: str) -> str | None:
        """Where the issuer ends its own session, and leads ``back``; None where it has no such."""
        try:
            endpoint = self._metadata().get("end_session_endpoint")
        except SigningInError:
            return None
        if not isinstance(endpoint, str) or not is_safe(endpoint):
            return None
        query = {
            "id_token_hint": id_token,
            "client_id": self._client_id,
            "post_logout_redirect_uri": back,
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    def _changed(self, endpoint: str, code: str, verifier: str, back: str) -> str:
        """The id token that ``code`` is changed for."""
        try:
            with self._client(back) as client:
                answer = client.fetch_token(
                    endpoint, grant_type="authorization_code", code=code, code_verifier=verifier
                )
        except httpx.TransportError:
            raise SigningInError("away") from None
        except (AuthlibBaseError, httpx.HTTPError, ValueError):
            raise SigningInError("refused") from None
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SigningInError("refused")
        return token

    def _client(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            self._client_id,
            self._secret,
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=_TIMEOUT,
            trust_env=False,
        )

    def _besides(self) -> dict[str, str]:
        return {"scope": "openid", **self._asked}

    def _metadata(self) -> dict[str, Any]:
        """What the issuer says of itself (OpenID Connect Discovery), asked again now and then."""
        if self._known and monotonic() - self._known_at < FRESH_SECONDS:
            return self._known
        url = f"{self._issuer.name.rstrip('/')}/.well-known/openid-configuration"
        try:
            found = httpx.get(url, timeout=_TIMEOUT, trust_env=False).raise_for_status().json()
        except (httpx.HTTPError, ValueError):
            raise SigningInError("away") from None
        named = isinstance(found, dict) and found.get("issuer") == self._issuer.name
        if not named or not all(is_safe(found.get(name)) for name in _ENDPOINTS):
            raise SigningInError("away")
        self._known, self._known_at = found, monotonic()
        return self._known


def _taken(store: Store, state: str, cookie: str) -> SigningInRow:
    """The sign-in that began with ``state`` in this browser; it is gone then."""
    with store.writing() as session:
        row = session.get(SigningInRow, _hidden(state))
        if row is None or row.ends_at < stamp():
            raise SigningInError("ended")
        if not secrets.compare_digest(row.browser, _hidden(cookie)):
            raise SigningInError("ended")
        session.delete(row)
        session.flush()
        session.expunge(row)
    return row


def _states_itself(known: Mapping[str, Any]) -> bool:
    return known.get("authorization_response_iss_parameter_supported") is True


def _hidden(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
