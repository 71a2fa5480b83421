"""What stands highest among some clients, without a browser."""

from finrec_core.terms.bounds import TOO_FEW
from pages.frame import desk as desk_pages
from tests.pages.conftest import Open
from tests.pages.deciding import stored, texts


def test_a_set_of_clients_is_ranked_and_small_counts_are_not_shown(open_page: Open) -> None:
    app = open_page("product")
    data = desk_pages.model(stored().active_run().run).dataset
    app.button(key="rank-among").click().run()
    assert not app.exception
    (frame,) = [one.value for one in app.dataframe if "Mean place" in one.value]
    counts = frame["On the first ten"].tolist()
    assert all(one == f"fewer than {TOO_FEW}" or int(one) >= TOO_FEW for one in counts)
    told = [int(one) for one in counts if not one.startswith("fewer")]
    assert told == sorted(told, reverse=True)
    assert f"{len(data.clients):,} clients" in texts(app)


def test_a_list_of_numbers_is_taken_and_what_is_unknown_is_named(open_page: Open) -> None:
    app = open_page("product")
    data = desk_pages.model(stored().active_run().run).dataset
    some = list(data.client_rows)[:6]
    app.text_area(key="among-ids").set_value("\n".join([*some, "nobody"])).run()
    assert "nobody" in app.warning[0].value
    assert app.button(key="rank-among").label == "Rank for 6 clients"
    app.text_area(key="among-ids").set_value("\n".join(some[:3])).run()
    assert "fewer than 5 clients" in texts(app)
