"""The portfolio without a browser: what the client has, and what the product would change."""

from pages.frame import desk as desk_pages
from pages.recommendations import parts
from tests.pages.conftest import Open
from tests.pages.deciding import CLIENT, stored, texts


def test_the_portfolio_shows_what_the_client_has_and_what_the_product_would_change(open_page: Open) -> None:
    app = open_page(client=CLIENT)
    app.button_group(key=parts.KEY).set_value("Portfolio").run()
    assert not app.exception
    said = texts(app)
    assert "- Products: " in said
    assert "Counts below five are not shown" in said
    data = desk_pages.model(stored().active_run().run).dataset
    row = data.client_rows[CLIENT]
    has = int((data.pairs.held & (data.pairs.clients == row)).sum())
    assert f"- Products: {has} → **{has + 1}**" in said
    frames = [frame.value for frame in app.dataframe]
    assert any({"Product", "State"} <= set(frame) and len(frame) >= has for frame in frames)
    assert any(
        "Share by number" in frame and abs(frame["Share by number"].sum() - 100) < 1 for frame in frames
    )


def test_a_client_with_nothing_has_a_portfolio_that_says_so(open_page: Open) -> None:
    open_page()
    data = desk_pages.model(stored().active_run().run).dataset
    having = set(data.pairs.clients[data.pairs.had].tolist())
    bare = next(key for key, row in data.client_rows.items() if row not in having)
    app = open_page(client=bare)
    app.button_group(key=parts.KEY).set_value("Portfolio").run()
    assert not app.exception
    assert "The client has no products, and had none" in texts(app)
