"""Who a token speaks for: the installation's own, and those of an issuer with real keys."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import json
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from admissions.model.errors import UsageError
from admissions_api.grants import GrantFile, granted, read_grants
from admissions_api.oidc import Issuer
from admissions_api.tokens import (
    AUDIENCE,
    ISSUER,
    Caller,
    TokenRefusedError,
    issue,
    read,
    signing_key,
)
from tests.acceptance.command import run
from tests.api.installation import running

HOUR = dt.timedelta(hours=1)


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    home = tmp_path / "data"
    first, second = signing_key(home), signing_key(home)
    assert first.as_dict(private=True) == second.as_dict(private=True)
    assert [path.name for path in home.iterdir()] == ["token-key.json"]
    assert stat.S_IMODE((home / "token-key.json").stat().st_mode) == 0o600


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    signing_key(tmp_path)
    (tmp_path / "token-key.json").chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        signing_key(tmp_path)


def test_a_token_says_who_it_was_made_for(tmp_path: Path) -> None:
    key = signing_key(tmp_path)
    for caller in (
        Caller("kari", "office", "uis"),
        Caller("ola", "leader", "S002"),
        Caller("bufdir", "analyst"),
        Caller("samordner", "coordinator"),
    ):
        assert read(key, issue(key, caller, HOUR)) == caller


def claims(**changed: Any) -> dict[str, Any]:
    soon = int((dt.datetime.now(dt.UTC) + HOUR).timestamp())
    stated = {"iss": ISSUER, "aud": AUDIENCE, "sub": "kari", "role": "analyst", "exp": soon}
    return {name: value for name, value in {**stated, **changed}.items() if value is not None}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"exp": 1}, "expired"),
        ({"exp": None}, "claim exp"),
        ({"aud": "another-service"}, "claim aud"),
        ({"aud": None}, "claim aud"),
        ({"iss": "somebody"}, "claim iss"),
        ({"sub": None}, "claim sub"),
        ({"sub": 7}, "claim sub|subject is no text"),
        ({"role": "king"}, "names no role"),
        ({"role": None}, "names no role"),
        ({"role": ["office"]}, "names no role"),
        ({"role": "office"}, "names no institution"),
        ({"role": "leader", "service": ""}, "names no service"),
        ({"role": "leader", "service": ["S001"]}, "names no service"),
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(
    tmp_path: Path, changed: dict[str, Any], why: str
) -> None:
    key = signing_key(tmp_path)
    token = jwt.encode({"alg": "ES256", "kid": key.kid}, claims(**changed), key)
    with pytest.raises(TokenRefusedError, match=why):
        read(key, token)


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def stated_under(alg: str, stated: dict[str, Any]) -> str:
    header = {"alg": alg, "kid": "rsa", "typ": "JWT"}
    return ".".join(coded(json.dumps(part).encode()) for part in (header, stated))


def unsigned(stated: dict[str, Any]) -> str:
    return stated_under("none", stated) + "."


def signed_with_secret(secret: bytes, stated: dict[str, Any]) -> str:
    text = stated_under("HS256", stated)
    return f"{text}.{coded(hmac.digest(secret, text.encode(), 'sha256'))}"


def test_a_token_without_a_signature_or_with_another_key_or_algorithm_is_refused(
    tmp_path: Path,
) -> None:
    key = signing_key(tmp_path)
    other = ECKey.generate_key("P-256")
    public = json.dumps(key.as_dict(private=False)).encode()
    rsa = RSAKey.generate_key(2048)
    for token in (
        unsigned(claims()),
        jwt.encode({"alg": "ES256", "kid": key.kid}, claims(), other),
        signed_with_secret(public, claims()),
        jwt.encode({"alg": "RS256"}, claims(), rsa),
        jwt.encode({"alg": "ES256"}, claims(), key)[:-6] + "AAAAAA",
        "",
        "x.y.z",
        "æ.ø.å",
    ):
        with pytest.raises(TokenRefusedError):
            read(key, token)


class LocalIssuer:
    """A small OIDC issuer on this machine, with real keys."""

    def __init__(self, url: str, served: dict[str, Any]) -> None:
        self.url = url
        self._served = served
        self.asked = 0
        self.reached, self.held = threading.Event(), threading.Event()
        self.held.set()
        self.keys: dict[str, RSAKey | ECKey] = {
            "rsa": RSAKey.generate_key(2048, {"kid": "rsa"}),
            "ec": ECKey.generate_key("P-256", {"kid": "ec"}),
        }
        self.publish()

    def publish(self) -> None:
        self._served["keys"] = KeySet(list(self.keys.values())).as_dict(private=False)["keys"]

    def publish_nothing(self) -> None:
        self._served.clear()

    def token(self, kid: str = "rsa", alg: str = "RS256", **changed: Any) -> str:
        stated = claims(iss="https://issuer.example", aud="admissions", role=None, **changed)
        return jwt.encode({"alg": alg, "kid": kid}, stated, self.keys[kid], algorithms=[alg])


@contextmanager
def local_issuer() -> Iterator[LocalIssuer]:
    served: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked += 1
            issuer.reached.set()
            issuer.held.wait(10)
            body = json.dumps(served).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, template: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    issuer = LocalIssuer(f"http://127.0.0.1:{server.server_port}/jwks", served)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


GRANTS = """
[[grants]]
claim = ["consumer", "ID"]
value = "0192:971040238"
role = "office"
institution = "uis"

