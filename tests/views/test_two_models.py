"""Tests of two models side by side: what is said of each figure, and how products move."""

from datetime import UTC, datetime

from finrec_core.evaluation.pairing import PairedFigure, Pairing
from finrec_core.store import RunRow
from finrec_core.views import two_models
from finrec_core.views.two_models import Line

FIGURES = (
    PairedFigure("ndcg@20", 0.274, 0.268, (-0.002, 0.014)),
    PairedFigure("recall@20", 0.597, 0.586, (0.001, 0.021)),
    PairedFigure("popular@10", 0.38, 0.44, (-0.09, -0.03)),
    PairedFigure("mrr", 0.2, 0.3, None),
    PairedFigure("unknown", 0.2, 0.3, None),
)


def test_measures_say_what_is_settled() -> None:
    table = two_models.measures(Pairing("same", 120, (0, 0), FIGURES))
    assert table.to_dict("records")[0] == {
        "Measure": "NDCG@20",
        "A": "0.274",
        "B": "0.268",
        "Difference": "+0.006",
        "95 % interval": "−0.002 to +0.014",
        "Result": "Not settled",
    }
    assert list(table["Result"]) == ["Not settled", "Better", "Lower", "Not settled"]
    assert table["Difference"][2] == "−6.0 points"
    assert table["95 % interval"][3] == "–"


def test_the_basis_is_said() -> None:
    assert "paired" in two_models.basis(Pairing("same", 1, (0, 0), ()))
    assert "the same" in two_models.basis(Pairing("matched", 30, (0, 0), FIGURES))
    said = two_models.basis(Pairing("different", 30, (0, 0), FIGURES))
    assert "may come from the data alone" in said
    assert said.endswith("the interval holds 0.")


def test_a_list_tells_how_each_product_moved() -> None:
    a = [Line("p1", "One", 1), Line("p2", "Two", 2), Line("p3", "", 3), Line("p4", "Four", 4)]
    b = [Line("p1", "One", 1), Line("p3", "", 2), Line("p9", "Nine", 3)]
    table = two_models.moves(a, b, {"p1": 1, "p3": 2, "p9": 3, "p2": 7})
    assert list(table["From B to A"]) == ["Same", "Up 5", "Down 1", "Not offered in B", "Not in A's first 4"]
    assert list(table["Product"]) == ["One", "Two", "p3", "Four", "Nine"]
    assert two_models.in_common(a, b) == "2 of 4 in common"


def test_settings_name_what_was_left_out() -> None:
    run = RunRow(
        "r",
        "bank",
        1,
        "hash",
        datetime(2026, 3, 1, tzinfo=UTC),
        1.0,
        "tf-idf",
        3,
        constants={"switches": {"text": False, "ties": False, "network": True}},
    )
    assert two_models.settings(run) == "tf-idf, seed 3, without words and connections"
