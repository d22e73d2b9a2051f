"""Guards: headers, hosts, proxies, cookies and forged posts."""

from __future__ import annotations

import io
import ipaddress
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.person import Person

PAGES = ["/", "/who", "/privacy", "/ranking", "/under-18", "/cleared", "/check", "/results"]
PAGES += ["/questions/er", "/studies/no-label", "/nowhere", "/healthz", "/api/v1/studies"]
PUBLIC = "https://matcher.example.org"
MakeApp = Callable[..., Flask]


@pytest.mark.parametrize("path", PAGES)
def test_no_answer_may_be_kept_framed_or_scripted(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; ")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", PAGES[:-2])
def test_no_page_holds_script_or_style_of_its_own(person: Person, path: str) -> None:
    person.begin()
    person.open(path)
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", person.page)


def test_https_is_made_to_last(make_app: MakeApp) -> None:
    client = make_app(public_url=PUBLIC).test_client()
    response = client.get("/", base_url=PUBLIC)
    assert response.headers["Strict-Transport-Security"] == "max-age=63072000"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:5", "[::1]:8000"])
def test_this_machine_is_always_served(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/nowhere", "/api/v1/studies", "/static/x/y", "/check"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a b", "@", ""])
def test_other_hosts_are_refused(client: FlaskClient, path: str, host: str) -> None:
    response = client.get(path, headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.text
    if path.startswith("/api"):
        assert response.content_type == "application/problem+json"


def test_the_public_name_is_served(make_app: MakeApp) -> None:
    client = make_app(public_url=PUBLIC).test_client()
    assert client.get("/", base_url=PUBLIC).status_code == 200
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_plain_http_under_another_name_needs_to_be_asked_for(make_app: MakeApp) -> None:
    name = {"Host": "laptop.example"}
    careful = make_app(public_url="http://laptop.example").test_client()
    assert careful.get("/", headers=name).status_code == 400
    bold = make_app(insecure=True).test_client()
    assert bold.get("/", headers=name).status_code == 200


def test_forwarded_headers_count_only_from_listed_proxies(make_app: MakeApp) -> None:
    proxies = (ipaddress.ip_network("10.0.0.0/8"),)
    client = make_app(public_url=PUBLIC, trusted_proxies=proxies).test_client()
    forwarded = {"X-Forwarded-Host": "matcher.example.org", "X-Forwarded-Proto": "https"}

    def status(address: str, headers: dict[str, str]) -> int:
        return client.get(
            "/",
            headers={"Host": "inner.example", **headers},
            environ_overrides={"REMOTE_ADDR": address},
        ).status_code

    assert status("10.1.2.3", forwarded) == 200
    assert status("192.0.2.1", forwarded) == 400
    assert status("not an address", forwarded) == 400
    assert status("10.1.2.3", {**forwarded, "X-Forwarded-Host": "evil.example"}) == 400


def test_the_visit_cookie_on_this_machine(client: FlaskClient) -> None:
    Person(client).begin()
    cookie = client.get_cookie("matcher")
    assert cookie is not None
    assert (cookie.http_only, cookie.secure, cookie.same_site) == (True, False, "Lax")
    assert cookie.max_age == 24 * 3600


def test_the_visit_cookie_on_a_shared_computer_ends_with_the_browser(client: FlaskClient) -> None:
    Person(client).begin(shared="yes")
    cookie = client.get_cookie("matcher")
    assert cookie is not None
    assert cookie.max_age is None


def test_the_cookies_over_https_are_bound_to_the_host(make_app: MakeApp) -> None:
    client = make_app(public_url=PUBLIC).test_client()
    page = client.get("/who", base_url=PUBLIC)
    code = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert code is not None
    data = {"csrf_token": code[1], "about": "self"}
    response = client.post("/who", data=data, base_url=PUBLIC)
    given = "\n".join(page.headers.getlist("Set-Cookie") + response.headers.getlist("Set-Cookie"))
    for name in ("__Host-matcher=", "__Host-matcher-form="):
        (line,) = {c for c in given.splitlines() if c.startswith(name)}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain" not in line


def test_a_proxy_that_ends_https_without_saying_so_still_gets_locked_cookies(
    make_app: MakeApp,
) -> None:
    client = make_app(public_url=PUBLIC).test_client()
    plain = {"base_url": "http://matcher.example.org"}
    assert "__Host-matcher-form" in client.get("/who", **plain).headers["Set-Cookie"]


def test_a_post_without_our_code_changes_nothing(client: FlaskClient) -> None:
    for path in ("/who", "/clear", "/language", "/questions/er", "/check/hard-topics"):
        response = client.post(path, data={"about": "self", "language": "es"})
        assert response.status_code == 400, path
        assert "Please try that again" in response.text
    assert client.get_cookie("matcher") is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "http://localhost:443"},
        {"Origin": "http://someone@localhost"},
        {"Origin": "localhost"},
        {"Origin": "http://["},
        {"Origin": ""},
    ],
)
def test_a_post_from_another_site_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    person = Person(client)
    person.open("/who")
    person.headers |= headers
    answer = person.send(about="self")
    assert answer.status_code == 400
    assert client.get_cookie("matcher") is None
    assert "Set-Cookie" not in answer.headers


