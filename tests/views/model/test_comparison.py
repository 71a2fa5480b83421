"""The comparison as the page reads it: fixed order whatever the file's, few clients named, nothing lost."""

import json

import pytest

from finrec_core.evaluation.holdout import CLIENT_SLICES, PRODUCT_SLICES
from finrec_core.views.model import comparison
from tests.views.compared import figure, pair, protocol

WIN = (0.02, 0.08)


def sliced(**clients: int) -> dict[str, object]:
    """Return a protocol whose slices by client hold so many clients, keys `a0`, `a1_2`, ... as in SLICES."""
    whole = protocol(popularity=WIN, ease=WIN, **{f"arm {n}": WIN for n in range(6)})
    arms = {arm: {"ndcg@20": figure(0.05 * place)} for place, arm in enumerate(reversed(whole["arms"]))}
    held = {key: {"clients": count, "arms": arms} for key, count in clients.items()}
    return whole | {"by_client_degree": held}


def test_every_slice_of_the_evaluation_has_words() -> None:
    assert list(comparison.SLICES["by_client_degree"]) == list(CLIENT_SLICES)
    assert list(comparison.SLICES["by_product_degree"]) == list(PRODUCT_SLICES)


def test_a_file_in_alphabetical_order_is_read_in_ours() -> None:
    part = protocol(popularity=WIN) | {
        "by_product_degree": {
            key: {"clients": 50, "arms": {"fused": {"ndcg@20": figure(0.2)}}} for key in PRODUCT_SLICES
        }
    }
    document = json.loads(
        json.dumps({"protocols": {"global-time": part, "per-client": part}}, sort_keys=True)
    )
    assert comparison.protocols(document) == ["per-client", "global-time"]
    read = document["protocols"]["per-client"]
    found = comparison.slices(read, "by_product_degree", "ndcg@20")
    assert [one.name for one in found] == ["Held by 4 or fewer", "Held by 5 to 19", "Held by 20 or more"]


def test_slices_name_how_few_clients_they_have_and_the_smallest_are_not_drawn() -> None:
    held = sliced(**{">=10": 300, "0": 1, "1-2": 11, "strange <b>": 40})
    found = comparison.slices(held, "by_client_degree", "ndcg@20")
    assert [(one.name, one.size, one.drawn) for one in found] == [
        ("No products", "1 client, too few to tell", False),
        ("1 to 2 products", "only 11 clients", True),
        ("10 or more products", "300 clients", True),
        ("strange <b>", "40 clients", True),
    ]


def test_slices_keep_the_order_of_the_whole_and_share_a_scale() -> None:
    held = sliced(**{"1-2": 50, "3-9": 2})
    first, second = comparison.slices(held, "by_client_degree", "ndcg@20")
    order = [dot.name for dot in comparison.whole(held, "ndcg@20")]
    assert [dot.name for dot in first.arms] == order
    assert order[0] == "Fused"
    shown = comparison.telling(held, "ndcg@20")
    assert len(shown) == comparison.MOST
    assert {"Fused", "EASE", "Popularity"} <= set(shown)
    low, high = comparison.scale([first, second], shown)
    assert all(low <= dot.low <= dot.high <= high for dot in first.arms if dot.name in shown)
    assert comparison.scale([second], shown) is None
    table = comparison.slice_table([first, second])
    assert list(table) == [
        "Method",
        "1 to 2 products, 50 clients",
        "3 to 9 products, 2 clients, too few to tell",
    ]
    assert len(table) == len(order)


def test_a_figure_without_an_interval_stands_alone_in_the_table_of_slices() -> None:
    held = sliced(**{"1-2": 1})
    for arm in held["by_client_degree"]["1-2"]["arms"].values():
        arm["ndcg@20"]["ci95"] = None
    table = comparison.slice_table(comparison.slices(held, "by_client_degree", "ndcg@20"))
    cells = table["1 to 2 products, 1 client, too few to tell"]
    assert not [cell for cell in cells if "to" in cell or "(" in cell]


def test_ours_is_the_fused_model_or_what_took_its_place() -> None:
    assert comparison.ours(protocol(popularity=WIN)) == "fused"
    assert comparison.ours(protocol(a="ease", popularity=WIN)) == "ease"
    assert comparison.ours(protocol(a="ease")) == "ease"
    assert comparison.ours(protocol(a="ease", popularity=None)) is None
    assert comparison.ours({"arms": {}}) is None


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"keep": 1.0, "protocols": {"per-client": protocol(ease=WIN)}}, "2 methods, 1 seed"),
        ({"keep": 0.3, "protocols": {"per-client": protocol()}}, "1 method, 1 seed, 30 % of the data"),
        ({"protocols": {}}, "no methods"),
    ],
)
def test_how_much_a_comparison_holds(document: dict[str, object], words: str) -> None:
    assert comparison.extent(document) == words
    assert comparison.whole_data(document) == ("%" not in words)


def test_the_table_of_figures_has_the_chosen_interval_and_every_other_figure() -> None:
    held = protocol(ease=WIN)
    held["arms"]["fused"] |= {"mrr": figure(0.5), "coverage@20": {"value": 0.81, "ci95": None}}
    assert comparison.metrics(held) == ["ndcg@20", "mrr"]
    assert comparison.figures_table(held, "ndcg@20").to_dict("list") == {
        "Method": ["Fused", "EASE"],
        "NDCG@20": ["0.300", "0.100"],
        "95 % interval": ["0.280 to 0.320", "0.080 to 0.120"],
        "MRR": ["0.500", "–"],
        "Catalogue in top 20": ["81 %", "–"],
    }


def test_controls_are_told_with_their_sentence_figures_and_differences() -> None:
    shuffled = "fused (shuffled text)"
    held = protocol(ease=WIN) | {
        "controls": {
            "shuffled-text": {
                "description": "Texts are dealt out anew.\n",
                "arms": {"fused": {"ndcg@20": figure(0.3)}, shuffled: {"ndcg@20": figure(0.2)}},
                "paired": [pair(shuffled, *WIN)],
            },
            "random-labels": {"description": "", "arms": {"ease": {"mrr": figure(0.01, 0.0)}}},
        }
    }
    first, second = comparison.controls(held, "ndcg@20")
    assert (first.name, first.description) == ("Shuffled text", "Texts are dealt out anew.")
    assert first.figures["Method"].tolist() == ["Fused", "Fused (shuffled text)"]
    assert first.differences.to_dict("records") == [
        {
            "Compared": "Fused against Fused (shuffled text)",
            "Difference": "+5.0 %",
            "95 % interval": "+2.0 to +8.0",
            "Result": "Better",
        }
    ]
    assert (second.metric, second.figures["MRR"].tolist(), len(second.differences)) == ("mrr", ["0.010"], 0)
    assert comparison.controls(protocol(), "ndcg@20") == []


def test_what_was_chosen_stands_on_one_line_each() -> None:
    held = protocol(ease=WIN) | {
        "constants": {
            "ease": {"ridge": 512.0, "score_exponent": 0.25},
            "fused": {"network": {"steps": [25, 5], "text": True}, "sigmas": None},
        },
        "seconds": {"fused": 75.2, "ease": 0.04, "popularity": 0.0},
    }
    assert comparison.constants_table(held).to_dict("list") == {
        "Method": ["Fused", "EASE", "Popularity"],
        "Took": ["1 min 15 s", "0 s", "0 s"],
        "Chosen": [
            "network steps 25 + 5, network text yes, sigmas none",
            "ridge 512, score exponent 0.25",
            "–",
        ],
    }
