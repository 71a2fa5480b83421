"""Compare with, what if and examine on the desk, without a browser, on a bank whose texts are hostile."""

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from finrec_core.demo.bank import demo_bank
from pages.frame import desk as desk_pages
from tests import desk
from tests.desk import Open

CLIENT = "C00002"
HOSTILE = (
    "<img src=http://evil.example/x onerror=alert(1)> **bold** | a :material/bug_report: $x$",
    "صندوق الاستثمار \u202egolb",
    "成長株式ファンド 🚀 " + "x" * 300,
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a trained data folder; three products have hostile names, one has no text at all."""
    bank = demo_bank(60, 30, 1).dataset
    products = bank.products.to_pylist()
    for product, name in zip(products, HOSTILE, strict=False):
        product["name"] = name
    products[3] |= dict.fromkeys(("name", "category", "description"))
    changed = replace(bank, products=pa.Table.from_pylist(products, schema=bank.products.schema))
    return desk.trained(tmp_path_factory.mktemp("trained"), changed)


@pytest.fixture
def opened(open_desk: Open, trained: Path) -> Open:
    """Return a function that opens a client's card over a copy of the trained folder."""
    return partial(open_desk, "", trained, client=CLIENT)


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for kind in (app.markdown, app.caption) for one in kind)


def ranked() -> list[str]:
    """Return the ids of the products that are offered to the client, best first."""
    return [line.product for line in desk_pages.model(desk.RUN).recommend(CLIENT, 1000)]


def test_leaving_out_moves_points_and_rank_at_once_and_reset_takes_it_back(opened: Open) -> None:
    app = opened()
    pills = app.button_group(key="without-client")
    assert len(pills.options) > 1
    pills.set_value([0]).run()
    assert not app.exception
    told = re.search(r"Without (.+): (\d+) points instead of 100, rank (\w+) ", said(app))
    assert told, said(app)
    assert "The two agree." in said(app)
    app.button(key="reset").click().run()
    assert "points instead of" not in said(app)
    assert app.button_group(key="without-client").value == []


def test_a_product_can_be_added_and_taken_back(opened: Open) -> None:
    app = opened()
    first, second = ranked()[:2]
    app = opened(product=second)
    app.text_input(key="add-product").set_value(first).run()
    app.button(key=f"add-product-{first}").click().run()
    assert not app.exception
    assert "With **" in said(app)
    assert "rank 1st instead of 2nd" in said(app), "what is added leaves the list"
    assert app.text_input(key="add-product").value == ""
    app.button_group(key="added").set_value([]).run()
    assert "instead of 2nd" not in said(app)


def test_what_the_client_has_is_not_offered_to_be_added(opened: Open) -> None:
    app = opened()
    for held in desk_pages.model(desk.RUN).held(CLIENT)[:2]:
        app.text_input(key="add-product").set_value(held).run()
        assert f"add-product-{held}" not in {button.key for button in app.button}


def test_both_lenses_can_be_changed_and_the_next_product_begins_unchanged(opened: Open) -> None:
    app = opened()
    app.button_group(key="without-client").set_value([0]).run()
    app.segmented_control(key="lens").set_value("product").run()
    pills = app.button_group(key="without-product")
    assert all(re.match(r"Client \d+$|All \d+ others$", one) for one in pills.options)
    pills.set_value([0, 1]).run()
    assert not app.exception
    assert "Client 1" in said(app)
    app.query_params["product"] = ranked()[1]
    app.run()
    assert "Client 1 and" not in said(app)


def test_any_product_can_be_compared_with_and_the_sum_is_said(opened: Open) -> None:
    app = opened()
    app.segmented_control(key="part").set_value("Compare").run()
    order = ranked()
    assert " stands " in said(app), "the next one on the list, to begin with"
    for key in (order[-1], *desk_pages.model(desk.RUN).dataset.products["product_id"].to_pylist()[:4]):
        if key == order[0]:
            continue
        app.text_input(key="compare-with").set_value(key).run()
        app.button(key=f"compare-with-{key}").click().run()
        assert not app.exception
        assert "the bars add up to the difference of the two scores" in said(app)
    assert "| :gray[Rank] | 1st |" in said(app)
    assert not re.search(r"(?<!\\)<img", said(app))
    assert ":material/bug" not in said(app)


def test_a_product_that_the_client_has_can_be_compared_with(opened: Open) -> None:
    app = opened()
    app.segmented_control(key="part").set_value("Compare").run()
    held = desk_pages.model(desk.RUN).held(CLIENT)[0]
    app.text_input(key="compare-with").set_value(held).run()
    app.button(key=f"compare-with-{held}").click().run()
    assert "already: it is scored without that" in said(app)
    assert "Has it already" in said(app)


def test_the_smallest_change_is_worked_out_when_it_is_opened(opened: Open) -> None:
    app = opened()
    assert "leaves the top ten" not in said(app)
    app.segmented_control(key="part").set_value("Examine").run()
    assert not app.exception
    assert re.search(r"leaves the top ten: rank \d+th instead of 1st|No removal", said(app))


@pytest.mark.parametrize("product", ["P001", "P002", "P003", "P004"])
def test_a_hostile_name_and_a_product_without_text_keep_the_page_whole(opened: Open, product: str) -> None:
    app = opened(product=product)
    assert not app.exception
    assert app.button_group(key="without-client").options or "no products" in said(app)
    assert not re.search(r"(?<!\\)<img", said(app))