def test_a_foreign_post_does_not_write_over_the_cookie_of_our_forms(client: FlaskClient) -> None:
    """A browser leaves our cookie out of it (SameSite): the refusal must not give a new one."""
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/language", data={"language": "es"}, headers=headers)
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_a_post_from_our_own_page_is_taken(client: FlaskClient) -> None:
    person = Person(client)
    person.open("/who")
    person.headers |= {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert person.send(about="self").status_code == 200
    assert client.get_cookie("matcher") is not None


@pytest.mark.parametrize(
    ("public", "base", "origin", "ours"),
    [
        (None, "http://localhost:8000", "http://localhost:8000", True),
        (None, "http://localhost", "http://localhost:80", True),
        (None, "http://[::1]:8000", "http://[::1]:8000", True),
        (None, "https://localhost", "https://localhost", True),
        (None, "https://localhost", "http://localhost", False),
        (PUBLIC, PUBLIC, PUBLIC, True),
        (PUBLIC, PUBLIC, "https://MATCHER.example.org:443", True),
        (PUBLIC, PUBLIC, "http://matcher.example.org", False),
        (PUBLIC, PUBLIC, f"{PUBLIC}:8443", False),
        # The proxy ends https and does not say so.
        (PUBLIC, "http://matcher.example.org", PUBLIC, True),
        (PUBLIC, "http://matcher.example.org", "http://matcher.example.org", False),
        (f"{PUBLIC}:8443", "http://matcher.example.org", f"{PUBLIC}:8443", True),
        # This very machine, beside the public name.
        (PUBLIC, "http://localhost:8000", "http://localhost:8000", True),
        (PUBLIC, "http://localhost:8000", PUBLIC, False),
        ("http://localhost:8000", "http://localhost:5000", "http://localhost:5000", True),
    ],
)
def test_an_origin_is_ours_with_its_scheme_and_port(
    make_app: MakeApp, public: str | None, base: str, origin: str, ours: bool
) -> None:
    client = make_app(public_url=public, frame_ancestors=("https://charity.example",)).test_client()
    headers = {"Origin": origin}
    # Without a whom it leads on to our own question: the one form that needs no code.
    answer = client.post("/embed", base_url=base, headers=headers)
    assert answer.status_code == (303 if ours else 400)


@pytest.mark.parametrize(
    ("address", "origin", "status"),
    [
        ("10.1.2.3", "https://localhost", 303),
        ("10.1.2.3", "http://localhost", 400),
        ("192.0.2.1", "http://localhost", 303),
        ("192.0.2.1", "https://localhost", 400),
    ],
)
def test_the_scheme_of_the_own_origin_is_believed_from_listed_proxies_alone(
    make_app: MakeApp, address: str, origin: str, status: int
) -> None:
    proxies = (ipaddress.ip_network("10.0.0.0/8"),)
    client = make_app(
        trusted_proxies=proxies, frame_ancestors=("https://charity.example",)
    ).test_client()
    answer = client.post(
        "/embed",
        headers={"Origin": origin, "X-Forwarded-Proto": "https"},
        environ_overrides={"REMOTE_ADDR": address},
    )
    assert answer.status_code == status


def test_get_and_head_change_nothing(person: Person) -> None:
    person.begin()
    person.answer("er", "positive")
    for path in ("/clear", "/language", "/check/hard-topics"):
        assert person.client.get(path).status_code == 405
        assert person.client.head(path).status_code == 405
    person.open("/check")
    assert "ER-positive" in person.page


@pytest.mark.parametrize("size", [101 * 1024, 1024 * 1024 + 1])
def test_a_form_that_is_too_large_is_refused(person: Person, size: int) -> None:
    person.begin()
    assert person.send(answer="x" * size).status_code == 413
    assert "That was too large" in person.page


@pytest.mark.parametrize(("path", "size"), [("/who", 200_000), ("/api/v1/match", 2_000_000)])
def test_a_body_without_a_length_is_not_cut_off_in_silence(
    client: FlaskClient, path: str, size: int
) -> None:
    body = io.BytesIO(b'{"answers": {}}' + b" " * size)
    environ = {"wsgi.input": body, "wsgi.input_terminated": True}
    response = client.post(path, content_type="application/json", environ_overrides=environ)
    assert response.status_code == 413
