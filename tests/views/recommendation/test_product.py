from dataclasses import replace

import pyarrow as pa
import pytest

from finrec_core.dataset import Dataset
from finrec_core.views.recommendation.product import REVIEWS, product_view, review_table
from tests.planted import table

IDS = [f"c{k}" for k in range(130)]


@pytest.fixture(scope="module")
def shop() -> Dataset:
    """p0 has 120 reviews, one of them low, one blank; p1 nothing but an id; p2 is not offered."""
    reviews = ["It was dear " + "x" * k for k in range(120)]
    reviews[5] = "   "
    return Dataset(
        clients=table("clients", client_id=IDS, name=[f"Name {k}" for k in range(130)]),
        products=table(
            "products",
            product_id=["p0", "p1", "p2"],
            name=["Fund", None, "Old"],
            description=["A fund.", None, None],
            risk_class=[3, None, None],
            available=[True, None, False],
        ),
        interactions=table(
            "interactions",
            client_id=[*IDS[:120], IDS[0]],
            product_id=["p0"] * 120 + ["p2"],
            rating=[1.0] + [5.0] * 120,
            review=[*reviews, None],
        ),
        ties=table("ties", client_id=[]),
        rating_limit=3.0,
    )


def test_what_the_data_says_of_a_product(shop: Dataset) -> None:
    view = product_view(shop, "p0")
    assert (view.name, view.text, view.facts) == ("Fund", "A fund.", (("Risk class", "3 of 7"),))
    assert view.standing == "119 clients have it, 1 more rated it low"
    assert (view.written, len(view.reviews)) == (119, REVIEWS)
    assert len(view.reviews[0].text) > len(view.reviews[-1].text)


def test_a_product_of_which_nothing_is_known_is_whole(shop: Dataset) -> None:
    view = product_view(shop, "p1")
    assert (view.name, view.text, view.facts, view.reviews) == ("p1", "", (), ())
    assert view.standing == "No client has it yet"
    assert review_table(view).empty
    assert not product_view(shop, "p2").offered
    assert product_view(shop, "p2").standing == "1 client has it"


def test_the_verb_is_that_of_the_data(shop: Dataset) -> None:
    assert product_view(replace(shop, verb="wrote about"), "p2").standing == "1 client wrote about it"


def test_reviews_stand_without_writer_month_and_stars_unless_allowed(shop: Dataset) -> None:
    plain = review_table(product_view(shop, "p0"))
    assert list(plain.columns) == ["Review", "Begins"]
    assert plain["Review"][0] == "Review 1"
    assert "Name" not in plain.to_string()
    told = review_table(product_view(shop, "p0", show_writers=True))
    assert told["Review"][0] == "Review by Name 119"
    assert told["Stars"][0] == "5"


def test_no_id_of_a_client_is_in_the_view(shop: Dataset) -> None:
    view = product_view(shop, "p0")
    assert not any(key in repr(vars(view)) for key in ("c119", "c0"))
    assert isinstance(shop.products, pa.Table)
