"""What drives a model on the screen: sums that hold, and the same figures in sentence, bars and table."""

from dataclasses import replace

import numpy as np
import pytest

from finrec_core.advice.drivers import Driver, Drivers, LensDrivers
from finrec_core.advice.exposure import Exposure
from finrec_core.advice.vocabulary import StrongWord, Vocabulary
from finrec_core.evaluation.groups import OTHER, Group
from finrec_core.views.charts.theme import DARK
from finrec_core.views.model import drivers, exposure, segments, vocabulary
from tests.hostile import TEXTS
from tests.planted import planted

LENS = LensDrivers(
    start=-3.0,
    kinds=(Driver("interaction", 60.0, 0.75), Driver("tie", 11.0, 0.25)),
    total=68.0,
    words=4.0,
    words_share=0.06,
    error=4e-15,
)
EXPOSURE = Exposure(
    places=(0.5, 0.3, 0.2),
    interactions=(0.4, 0.3, 0.3),
    gini=0.4,
    gini_interactions=0.3,
    rank_holders=0.55,
    coverage10=0.9,
    coverage20=1.0,
    offered=30,
    never=np.array([3, 5]),
    shown=np.zeros(64),
)
FOUND = Drivers(
    clients=400,
    asked=398,
    silent=2,
    flat=0,
    cells=3980,
    lenses={"client": LENS},
    exposure=EXPOSURE,
    directions=np.zeros((0, 0)),
    listed=np.zeros(0),
)


def test_the_sentence_names_the_shares_largest_first():
    assert drivers.sentence(LENS, "client") == (
        "Of all that reasons add and take, 75 % comes from what clients have themselves and 25 % from what "
        "their connections have. 6 % of it goes through words."
    )
    silent = replace(LENS, kinds=(Driver("tie", 0.0, 0.0),), words=0.0, words_share=0.0)
    assert "every list starts and ends at its starting point" in drivers.sentence(silent, "client")


def test_bars_and_table_add_up_to_the_mean_points():
    bars = drivers.strips(LENS, "client")
    assert sum(bar.value for bar in bars[:-1]) == pytest.approx(bars[-1].value)
    table = drivers.table(LENS, "client")
    assert table["Points"].tolist() == ["−3.0", "+60.0", "+11.0", "68.0"]
    assert table["Share"].tolist() == ["–", "75.0 %", "25.0 %", ""]


def test_what_was_left_out_is_said():
    said = drivers.about(FOUND)
    assert "398 clients: 3,980 scores" in said
    assert "2 clients of whom nothing is known have lists by popularity" in said
    assert "the largest gap is 4 × 10⁻¹⁵" in said
    assert drivers.gap(0.0) == "0"
    thinned = drivers.about(replace(FOUND, asked=50))
    assert "50 of 400 clients, evenly chosen" in thinned


def test_tenths_in_figure_table_and_words_are_the_same():
    figure = exposure.figure(EXPOSURE, DARK)
    assert [list(bar.y) for bar in figure.data] == [[50.0, 30.0, 20.0], [40.0, 30.0, 30.0]]
    assert exposure.table(EXPOSURE).values.tolist()[0] == ["1st tenth", "50.0 %", "40.0 %"]
    assert "1st tenth 50.0 % of places, 40.0 % of interactions" in exposure.alternative(EXPOSURE)
    said = exposure.bias(EXPOSURE)
    assert "takes 50 % of the first ten places; it has 40 % of all interactions" in said
    assert "lean on widespread products more than the clients do" in said
    less = exposure.bias(replace(EXPOSURE, places=(0.3, 0.4, 0.3), rank_holders=None))
    assert "less than the clients do" in less


def test_products_that_never_show_are_listed_with_their_holders():
    dataset = planted().dataset
    table = exposure.never_shown(EXPOSURE, dataset)
    assert table["product"].to_pylist() == ["p003", "p005"]
    held = np.bincount(dataset.pair_products[dataset.positive], minlength=64)
    assert table["holders"].to_pylist() == held[[3, 5]].tolist()


def test_words_raise_or_lower_on_one_scale():
    words = tuple(StrongWord(name, 1.0, value, 5, 0) for name, value in [("a", 3.0), ("b", -2.0), ("c", 0.5)])
    found = Vocabulary(words, 200, 900, 0.62, 12, 0.0)
    assert [(bar.name, bar.value) for bar in vocabulary.strips(found)] == [
        ("a", 3.0),
        ("c", 0.5),
        ("b", -2.0),
    ]
    assert vocabulary.table(found)["Where it stands"].tolist() == ["+3.00", "−2.00", "+0.50"]
    said = vocabulary.about(found)
    assert "200 texts of 900" in said
    assert "12 words in fewer texts are not shown" in said
    assert "less than 0.1 %" in said
    assert "reads no text" in vocabulary.about(Vocabulary((), 0, 0, 0.0, 0, 0.0))


def test_groups_have_names_and_small_ones_no_figure():
    found = (
        Group(TEXTS[0], 40, 0.5, 0.4, 0.6),
        Group("", 10, 0.3, 0.1, 0.5),
        Group(OTHER, 3, None, None, None),
    )
    assert [segments.name(one, "segment") for one in found[1:]] == ["No segment", "All smaller segments"]
    table = segments.table(found, "segment", "NDCG@20")
    assert table["95 % interval"].tolist() == ["0.400 to 0.600", "0.100 to 0.500, few", "too few to tell"]
    assert len(segments.dotted(found, "segment")) == 2
    said = segments.about(found, "segment")
    assert "fewer than 30" in said
    assert "fewer than 5" in said
    protocol = {
        "by_client_degree": {
            "1-2": {"clients": 9, "arms": {"fused": {"ndcg@20": {"value": 0.4, "ci95": [0.3, 0.5]}}}}
        }
    }
    (one,) = segments.by_products(protocol, "ndcg@20")
    assert segments.name(one, "products") == "1 to 2 products"
    assert segments.by_products({}, "ndcg@20") == ()
