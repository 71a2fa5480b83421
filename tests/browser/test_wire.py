"""What only a browser shows of the wire: that the desk works under its policy, and what that forbids."""

import http.client
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.frame.wire import COOKIE
from tests.browser.server import open_part, wait_for_app_run

pytestmark = pytest.mark.browser
PATIENCE = 90_000


def answered(address: str, path: str, browser: str) -> int:
    """Return the status of a file asked for by a browser of a name."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    connection.request("GET", path, headers={"Cookie": f"{COOKIE}={browser}"} if browser else {})
    return connection.getresponse().status


def test_charts_pictures_and_downloads_work_under_the_policy(trained_address: str, page: Page) -> None:
    """The first request of a browser is a deep link; the fixture sees that nothing needed was forbidden."""
    answer = page.goto(f"{trained_address}/recommendations?client=C00002&product=P002")
    assert answer is not None
    assert "'unsafe-eval'" not in answer.headers["content-security-policy"]
    expect(page.locator(".st-key-strip")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    page.get_by_text("Explore the picture").click()
    frame = page.frame_locator("[data-testid=stIFrame]")
    expect(frame.locator("body[data-drawn=yes] canvas")).to_be_visible(timeout=PATIENCE)
    open_part(page, "Record")
    with page.expect_download(timeout=PATIENCE) as saved:
        page.get_by_test_id("stDownloadButton").locator("button").first.click()
    assert saved.value.path().stat().st_size > 0
    path = urlsplit(saved.value.url).path
    (mine,) = [one["value"] for one in page.context.cookies() if one["name"] == COOKIE]
    assert answered(trained_address, path, mine) == 200
    assert [answered(trained_address, path, one) for one in ("", "another", f"{mine}x")] == [404, 404, 404]
    page.goto(f"{trained_address}/models")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)


def test_what_a_text_would_run_or_load_is_forbidden(trained_address: str, browser: Browser) -> None:
    from tests.browser import server

    with server.page_of(browser) as (page, refused):
        page.goto(trained_address)
        wait_for_app_run(page)
        for script in (
            "setTimeout('window.ran = 1', 0)",  # what the test itself evaluates is not held to the policy
            "const one = document.createElement('script'); one.text = 'ran = 1'; document.body.append(one)",
            "const one = new Image(); one.src = 'https://bank.example/pixel'; document.body.append(one)",
        ):
            before = len(refused)
            page.evaluate(f"() => {{ {script} }}")
            page.wait_for_timeout(300)
            assert any(server.POLICY in said for said in refused[before:]), script
        assert page.evaluate("window.ran") is None
