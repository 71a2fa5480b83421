"""Tests of two models side by side: what is said of each figure, and how products move."""

from datetime import UTC, datetime

from finrec_core.evaluation.pairing import PairedFigure, Pairing
from finrec_core.store import RunRow
from finrec_core.views.model import two_models
from finrec_core.views.model.two_models import Line

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


def test_nobody_in_common_is_said_and_nothing_else() -> None:
    said = two_models.basis(Pairing("different", 0, (5, 7), ()))
    assert said == "No client was tested with both models, so their figures do not compare."


def test_the_gain_is_a_sentence() -> None:
    result, said = two_models.gain(Pairing("same", 120, (0, 0), FIGURES))
    assert result == "not settled"
    assert said == (
        "NDCG@20 +0.006 against the model in use, 95 % interval −0.002 to +0.014, 120 clients: not settled, "
        "the interval holds 0."
    )
    assert two_models.gain(Pairing("different", 30, (0, 0), FIGURES))[0] == "different"
    assert two_models.gain(Pairing("same", 1, (0, 0), FIGURES), "mrr")[0] == "unknown"
    assert two_models.gain(Pairing("same", 120, (0, 0), FIGURES), "recall@20")[1].endswith(": better.")


def test_a_list_tells_how_each_product_moved() -> None:
    a = [
        Line(key, name, rank)
        for rank, (key, name) in enumerate(zip("abcde", ["One", "", *"345"], strict=True), 1)
    ]
    b = [Line(key, "", rank) for rank, key in enumerate("acfbe", 1)]
    table = two_models.moves(a, b, 3)
    assert list(table["Product"]) == ["One", "b", "3", "f"]
    assert list(table["Rank in A"]) == ["1", "2", "3", "–"]
    assert list(table["Rank in B"]) == ["1", "4", "2", "3"]
    assert list(table["From B to A"]) == ["Same", "Up 2", "Down 1", "Not offered in A"]
    # What only B's first have is told with its rank and its move, too.
    table = two_models.moves(b, a, 3)
    assert list(table["Product"])[-1] == "b"
    assert list(table["Rank in A"])[-1] == "4"
    a[1] = Line("b", "Two", 2, "until June 2024")
    assert list(two_models.moves(a, b, 3)["Product"])[1] == "Two (had until June 2024)"
    assert list(table["From B to A"])[1:] == ["Up 1", "Not offered in B", "Down 2"]
    assert two_models.in_common(a, b) == "4 of 5 in common"


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
