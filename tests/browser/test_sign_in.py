"""Signing in at a real OpenID provider: who comes in, what each sees, and which tokens do not count."""

import http.client
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from oidc_provider_mock import User
from playwright.sync_api import Browser, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank
from finrec_core.store import Store
from tests import desk
from tests.browser import provider, server

COOKIE = "_streamlit_user"
SECRET = "a secret of forty characters, for a test"
PEOPLE = (
    User(sub="ana", claims={"name": "Ana Lind", "roles": ["adviser"]}),
    User(sub="iris", claims={"name": "Iris Berg", "roles": ["analyst", "publish"]}),
    User(sub="otto", claims={"name": "Otto Falk", "roles": ["auditor", "erase"]}),
    User(sub="mallory", claims={"name": "Mallory", "roles": [["analyst"], {"a": 1}, "ANALYST"]}),
)
WRONG = 1000  # log-ins with made-up codes and states


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page that goes nowhere outside, but for the style that the provider's own pages ask for."""
    with server.page_of(browser, viewport={"width": 1280, "height": 900}) as (page, outside):
        yield page
        assert {one for one in outside if not one.endswith("/pico.min.css")} == set()


def people(branch: str) -> list[User]:
    """Return who can sign in, the adviser at a branch."""
    return [
        User(sub=who.sub, claims=who.claims | ({"branch": branch} if who.sub == "ana" else {}))
        for who in PEOPLE
    ]


def sign_in(page: Page, address: str, who: str) -> None:
    """Sign somebody in at the provider, with nobody signed in before."""
    page.context.clear_cookies()
    page.goto(address)
    page.locator(".st-key-in-default button").click()
    page.get_by_role("button", name=who, exact=True).first.click()
    page.wait_for_url(re.compile(rf"^{re.escape(address)}"))
    server.wait_for_app_run(page)


def forge(page: Page, address: str, claims: dict[str, Any]) -> None:
    """Come with a cookie that the desk's own secret has signed, whatever it claims."""
    value = create_signed_value(SECRET, COOKIE, json.dumps(claims)).decode("latin-1")
    page.context.clear_cookies()
    page.context.add_cookies([{"name": COOKIE, "value": value, "url": address}])
    page.goto(address)
    server.wait_for_app_run(page)


def test_each_sees_what_is_for_them_and_forged_tokens_nothing(page: Page, tmp_path: Path) -> None:
    bank = demo_bank(60, 30, 1).dataset
    desk.trained(tmp_path, bank)
    branch = bank.clients["branch"][0].as_py()
    with (
        provider.provider(people(branch)) as issuer,
        server.serve(tmp_path, lambda at: provider.write_secrets(tmp_path, issuer, at, SECRET)) as address,
    ):
        looked_around(page, address, issuer, bank, branch)
    with Store(tmp_path / "finrec.duckdb") as store:
        (row,) = store.decisions()
    assert row.user == f"Ana Lind (sub ana, iss {issuer})"
    assert row.content["person"] == {"subject": "ana", "name": "Ana Lind", "issuer": issuer}


