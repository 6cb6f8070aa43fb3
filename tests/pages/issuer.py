"""A local OIDC issuer as a browser sees it: it lets people in, and checks what it is sent."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.api.test_tokens import claims

CLIENT, SECRET = "admissions-client", "hemmelig"


class Provider:
    """What the issuer knows: codes that are good once, and what tests let it do wrong."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key = RSAKey.generate_key(2048, {"kid": "rsa"})
        self.codes: dict[str, dict[str, str]] = {}
        self.says: dict[str, Any] = {"sub": "kari-pseudonym"}
        self.token: Any = self.id_token
        self.iss = url
        self.asked: dict[str, str] = {}

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "end_session_endpoint": f"{self.url}/logout",
            "authorization_response_iss_parameter_supported": True,
        }

    def authorized(self, query: dict[str, str]) -> str:
        """Where the browser is sent once somebody has signed in here."""
        self.asked = query
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.iss}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def exchanged(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code: once, to its client, with the verifier of its challenge."""
        query = self.codes.pop(form.get("code", ""), None)
        client = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if query is None or authorization != f"Basic {client}":
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != query["code_challenge"] or form["redirect_uri"] != query["redirect_uri"]:
            return None
        token = self.token(query)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": token}

    def id_token(self, query: dict[str, str], **changed: Any) -> str:
        own = {"iss": self.url, "aud": CLIENT, "role": None, "nonce": query["nonce"]}
        stated = claims(**{**own, **self.says, **changed})
        return jwt.encode({"alg": "RS256", "kid": "rsa"}, stated, self.key, algorithms=["RS256"])


@contextmanager
def provider() -> Iterator[Provider]:
    """An issuer that listens on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path.endswith("openid-configuration"):
                self._answer(200, one.metadata())
            elif parts.path == "/jwks":
                self._answer(200, KeySet([one.key]).as_dict(private=False))
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(data).items()}
            found = one.exchanged(form, self.headers.get("Authorization", ""))
            self._answer(200 if found else 400, found or {"error": "invalid_grant"})

        def _answer(self, status: int, told: Any) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, template: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    one = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))
