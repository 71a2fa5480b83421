from finrec_core.views.model import hits


def test_methods_are_bars_in_percent_the_best_first() -> None:
    arms = {"popularity": {"hit@10": {"value": 0.501}}, "fused": {"hit@10": {"value": 0.794}}}
    found = hits.strips({"arms": arms | {"ease": {"ndcg@20": {"value": 0.4}}, "chance": {"hit@10": None}}})
    assert [(one.name, one.text, one.tone) for one in found] == [
        ("The fused model", "79 %", "total"),
        ("Popularity", "50 %", "grey"),
    ]


def test_what_was_not_measured_has_no_bar() -> None:
    assert hits.strips({}) == []
