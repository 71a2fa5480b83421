"""The search for everything on the desk: what it shows, where it leads, and to whom it shows what."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from finrec_core.access import Person
from pages.frame import desk, gate
from tests.pages.deciding import CLIENT, decide, stored, texts


def search(app: AppTest, text: str) -> list[str]:
    """Open the search, type a text, and return the keys of the buttons of what is found."""
    app.session_state["everything"] = text
    app.button(key="search-open").click().run()
    assert not app.exception
    return [str(button.key) for button in app.button if str(button.key).startswith("match-")]


def take(app: AppTest, key: str) -> None:
    """Press the button of what was found; the dialog, which is made alone on a desk, is opened with it."""
    app.button(key="search-open").click()
    app.button(key=key).click().run()
    assert not app.exception


def name_of(client: str) -> str:
    data = desk.model(stored().active_run().run).dataset
    return str(data.clients["name"][data.client_rows[client]].as_py())


def test_a_client_is_found_by_number_and_its_card_opens(open_page) -> None:
    app = open_page("today")
    assert search(app, "C00005")[0] == "match-client-C00005"
    take(app, "match-client-C00005")
    assert app.query_params["client"] == "C00005"
    assert name_of("C00005") in texts(app)


def test_a_slip_in_a_name_is_forgiven_and_said(open_page) -> None:
    app = open_page("today")
    client = max((f"C000{number}" for number in range(10, 50)), key=lambda key: len(name_of(key)))
    first, last = name_of(client).rsplit(" ", 1)
    assert f"match-client-{client}" in search(app, f"{first} {last[:-2]}{last[-1]}{last[-2]}")
    assert "spelled alike" in said(app)
    assert search(app, "qqqqqqqq") == []
    assert "Nothing has that name or number." in said(app)


def said(app: AppTest) -> str:
    return " ".join(str(one.proto.body) for one in app.get("html"))


def test_a_product_a_page_and_a_decision(open_page) -> None:
    app = open_page("recommendations", client=CLIENT)
    decide(app, "later", "talk")
    entry = stored().decisions()[-1]
    assert search(app, "#1")[0] == f"match-decision-{entry.id}"
    take(app, f"match-decision-{entry.id}")
    assert app.title[0].value == "Decisions"
    assert "Choose a row" not in texts(app)
    assert search(app, "models")[0] == "match-page-models"
    product = desk.model(stored().active_run().run).dataset.products["product_id"][3].as_py()
    assert search(app, product)[0] == f"match-product-{product}"
    take(app, f"match-product-{product}")
    assert app.query_params["product"] == product


def test_an_adviser_finds_clients_and_decisions_of_the_own_branch_and_the_own_pages(
    open_page, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("recommendations", client=CLIENT)
    decide(app, "later", "talk")
    data = desk.model(stored().active_run().run).dataset.clients
    of = dict(zip(data["client_id"].to_pylist(), data["branch"].to_pylist(), strict=True))
    other = next(branch for branch in of.values() if branch != of[CLIENT])
    ana = Person("24", "Ana", "https://id.example", frozenset({"adviser"}), frozenset({other}))
    monkeypatch.setattr(gate, "asking", lambda: lambda: ana)
    found = search(app, "C000")
    assert found
    assert all(of[key.removeprefix("match-client-")] == other for key in found)
    assert search(app, CLIENT) == []
    assert [
        key for key in search(app, "#1") if "decision" in key
    ] == []  # a decision about a client of another branch
    assert [key for key in search(app, "models") if "page" in key] == []
    ana = replace(ana, branches=frozenset({of[CLIENT]}))
    assert search(app, CLIENT)[0] == f"match-client-{CLIENT}"
    assert search(app, "#1")[0].startswith("match-decision-")
