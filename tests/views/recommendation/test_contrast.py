"""Two products side by side: a row for each fact that either has, in the words of the screen."""

from dataclasses import replace

import pyarrow as pa

from finrec_core.dataset.schema import SCHEMAS
from finrec_core.explain.points import PointScale
from finrec_core.recommender import Recommendation
from finrec_core.views.recommendation.contrast import side_by_side
from tests.planted import planted

SCALE = PointScale(0.0, 100.0)


def products(*rows):
    bank = planted(seed=1).dataset
    blank = dict.fromkeys(SCHEMAS["products"].names)
    listed = [blank | {"product_id": f"p{n:03}"} for n in range(len(bank.products))]
    for n, row in enumerate(rows):
        listed[n] |= row
    return replace(bank, products=pa.Table.from_pylist(listed, schema=SCHEMAS["products"]))


FUND = {
    "name": "Climate Fund",
    "category": "Funds",
    "risk_class": 3,
    "min_horizon_years": 1.0,
    "ongoing_cost_pct": 0.455,
    "min_knowledge": "basic",
    "loss_potential": "full",
}
ONE = Recommendation(2, "p000", "Climate Fund", 92.4, 92.4, {"clients": 1, "reviews": 12})
TWO = Recommendation(None, "p001", "Home Loan", -5.0, -5.0, {"clients": 1200, "reviews": 0}, held=True)


def table(frame):
    return {row[0]: tuple(row[1:]) for row in frame.values.tolist()}


def test_each_fact_has_a_row_and_what_one_lacks_is_a_dash():
    frame = side_by_side(products(FUND, {"name": "Home Loan"}), SCALE, (ONE, TWO), ("Fits", "Check"))
    assert list(frame.columns) == ["", "Climate Fund", "Home Loan"]
    assert table(frame) == {
        "Rank": ("2nd", "Has it already"),
        "Points": ("92", "−5"),
        "Verdict": ("Fits", "Check"),
        "Category": ("Funds", "–"),
        "Risk class": ("3 of 7", "–"),
        "Recommended holding period": ("1 year", "–"),
        "Ongoing cost per year": ("0.46 %", "–"),
        "Knowledge needed": ("Basic", "–"),
        "Possible loss": ("Full", "–"),
        "Evidence": ("1 similar client, 12 reviews", "1,200 similar clients, no reviews"),
    }


def test_without_facts_verdicts_and_points_their_rows_are_left_out():
    gone = replace(TWO, held=False)
    frame = side_by_side(products(), PointScale(1.0, 1.0), (ONE, gone))
    assert table(frame).keys() == {"Rank", "Evidence"}
    assert table(frame)["Rank"] == ("2nd", "Not offered")


def test_two_products_of_one_name_are_told_apart():
    twin = replace(TWO, name="Climate Fund")
    frame = side_by_side(products(), SCALE, (ONE, twin))
    assert list(frame.columns[1:]) == ["Climate Fund (p000)", "Climate Fund (p001)"]
