"""The dots: ours first, then the best, with what the intervals say."""

import pytest

from finrec_core.views.charts import dots
from finrec_core.views.charts.dots import Dot
from finrec_core.views.charts.theme import LIGHT

ARMS = {
    "popularity": {"ndcg@20": {"value": 0.179, "ci95": [0.168, 0.190]}},
    "ease": {"ndcg@20": {"value": 0.275, "ci95": [0.254, 0.280]}},
    "fused": {"ndcg@20": {"value": 0.274, "ci95": [0.261, 0.287]}},
    "odd <b>": {"ndcg@20": {"value": 0.1, "ci95": None}},
    "text-network": {"recall@20": {"value": 0.5, "ci95": [0.4, 0.6]}},
}
FOUND = dots.of_arms(ARMS, "ndcg@20")


def test_ours_is_first_then_the_best_and_an_arm_without_the_metric_is_left_out():
    assert [arm.name for arm in FOUND] == ["Fused", "EASE", "Popularity", "odd <b>"]
    assert [arm.ours for arm in FOUND] == [True, False, False, False]
    assert (FOUND[3].low, FOUND[3].high, FOUND[3].ends) == (None, None, (0.1, 0.1))


def test_the_figure_shows_mean_and_interval():
    figure = dots.dots(FOUND, LIGHT)
    first = figure.data[0]
    assert first.x == (0.274,)
    assert first.error_x.array == pytest.approx((0.013,))
    assert first.error_x.arrayminus == pytest.approx((0.013,))
    assert first.marker.color == LIGHT.accent
    assert figure.data[1].marker.color == LIGHT.grey
    assert [note.text for note in figure.layout.annotations] == ["<b>0.274</b>", "0.275", "0.179", "0.100"]
    low, high = figure.layout.xaxis.range
    assert low < 0.1
    assert high > 0.287
    assert figure.layout.yaxis.ticktext == ("<b>Fused</b>", "EASE", "Popularity", "odd &lt;b&gt;")


def test_figures_that_are_compared_share_a_scale():
    one, two = (dots.dots(FOUND[:k], LIGHT, scale=(0.0, 0.5)) for k in (1, 3))
    assert one.layout.xaxis.range == two.layout.xaxis.range
    assert one.layout.xaxis.ticktext == ("0.0", "0.1", "0.2", "0.3", "0.4", "0.5")


@pytest.mark.parametrize("arms", [[], [Dot("Only", 0.0, 0.0, 0.0, ours=True)], [Dot("x", 1.0, 1.0, 1.0)]])
def test_few_and_equal_arms_are_drawn(arms):
    low, high = dots.dots(arms, LIGHT).layout.xaxis.range
    assert low < high


def test_a_long_name_takes_two_lines_and_its_rows_the_room():
    arms = [Dot("Text only, closed form", 0.2, 0.1, 0.3), Dot("EASE", 0.2, 0.1, 0.3)]
    narrow, wide = (dots.dots(arms, LIGHT, room=room) for room in (14, 26))
    assert narrow.layout.yaxis.ticktext == ("Text only,<br>closed form", "EASE")
    assert wide.layout.yaxis.ticktext == ("Text only, closed form", "EASE")
    assert narrow.layout.height > wide.layout.height


def test_an_arm_whose_figure_is_not_known_is_left_out():
    assert dots.of_arms({"ease": {"mrr": {"value": None, "ci95": None}}, "edlae": {"mrr": None}}, "mrr") == []


def test_a_mean_outside_its_interval_is_refused():
    with pytest.raises(ValueError, match="lies outside its interval"):
        Dot("x", 0.5, 0.6, 0.7)
    with pytest.raises(ValueError, match="two ends or none"):
        Dot("x", 0.5, 0.4, None)


def test_a_dot_without_an_interval_does_not_read_as_one_of_no_width():
    one = dots.of_arms({"fused": {"mrr": {"value": 1.0, "ci95": None}}}, "mrr")
    assert dots.table(one, "MRR")["95 % interval"].tolist() == ["–"]
    assert dots.alternative(one, "MRR") == "MRR, mean and 95 % interval: Fused 1.000 (no interval)."
    (drawn,) = dots.dots(one, LIGHT).data
    assert drawn.hovertext == ("Fused: 1.000, no interval",)
    assert (drawn.error_x.array, drawn.error_x.arrayminus) == ((0.0,), (0.0,))


@pytest.mark.parametrize(
    ("scale", "labels"),
    [
        ((0.358, 0.38), ["0.360", "0.365", "0.370", "0.375", "0.380"]),
        ((0.0, 0.07), ["0.00", "0.01", "0.02", "0.03", "0.04", "0.05", "0.06", "0.07"]),
        ((0.0, 7.0), ["0", "1", "2", "3", "4", "5", "6", "7"]),
        ((0.5, 0.5004), ["0.5000", "0.5001", "0.5002", "0.5003", "0.5004"]),
    ],
)
def test_ticks_have_the_decimals_of_their_step(scale, labels):
    axis = dots.dots([Dot("x", scale[0], *scale)], LIGHT, scale=scale).layout.xaxis
    assert list(axis.ticktext) == labels


def test_the_table_and_the_words():
    table = dots.table(FOUND[:2], "NDCG@20")
    assert table.to_dict("list") == {
        "Method": ["Fused", "EASE"],
        "NDCG@20": ["0.274", "0.275"],
        "95 % interval": ["0.261 to 0.287", "0.254 to 0.280"],
    }
    assert (
        dots.alternative(FOUND[:1], "NDCG@20")
        == "NDCG@20, mean and 95 % interval: Fused 0.274 (0.261 to 0.287)."
    )


@pytest.mark.parametrize(
    ("ends", "result"),
    [
        ((0.019, 0.089), "Better"),
        ((-0.006, 0.059), "Not settled"),
        ((-0.1, -0.02), "Worse"),
        ((0.0, 0.1), "Not settled"),
    ],
)
def test_an_interval_that_holds_0_settles_nothing(ends, result):
    pair = {"a": "fused", "b": "ease", "metric": "ndcg@20", "relative": sum(ends) / 2, "ci95": list(ends)}
    assert dots.against([pair], "ndcg@20")["Result"].tolist() == [result]


def test_a_difference_without_an_interval_is_not_settled():
    pair = {"a": "fused", "b": "ease", "metric": "ndcg@20", "relative": -0.37, "ci95": None}
    assert dots.against([pair], "ndcg@20").to_dict("records") == [
        {"Against": "EASE", "Difference": "−37.0 %", "95 % interval": "–", "Result": "Not settled"}
    ]


def test_the_largest_difference_stands_first():
    pairs = [
        {"a": "fused", "b": arm, "metric": "mrr", "relative": gain, "ci95": [gain - 0.1, gain + 0.1]}
        for arm, gain in (("ease", -0.2), ("popularity", 0.9), ("edlae", 0.1))
    ]
    assert dots.against(pairs, "mrr")["Against"].tolist() == ["Popularity", "EDLAE", "EASE"]


def test_differences_are_relative_with_signs():
    pair = {"a": "fused", "b": "item-knn", "metric": "ndcg@20", "relative": 0.026, "ci95": [-0.006, 0.059]}
    other = pair | {"metric": "mrr"}
    assert dots.against([pair, other], "ndcg@20").to_dict("records") == [
        {
            "Against": "Item-kNN",
            "Difference": "+2.6 %",
            "95 % interval": "−0.6 to +5.9",
            "Result": "Not settled",
        }
    ]
    assert dots.against([], "ndcg@20").columns.tolist() == [
        "Against",
        "Difference",
        "95 % interval",
        "Result",
    ]
