"""Signing in at an issuer: who comes in, as what, and what an attacker tries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from admissions.model.errors import UsageError
from admissions_api.oidc import Issuer
from admissions_api.settings import settings_from
from admissions_api.signing_in import SigningIn
from admissions_pages import add_pages
from tests.api.installation import Api, running
from tests.api.test_tokens import unsigned
from tests.pages.issuer import CLIENT, SECRET, Provider, provider, query_of
from tests.pages.site import Browser, seen

GRANTS = """
[[grants]]
claim = ["sub"]
value = "kari-pseudonym"
role = "leader"
service = "T1"

[[grants]]
claim = ["https://n.feide.no/claims/userid_sec"]
value = "feide:ola@uis.no"
role = "office"
institution = "uis"

[[grants]]
claim = ["authorization_details", "authorized_parties", "orgno", "ID"]
value = "0192:971040238"
role = "coordinator"
"""
ASKED = "acr_values=substantial&scope=openid+profile"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Provider]:
    with provider() as one:
        yield one


@pytest.fixture(autouse=True)
def honest(issuer: Provider) -> None:
    issuer.says, issuer.token, issuer.iss = {"sub": "kari-pseudonym"}, issuer.id_token, issuer.url


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, issuer: Provider) -> Iterator[Api]:
    folder: Path = tmp_path_factory.mktemp("issuer")
    (folder / "grants.toml").write_text(GRANTS, encoding="utf-8")
    oidc: dict[str, Any] = {
        "oidc_issuer": issuer.url, "oidc_jwks_url": f"{issuer.url}/jwks",
        "oidc_grants": folder / "grants.toml", "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET, "oidc_request": ASKED,
    }  # fmt: skip
    with running(folder, **oidc) as one:
        add_pages(one.client.app)  # type: ignore[arg-type]
        yield one


def begun(browser: Browser, asked: str = "") -> str:
    """Where the issuer is asked."""
    sent = browser.get(f"/sign-in/issuer{asked}")
    assert sent.status_code == 303
    return str(sent.headers["location"])


def returned(issuer: Provider, browser: Browser, **changed: str) -> Any:
    """What the browser gets when it is sent back, with something ``changed`` on the way."""
    back = urlsplit(issuer.authorized(query_of(begun(browser))))
    query = {**query_of(back.geturl()), **changed}
    return browser.get(f"{back.path}?{urlencode({k: v for k, v in query.items() if v})}")


def is_in(browser: Browser) -> bool:
    return bool(browser.get("/").status_code == 200)


def test_whoever_signs_in_at_the_issuer_is_in_and_goes_on_to_the_page(
    api: Api, issuer: Provider
) -> None:
    browser = Browser(api)
    assert 'href="/sign-in/issuer?next=' in browser.get("/sign-in").text
    back = urlsplit(issuer.authorized(query_of(begun(browser, "?next=/accessibility"))))
    assert issuer.asked["acr_values"] == "substantial"
    assert issuer.asked["scope"] == "openid profile"
    assert issuer.asked["redirect_uri"] == "http://localhost/sign-in/answer"
    answer = browser.get(f"{back.path}?{back.query}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/accessibility")
    assert "Barnevernleder · T1" in seen(browser.get("/"))


@pytest.mark.parametrize(
    ("says", "role"),
    [
        ({"sub": "kari-pseudonym"}, "Barnevernleder · T1"),
        (
            {"sub": "f", "https://n.feide.no/claims/userid_sec": ["feide:ola@uis.no"]},
            "Opptakskontor · uis",
        ),
        (
            {
                "sub": "a",
                "authorization_details": [
                    {"authorized_parties": [{"orgno": {"ID": "0192:971040238"}}]}
                ],
            },
            "Koordinator",
        ),
    ],
)
def test_claims_as_id_porten_feide_and_ansattporten_state_them(
    api: Api, issuer: Provider, says: dict[str, Any], role: str
) -> None:
    issuer.says = says
    browser = Browser(api)
    assert returned(issuer, browser).status_code == 303
    assert role in seen(browser.get("/"))


def test_a_person_with_several_roles_chooses(api: Api, issuer: Provider) -> None:
    issuer.says = {
        "sub": "kari-pseudonym",
        "https://n.feide.no/claims/userid_sec": "feide:ola@uis.no",
    }
    browser = Browser(api)
    assert returned(issuer, browser).status_code == 303
    assert browser.get("/").headers["location"] == "/role"
    assert "Gå inn som barnevernleder · T1" in seen(browser.get("/role"))


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"state": "another"}, 400),
        ({"state": ""}, 400),
        ({"code": "guessed"}, 403),
        ({"code": ""}, 403),
        ({"iss": "https://other.example"}, 403),
        ({"iss": ""}, 403),
        ({"error": "access_denied", "code": ""}, 403),
    ],
)
def test_an_answer_that_is_changed_on_the_way_signs_nobody_in(
    api: Api, issuer: Provider, changed: dict[str, str], status: int
) -> None:
    browser = Browser(api)
    answer = returned(issuer, browser, **changed)
    assert answer.status_code == status
    assert "Logg inn på nytt" in seen(answer)
    assert not is_in(browser)


def test_an_answer_is_good_once_and_in_its_own_browser(api: Api, issuer: Provider) -> None:
    victim, attacker = Browser(api), Browser(api)
    back = issuer.authorized(query_of(begun(attacker)))
    where = f"/sign-in/answer?{urlsplit(back).query}"
    assert victim.get(where).status_code == 400
    begun(victim)
    assert victim.get(where).status_code == 400
    assert not is_in(victim)
    assert attacker.get(where).status_code == 303
    assert attacker.get(where).status_code == 400


def test_a_code_that_was_used_elsewhere_is_refused(api: Api, issuer: Provider) -> None:
    first, second = Browser(api), Browser(api)
    back = query_of(issuer.authorized(query_of(begun(first))))
    assert first.get(f"/sign-in/answer?{urlencode(back)}").status_code == 303
    assert returned(issuer, second, code=back["code"]).status_code == 403
    third, fourth = Browser(api), Browser(api)
    stolen = query_of(issuer.authorized(query_of(begun(third))))["code"]
    assert returned(issuer, fourth, code=stolen).status_code == 403, "its verifier is another's"


def test_an_id_token_that_is_not_of_this_sign_in_is_refused(api: Api, issuer: Provider) -> None:
    def changed(**stated: Any) -> Any:
        return lambda query: issuer.id_token(query, **stated)

    former: list[str] = []

    def first(query: dict[str, str]) -> str:
        former.append(issuer.id_token(query))
        return former[0]

    issuer.token = first
    assert returned(issuer, Browser(api)).status_code == 303
    assert returned(issuer, Browser(api)).status_code == 403, "the nonce of an earlier sign-in"
    for token in (
        changed(nonce="another"),
        changed(nonce=None),
        changed(aud="another-client"),
        changed(aud=[CLIENT, "another"]),
        changed(azp="another"),
        changed(iss="https://other.example"),
        changed(exp=1),
        lambda query: unsigned({"iss": issuer.url, "aud": CLIENT, "sub": "kari-pseudonym",
                                "nonce": query["nonce"], "exp": 4102444800}),
        lambda _: None,
    ):  # fmt: skip
        issuer.token = token
        browser = Browser(api)
        assert returned(issuer, browser).status_code == 403
        assert not is_in(browser)


def test_whoever_has_no_role_is_told_so(api: Api, issuer: Provider) -> None:
    issuer.says = {"sub": "nobody-known"}
    assert "har ingen rolle her" in seen(returned(issuer, Browser(api)))


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_sent_on_to_another_site(api: Api, issuer: Provider, elsewhere: str) -> None:
    browser = Browser(api)
    asked = f"?{urlencode({'next': elsewhere})}"
    back = urlsplit(issuer.authorized(query_of(begun(browser, asked))))
    assert browser.get(f"{back.path}?{back.query}").headers["location"] == "/"


def test_a_session_that_somebody_laid_into_the_browser_is_not_taken_over(
    api: Api, issuer: Provider
) -> None:
    attacker, victim = Browser(api), Browser(api)
    returned(issuer, attacker)
    laid = attacker.client.cookies["admissions-session"]
    victim.client.cookies.set("admissions-session", laid, domain="localhost.local", path="/")
    returned(issuer, victim)
    assert victim.client.cookies.get("admissions-session", domain="localhost.local") != laid
    assert is_in(victim)
    assert not is_in(attacker), "the session that was there before is over"


def test_signing_out_ends_the_issuer_s_session_too(api: Api, issuer: Provider) -> None:
    browser = Browser(api)
    returned(issuer, browser)
    left = browser.press("/", "/sign-out")
    assert left.status_code == 200
    assert f'content="0; url={issuer.url}/logout?id_token_hint=' in left.text
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fsign-in%3Fleft%3Dyes" in left.text
    assert "Du er logget ut her" in seen(left)
    assert not is_in(browser)


def test_on_https_both_cookies_are_the_host_s_alone(api: Api, issuer: Provider) -> None:
    browser = Browser(api, "https://opptak.example.no")
    sent = browser.get("/sign-in/issuer")
    cookie = sent.headers["set-cookie"]
    assert cookie.startswith("__Host-signing-in=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    back = urlsplit(issuer.authorized(query_of(sent.headers["location"])))
    assert issuer.asked["redirect_uri"] == "https://opptak.example.no/sign-in/answer"
    answer = browser.get(f"{back.path}?{back.query}")
    assert "__Host-session=" in answer.headers["set-cookie"]


def test_an_issuer_that_is_away_or_another_is_told(api: Api, issuer: Provider) -> None:
    keys = Issuer(f"{issuer.url}/other", f"{issuer.url}/jwks", "admissions", tuple)
    known = api.installation.signing_in
    object.__setattr__(api.installation, "signing_in", SigningIn(keys, CLIENT, SECRET, ""))
    answer = Browser(api).get("/sign-in/issuer")
    object.__setattr__(api.installation, "signing_in", known)
    assert answer.status_code == 503
    assert "svarer ikke nå" in seen(answer)


def test_settings_cannot_take_the_flow_apart(issuer: Provider) -> None:
    keys = Issuer(issuer.url, f"{issuer.url}/jwks", "admissions", tuple)
    for own in ("state=x", "redirect_uri=https://evil.example", "code_challenge_method=plain"):
        with pytest.raises(UsageError, match=own.split("=")[0]):
            SigningIn(keys, CLIENT, SECRET, own)
    with pytest.raises(UsageError, match="OIDC_ISSUER"):
        settings_from({"ADMISSIONS_OIDC_CLIENT_ID": "x"})


def test_an_installation_without_a_client_has_no_such_way(tmp_path: Path) -> None:
    with running(tmp_path) as one:
        add_pages(one.client.app)  # type: ignore[arg-type]
        assert Browser(one).get("/sign-in/issuer").status_code == 404
        assert "/sign-in/issuer" not in Browser(one).get("/sign-in").text
