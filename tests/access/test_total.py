"""Clients of other branches as one total: nothing of them is left, and every sum stays what it was."""

from math import fsum

import pytest

from finrec_core.access import narrowed
from finrec_core.access.total import parts
from finrec_core.explain import Contribution, Explanation, shown
from finrec_core.narrative import Labels
from finrec_core.narrative.sentence import sentence
from finrec_core.recommender import FusedRecommender


@pytest.fixture(scope="module")
def explained(recommender: FusedRecommender) -> Explanation:
    """Return an explanation with the most other clients among its reasons."""
    clients = recommender.dataset.clients["client_id"].to_pylist()[:12]
    found = [recommender.explain(client, recommender.recommend(client, k=1)[0].product) for client in clients]
    return max(found, key=lambda one: len(others(one)) + 50 * bool(others(one, "tie")))


def others(explanation: Explanation, *kinds: str) -> list[Contribution]:
    both = explanation.client_lens.contributions + explanation.product_lens.contributions
    return [one for one in both if one.kind in (kinds or ("tie", "client"))]


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_base_and_parts_are_the_score_as_before(
    recommender: FusedRecommender, explained: Explanation, kept: int
) -> None:
    assert others(explained, "tie")
    assert len(others(explained, "client")) > 5
    mine = {one.id for one in others(explained)[:kept]}
    told = narrowed(explained, mine.__contains__)
    scale = recommender.ranking(explained.client).scale
    for before, after in (
        (explained.client_lens, told.client_lens),
        (explained.product_lens, told.product_lens),
    ):
        assert after.base == before.base
        assert after.score == before.score
        assert abs(after.base + fsum(one.value for one in after.contributions) - after.score) < 1e-9
        assert abs(after.error) <= abs(before.error) + 1e-12
        view = shown(after, scale)
        assert view is not None
        whole = shown(before, scale)
        assert whole is not None
        assert view.total == whole.total
        assert view.start + sum(row.points for row in view.rows) + view.tail_points == view.total
        assert sum(one.kind == "branches" for one in after.contributions) <= 1
    assert {one.id for one in others(told)} <= mine


def test_nothing_that_is_told_names_who_is_not_to_be_seen(
    recommender: FusedRecommender, explained: Explanation
) -> None:
    told = narrowed(explained, lambda _: False)
    labels = Labels.of(recommender.dataset, told, show_tie_names=True, show_writers=False)
    hidden = {one.id for one in others(explained)} | {one.label for one in others(explained)}
    scale = recommender.ranking(explained.client).scale
    for lens, name in ((told.client_lens, "client"), (told.product_lens, "product")):
        texts = [labels.title(one) for one in lens.contributions]
        texts.append(sentence(told, shown(lens, scale), labels, name))  # type: ignore[arg-type]
        assert any("lients of other branches" in text for text in texts)
        assert not any(key in text for key in hidden for text in texts)


@pytest.mark.parametrize(
    ("count", "label"), [(4, "clients of other branches"), (5, "5 clients of other branches")]
)
def test_a_count_below_five_is_not_told(count: int, label: str) -> None:
    found = [Contribution("client", f"c{number}", "", 0.1 * number) for number in range(count)]
    (total,) = parts(found, lambda _: False)
    assert total.label == label
    assert total.value == fsum(one.value for one in found)


def test_one_client_in_two_kinds_counts_once() -> None:
    found = [Contribution(kind, f"c{number}", "", 1.0) for number in range(4) for kind in ("tie", "client")]  # type: ignore[arg-type]
    assert parts(found, lambda _: False)[0].label == "clients of other branches"


def test_what_is_no_client_stays_as_it_is() -> None:
    found = (Contribution("interaction", "p1", "", 2.0), Contribution("client", "c1", "", 1.0))
    assert parts(found, lambda _: True) == found
    assert parts(found, lambda _: False)[0] is found[0]
