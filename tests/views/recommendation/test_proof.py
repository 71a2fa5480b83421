import numpy as np
import pytest

from finrec_core.explain import Explanation
from finrec_core.explain.points import PointScale, shown
from finrec_core.explain.rescoring import rescore
from finrec_core.model.edit import Edit
from finrec_core.narrative import Labels
from finrec_core.recommender import FusedRecommender
from finrec_core.views.recommendation.proof import Proof, proof, proof_scene
from finrec_core.views.recommendation.story import folded


@pytest.mark.parametrize("client", ["c001", "c003", "c042"])
def test_the_score_falls_by_the_part_that_was_taken_away(recommender: FusedRecommender, client: str) -> None:
    product = recommender.recommend(client, 1)[0].product
    found = proof(recommender, client, product)
    assert found is not None
    row, target = recommender.client_row(client), recommender.product_row(product)
    contributions = recommender.explain(client, product).client_lens.contributions
    assert abs(found.contribution.value) == max(abs(contribution.value) for contribution in contributions)
    if found.contribution.kind == "tie":
        edit = Edit.of(ties=[recommender.client_row(found.contribution.id)])
    else:
        edit = Edit.of(interactions=[recommender.product_row(found.contribution.id)])
    assert found.after == pytest.approx(rescore(recommender.model, row, target, edit), abs=1e-12)
    assert found.before == pytest.approx(recommender.ranking(client).scores[target], abs=1e-12)
    assert abs(found.error) < 1e-12
    assert found.rank_before == 1


def test_the_second_rank_is_that_of_the_list_worked_out_anew(recommender: FusedRecommender) -> None:
    found = [
        proof(recommender, f"c{u:03}", recommender.recommend(f"c{u:03}", 1)[0].product) for u in range(2, 40)
    ]
    assert {one.rank_after for one in found if one} > {1}
    assert all(one and one.rank_after and one.rank_after >= 1 for one in found)


def test_without_a_reason_there_is_no_proof(recommender: FusedRecommender) -> None:
    assert proof(recommender, "c000", "p013") is None


def test_what_is_shown_is_what_was_computed(recommender: FusedRecommender) -> None:
    product = recommender.recommend("c003", 1)[0].product
    found = proof(recommender, "c003", product)
    assert found is not None
    explained = recommender.explain("c003", product)
    view = folded(explained.client_lens, found.scale)
    assert view is not None
    rows = found.strips(view, Labels.of(recommender.dataset, explained))
    assert [row.tone for row in rows] == ["total", "grey", "signed", "signed"]
    assert rows[0].value == view.total == 100
    assert rows[0].value - rows[1].value == rows[2].value == rows[3].value == view.rows[0].points
    assert abs(rows[1].value - found.scale.points(found.after)) < 1


@pytest.mark.parametrize(
    ("ranks", "said"),
    [
        ((2, 6), "Its rank would be 6th instead of 2nd."),
        ((1, 1), "Its rank stays 1st."),
        ((None, None), "as its bar says."),
    ],
)
def test_the_proof_says_both_scores_in_whole_points(
    explanation: Explanation,
    labels: Labels,
    scale: PointScale,
    ranks: tuple[int | None, int | None],
    said: str,
) -> None:
    view = shown(explanation.client_lens, scale)
    found = Proof(explanation.client_lens.contributions[0], 92.0, 58.0, *ranks, scale)
    scene = proof_scene(found, view, labels)
    assert scene.title == "Take Nordlys Green Savings Plan away, and the score is 58 instead of 92."
    assert scene.text.endswith(said)
    assert "000" not in scene.text
    assert found.digits.startswith("The scores are 92.000000000 and 58.000000000.")
    rising = Proof(explanation.client_lens.contributions[4], 92.0, 97.0, 1, 1, scale)
    assert "97 instead of 92" in proof_scene(rising, view, labels).title
    wrong = Proof(explanation.client_lens.contributions[0], 92.0, 70.0, 1, 1, scale)
    assert "70 instead of 92" in proof_scene(wrong, view, labels).title
    assert "the sum does not hold here" in proof_scene(wrong, view, labels).text
    assert proof_scene(None, view, labels).title == "There is no reason to take away."
    assert proof_scene(found, None, labels).title == "There is no reason to take away."


def test_an_error_is_never_hidden() -> None:
    contribution = type("Part", (), {"value": 0.5})
    exact = Proof(contribution, 1.5, 1.0, 1, 2, PointScale(0.0, 1.0))  # type: ignore[arg-type]
    assert exact.miss == "They are the same to the last digit."
    wrong = Proof(contribution, 1.5, 1.01, 1, 2, PointScale(0.0, 1.0))  # type: ignore[arg-type]
    assert wrong.error == pytest.approx(-0.01)
    assert wrong.miss.startswith("They differ by 1e-02")
    assert np.isfinite(wrong.moved)
