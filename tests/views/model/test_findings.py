"""The findings say what is shown, what is shown to be worse and what is left open, and nothing else."""

import pytest

from finrec_core.views.model.findings import sentences
from tests.views.compared import figure, pair, protocol

WIN, LOSS, OPEN = (0.02, 0.08), (-0.09, -0.03), (-0.01, 0.04)


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (
            {"popularity": WIN, "text_network": WIN, "ease": WIN, "graph_network": OPEN, "lightgcn": OPEN},
            "On 458 clients the fused model ranks held-back products better than popularity, text only and "
            "EASE; against graph only and LightGCN the difference is not settled.",
        ),
        (
            {"popularity": WIN},
            "On 458 clients the fused model ranks held-back products better than popularity.",
        ),
        (
            {"popularity": OPEN},
            "On 458 clients no difference is settled between the fused model and popularity.",
        ),
        (
            {"popularity": OPEN, "ease": OPEN, "edlae": OPEN},
            "On 458 clients no difference is settled between the fused model and popularity, EASE and EDLAE.",
        ),
        ({"ease": LOSS}, "On 458 clients EASE is better than the fused model here."),
        (
            {"popularity": WIN, "ease": LOSS, "edlae": LOSS, "item_knn": OPEN},
            "On 458 clients the fused model ranks held-back products better than popularity; EASE and EDLAE "
            "are better than the fused model here; against item-kNN the difference is not settled.",
        ),
        (
            {"popularity": None, "ease": WIN},
            "On 458 clients the fused model ranks held-back products better than EASE; for the difference to "
            "popularity no interval is known.",
        ),
        (
            {"popularity": (0.0, 0.1)},
            "On 458 clients no difference is settled between the fused model and popularity.",
        ),
    ],
)
def test_each_difference_is_said_as_far_as_it_is_settled(
    results: dict[str, tuple[float, float] | None], said: str
) -> None:
    assert sentences(protocol(**results), "ndcg@20") == said


def test_a_comparison_without_the_fused_model_says_so() -> None:
    assert sentences(protocol(110, a="item-knn", popularity=WIN), "ndcg@20", "global-time") == (
        "On 110 clients, tested on what came after one date, item-kNN ranks held-back products better than "
        "popularity. The fused model is not part of this comparison."
    )


def test_one_method_has_nothing_beside_it() -> None:
    said = "On 1 client only {} was tested, so there is nothing to compare it with."
    assert sentences(protocol(1), "ndcg@20") == said.format("the fused model")
    assert sentences(protocol(1, a="ease"), "ndcg@20") == said.format("EASE")


def test_methods_that_nobody_compared_are_not_said_to_differ() -> None:
    lone = protocol(20, a="ease", popularity=None)
    assert (
        sentences(lone, "ndcg@20")
        == "On 20 clients 2 methods were tested, but none was compared with another."
    )


def test_where_nothing_was_tested_the_reason_stands() -> None:
    why = "No client has three products, so nothing can be tested."
    none = {"arms": {}, "paired": [], "clients": 0, "notes": [why]}
    assert sentences(none, "ndcg@20") == f"Nothing is shown to be better. {why}"
    assert sentences({}, "ndcg@20") == "Nothing is shown to be better. No method was tested."


@pytest.mark.parametrize(
    ("metric", "does"),
    [
        ("recall@20", "finds more of the held-back products than"),
        ("hit@10", "finds a held-back product for more clients than"),
        ("mrr", "ranks the first held-back product higher than"),
        ("something", "does better than"),
    ],
)
def test_each_metric_has_its_verb_and_its_own_differences(metric: str, does: str) -> None:
    both = protocol(30, ease=LOSS)
    for arm in both["arms"].values():
        arm[metric] = figure(0.5)
    both["paired"].append(pair("ease", *WIN, metric=metric))
    assert sentences(both, metric) == f"On 30 clients the fused model {does} EASE."


def test_names_are_taken_as_they_are() -> None:
    odd = protocol(30, **{"<img src=x> **b**": WIN, "fused (tf_idf)": OPEN})
    assert sentences(odd, "ndcg@20") == (
        "On 30 clients the fused model ranks held-back products better than <img src=x> **b**; against the "
        "fused model (tf-idf) the difference is not settled."
    )