[[grants]]
claim = ["https://n.feide.no/claims/eduPersonPrincipalName"]
value = "kari@bufdir.no"
role = "analyst"

[[grants]]
claim = ["sub"]
value = "Xb2-pseudonym"
role = "leader"
service = "S002"
"""


def accepted(issuer: LocalIssuer, folder: Path) -> Issuer:
    path = folder / "grants.toml"
    path.write_text(GRANTS, encoding="utf-8")
    return Issuer("https://issuer.example", issuer.url, "admissions", GrantFile(path).now)


def test_grants_decide_what_an_issuers_token_may_do(tmp_path: Path) -> None:
    with local_issuer() as local:
        issuer = accepted(local, tmp_path)
        maskinporten = local.token(sub="org", consumer={"ID": "0192:971040238"})
        assert issuer.read(maskinporten, "rsa") == Caller("org", "office", "uis")
        name = "https://n.feide.no/claims/eduPersonPrincipalName"
        feide = local.token("ec", "ES256", sub="f", **{name: "kari@bufdir.no"})
        assert issuer.read(feide, "ec") == Caller("f", "analyst")
        idporten = local.token(sub="Xb2-pseudonym")
        assert issuer.read(idporten, "rsa") == Caller("Xb2-pseudonym", "leader", "S002")
        assert local.asked == 1


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"sub": "nobody-known"}, "grants it nothing"),
        ({"sub": "nobody", "role": "coordinator"}, "grants it nothing"),
        ({"sub": "Xb2-pseudonym", "exp": 1}, "expired"),
        ({"sub": "Xb2-pseudonym", "aud": "another"}, "claim aud"),
        ({"sub": "Xb2-pseudonym", "iss": "https://other.example"}, "claim iss"),
    ],
)
def test_an_issuers_token_that_is_not_good_is_refused(
    tmp_path: Path, changed: dict[str, Any], why: str
) -> None:
    with local_issuer() as local:
        stated = claims(**{"iss": "https://issuer.example", "aud": "admissions", **changed})
        token = jwt.encode({"alg": "RS256", "kid": "rsa"}, stated, local.keys["rsa"])
        with pytest.raises(TokenRefusedError, match=why):
            accepted(local, tmp_path).read(token, "rsa")


def test_an_issuers_key_cannot_be_used_as_a_shared_secret_and_none_is_no_algorithm(
    tmp_path: Path,
) -> None:
    with local_issuer() as local:
        issuer = accepted(local, tmp_path)
        stated = claims(iss="https://issuer.example", sub="Xb2-pseudonym")
        shared = signed_with_secret(local.keys["rsa"].as_pem(private=False), stated)
        for token in (shared, unsigned(stated)):
            with pytest.raises(TokenRefusedError):
                issuer.read(token, "rsa")


def test_a_key_that_the_issuer_has_taken_into_use_is_fetched_when_it_is_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_issuer() as local:
        issuer = accepted(local, tmp_path)
        issuer.read(local.token(sub="Xb2-pseudonym"), "rsa")
        local.keys["new"] = RSAKey.generate_key(2048, {"kid": "new"})
        local.publish()
        token = local.token("new", sub="Xb2-pseudonym")
        with pytest.raises(TokenRefusedError):
            issuer.read(token, "new")
        assert local.asked == 1, "the issuer is not asked for every unknown key at once"
        monkeypatch.setattr("admissions_api.oidc.AGAIN_SECONDS", 0)
        assert issuer.read(token, "new").scope == "S002"


def test_an_issuer_that_is_away_is_not_asked_by_every_request(tmp_path: Path) -> None:
    with local_issuer() as local:
        issuer = accepted(local, tmp_path)
        local.publish_nothing()
        for _ in range(5):
            with pytest.raises(TokenRefusedError):
                issuer.read(local.token(sub="Xb2-pseudonym"), "rsa")
        assert local.asked == 1


def test_whoever_waits_for_an_issuer_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    with local_issuer() as local:
        (tmp_path / "grants.toml").write_text(GRANTS, encoding="utf-8")
        oidc: dict[str, Any] = {
            "oidc_issuer": "https://issuer.example",
            "oidc_jwks_url": local.url,
            "oidc_grants": tmp_path / "grants.toml",
        }
        local.held.clear()
        with running(tmp_path, **oidc) as api, api.client, ThreadPoolExecutor() as pool:
            own = {"Authorization": f"Bearer {local.token(sub='Xb2-pseudonym')}"}
            waits = pool.submit(api.client.get, "/v1/me", headers=own)
            assert local.reached.wait(10)
            health = pool.submit(api.client.get, "/health")
            assert health.result(10).status_code == 200
            assert not waits.done()
            local.held.set()
            assert waits.result(10).json()["service"] == "S002"


def test_a_grant_says_for_which_institution_or_service(tmp_path: Path) -> None:
    path = tmp_path / "grants.toml"
    path.write_text('[[grants]]\nclaim = ["sub"]\nvalue = "x"\nrole = "office"\n')
    with pytest.raises(UsageError, match="a grant of office states institution alone"):
        read_grants(path)


def test_keys_are_fetched_over_https_from_anywhere_else() -> None:
    with pytest.raises(UsageError, match="https"):
        Issuer("i", "http://issuer.example/jwks", "admissions", tuple)


def test_an_installation_accepts_its_own_and_the_issuers_tokens(tmp_path: Path) -> None:
    (tmp_path / "grants.toml").write_text(GRANTS, encoding="utf-8")
    with (
        local_issuer() as local,
        running(
            tmp_path,
            oidc_issuer="https://issuer.example",
            oidc_jwks_url=local.url,
            oidc_grants=tmp_path / "grants.toml",
        ) as api,
    ):
        for token in (api.token("leader", "S002"), local.token(sub="Xb2-pseudonym")):
            headers = {"Authorization": f"Bearer {token}"}
            assert api.client.get("/v1/me", headers=headers).status_code == 200
        refused = api.client.get("/v1/me", headers={"Authorization": "Bearer x.y.z"})
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"


def test_the_command_makes_tokens_and_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = run("token", "--role", "office", "--institution", "uis")
    assert made.code == 0, made.said
    caller = read(signing_key(tmp_path / "admissions-data"), made.out.strip())
    assert caller == Caller("office-uis", "office", "uis")
    for words, says in (
        (("--role", "office"), "Maybe --institution uis"),
        (("--role", "leader", "--institution", "uis"), "takes no --institution"),
        (("--role", "analyst", "--service", "S1"), "takes no --service"),
        (("--role", "office", "--institution", "oxford"), "expected one of: hvl"),
    ):
        refused = run("token", *words)
        assert refused.code == 2
        assert says in refused.err


def grants(folder: Path, text: str) -> Any:
    path = folder / "some.toml"
    path.write_text(text, encoding="utf-8")
    return read_grants(path)


TWO = """
[[grants]]
claim = ["groups", "id"]
value = "fc:uis"
role = "office"
institution = "uis"

