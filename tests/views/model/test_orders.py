"""Orders in words, whatever stands in them."""

import pytest

from finrec_core.views.model import orders


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (
            {"kind": "train", "seed": 3, "encoder": "tf-idf", "switches": {"text": False, "reviews": False}},
            "quick, seed 3, TF-IDF, without words",
        ),
        (
            {"seed": 0, "thorough": True, "encoder": "models/small", "compare": False},
            "thorough, seed 0, small, no plain methods",
        ),
        ({"kind": "compare", "encoder": "m", "controls": True}, "all methods, with controls, m"),
        ({"kind": "compare", "encoder": "m", "arms": ["ease"]}, "1 method, m"),
        (
            {"kind": "batch", "k": 5, "format": "csv", "reasons": True, "suitable": True},
            "5 products each, CSV, with reasons, only suitable",
        ),
    ],
)
def test_settings_are_said(order, said):
    assert orders.settings(order) == said


def test_what_is_left_out_is_named_once():
    off = dict.fromkeys(("text", "reviews", "ties", "recency"), False)
    assert orders.without(off) == "words, ties and dates"
    assert orders.without({"second_stage": False}) == "second stage"
    assert orders.without({"ties": True}) == ""


def test_an_order_that_cannot_be_read_is_a_training():
    assert (orders.what({}), orders.running({})) == ("Training", "Training a model")
    assert orders.what({"kind": "x"}) == "Training"
    assert orders.data({}) == "a dataset, version ?"
    assert orders.running({"kind": "batch"}) == "Writing the lists of all clients"