def looked_around(page: Page, address: str, issuer: str, bank: Dataset, branch: str) -> None:
    """Come in as each of the people, and with tokens that do not count."""
    of = dict(zip(*(bank.clients[name].to_pylist() for name in ("client_id", "branch")), strict=True))
    mine = [client for client, one in of.items() if one == branch]
    theirs = [client for client, one in of.items() if one != branch]
    navigation = page.get_by_test_id("stTopNavLink")

    # Nobody: whatever the address, only the way to sign in.
    page.goto(f"{address}/recommendations?client={theirs[0]}")
    expect(page.locator(".st-key-sign-in")).to_be_visible(timeout=server.PATIENCE)
    expect(page.locator(".st-key-strip")).to_have_count(0)
    expect(navigation).to_have_count(0)

    # An adviser: her pages, her branch, and her name in the record.
    sign_in(page, address, "ana")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.goto(f"{address}/recommendations?client={theirs[0]}")
    server.wait_for_app_run(page)
    expect(page.get_by_text("among those of your branch")).to_be_visible()
    expect(page.locator(".st-key-strip")).to_have_count(0)
    page.goto(f"{address}/train")
    server.wait_for_app_run(page)
    expect(page.get_by_role("heading", name="Not for you")).to_be_visible()
    page.goto(f"{address}/recommendations?client={mine[0]}")
    server.wait_for_app_run(page)
    expect(page.locator(".st-key-strip")).to_be_visible(timeout=server.PATIENCE)
    page.locator(".st-key-decide-reject button").click()
    server.wait_for_app_run(page)
    page.get_by_text("Cost", exact=True).click()
    page.locator(".st-key-record-reject button").click()
    rejected = page.get_by_text("Rejected: ").locator("visible=true")  # the next product is open by then
    expect(rejected).to_have_count(1, timeout=server.PATIENCE)

    # An auditor, whose other rights do not count.
    sign_in(page, address, "otto")
    page.goto(f"{address}/decisions")
    server.wait_for_app_run(page)
    page.locator(".st-key-verify button").click()
    expect(page.get_by_text("Every entry is as it was written")).to_be_visible(timeout=server.PATIENCE)
    page.goto(f"{address}/data")
    server.wait_for_app_run(page)
    expect(page.locator(".st-key-erase")).to_have_count(0)

    # Roles of another form than they should have.
    sign_in(page, address, "mallory")
    expect(page.get_by_text("has no role on this desk")).to_be_visible()

    # Tokens that ran out, of another provider, for another program, and one that was altered.
    now = int(time.time())
    good = {
        **{"iss": issuer, "aud": provider.CLIENT, "sub": "iris", "name": "Iris", "roles": ["analyst"]},
        **{"iat": now, "exp": now + 600, "origin": address, "is_logged_in": True, "provider": "default"},
    }
    forge(page, address, good)
    expect(page.locator(".st-key-sign-in")).to_have_count(0)  # so the others below fail for their own reason
    for claims, said in (
        ({"iat": now - 900, "exp": now - 1}, "has run out"),
        ({"iss": "https://id.elsewhere.example"}, "another provider"),
        ({"aud": "tellers"}, "another program"),
        ({"provider": "elsewhere"}, "does not know the provider"),
        ({"is_logged_in": "yes"}, "Sign in"),
    ):
        forge(page, address, good | claims)
        expect(page.locator(".st-key-sign-in")).to_contain_text(said)
        expect(navigation).to_have_count(0)
    value = create_signed_value(SECRET, COOKIE, json.dumps(good)).decode("latin-1")
    for altered in (
        value[:-4] + "AAAA",
        "A" + value[1:],
        create_signed_value("x" * 40, COOKIE, json.dumps(good)).decode(),
    ):
        page.context.clear_cookies()
        page.context.add_cookies([{"name": COOKIE, "value": altered, "url": address}])
        page.goto(address)
        server.wait_for_app_run(page)
        expect(page.locator(".st-key-sign-in")).to_be_visible()

    # Wrong log-ins, which give nobody a cookie, and after which the desk still lets people in.
    assert wrong_log_ins(address, WRONG) == 0
    sign_in(page, address, "iris")
    expect(page.locator(".st-key-sign-in")).to_have_count(0)
    page.context.clear_cookies()
    page.goto("about:blank")


def wrong_log_ins(address: str, count: int) -> int:
    """Come back from no provider with made-up codes; return how often that gave a cookie with a person."""
    at = urlsplit(address)
    given = 0
    connection = http.client.HTTPConnection(at.hostname or "", at.port)
    for number in range(count):
        query = ("code=x", "state=y", "error=denied", f"code={number}&state={number}", "state=%00", "")[
            number % 6
        ]
        connection.request("GET", f"/oauth2callback?{query}")
        answer = connection.getresponse()
        answer.read()
        set_by = [value for name, value in answer.getheaders() if name.lower() == "set-cookie"]
        given += any(re.match(rf'{COOKIE}="?[^;"]', one) and "Max-Age=0" not in one for one in set_by)
        assert answer.status in (302, 303, 307, 400)
    return given