[[grants]]
claim = ["groups", "id"]
value = "fc:lead"
role = "coordinator"
"""


def test_of_several_grants_the_tokens_role_chooses(tmp_path: Path) -> None:
    known = grants(tmp_path, TWO)
    both = {"sub": "kari", "groups": [{"id": "fc:x"}, {"id": "fc:uis"}, {"id": ["fc:lead"]}]}
    with pytest.raises(TokenRefusedError, match="several roles \\(coordinator, office\\)"):
        granted(both, known)
    assert granted({**both, "role": "office"}, known) == Caller("kari", "office", "uis")
    assert granted({**both, "role": "coordinator"}, known) == Caller("kari", "coordinator")
    with pytest.raises(TokenRefusedError):
        granted({**both, "role": "analyst"}, known)
    alone = {"sub": "ola", "groups": [{"id": "fc:uis"}]}
    assert granted(alone, known) == Caller("ola", "office", "uis")


def test_a_misspelt_institution_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no institution 'uiss'\. Maybe one of: hvl"):
        grants(tmp_path, TWO.replace('"uis"', '"uiss"'))


def test_grants_are_read_again_and_bad_ones_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admissions_api.grants.LOOK_SECONDS", 0)
    path = tmp_path / "grants.toml"
    path.write_text(TWO, encoding="utf-8")
    file = GrantFile(path)
    assert [grant.role for grant in file.now()] == ["office", "coordinator"]
    path.write_text(TWO.replace('"coordinator"', '"analyst"') + "\n", encoding="utf-8")
    assert [grant.role for grant in file.now()] == ["office", "analyst"]
    path.write_text("no toml [", encoding="utf-8")
    assert [grant.role for grant in file.now()] == ["office", "analyst"]


def test_one_token_is_revoked_and_others_are_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMISSIONS_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("admissions_api.revoking.KNOWN_SECONDS", -1)
    with running(tmp_path) as api:
        lost = api.token("office", "uis", name="lost")
        kept = api.token("office", "uis", name="kept")

        def asked(token: str) -> int:
            headers = {"Authorization": f"Bearer {token}"}
            return api.client.get("/v1/me", headers=headers).status_code

        assert (asked(lost), asked(kept)) == (200, 200)
        assert run("revoke", lost, "--by", "kari").code == 0
        assert (asked(lost), asked(kept)) == (401, 200)
        assert run("revoke", lost).code == 0
        assert run("revoke", lost[:-8] + "AAAAAAAA").code == 2
        assert (
            "token.revoked"
            in api.client.get("/v1/audit?limit=500", headers=api.headers("coordinator")).text
        )
