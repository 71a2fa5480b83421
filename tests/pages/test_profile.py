"""The profile on the page Data: what the import merged, and what ties can do for whom."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from finrec_core.store import Store
from tests import desk
from tests.dataset.tables import interactions, read

PRODUCTS = ("fund", "card", "loan", "gold")


def page() -> None:
    from pages.data import profile
    from pages.frame import desk

    profile.show(desk.store().version())


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[str]:
    """Yield what the page says of clients with four products each, eight rows of which stand twice."""
    rows = [f"c{client},{product},,," for client in range(12) for product in PRODUCTS]
    ties = "client_id,other_client_id\n" + "".join(f"c{client},c{client + 1}\n" for client in range(11))
    intake = read(interactions(*rows, *rows[:8]), ("ties.csv", ties))
    with Store(tmp_path / "finrec.duckdb") as store:
        store.add_dataset(intake.dataset, repairs=intake.repairs, rejects=intake.rejects)
    with desk.opened(tmp_path):
        app = AppTest.from_function(page, default_timeout=60).run()
        assert not app.exception
        yield " ".join(one.value for one in app.markdown)


def test_repeated_rows_are_told_and_ties_promise_nothing_to_nobody(shown: str) -> None:
    assert "8 interactions repeat a client and product" in shown
    assert "Nobody who is tied has three products or fewer" in shown
    assert "for those with three products" not in shown
