import pytest

from finrec_core.evaluation import ARMS as KNOWN
from finrec_core.views.model import arms


def test_every_arm_of_the_evaluation_has_words() -> None:
    assert set(KNOWN) <= set(arms.ARMS)


@pytest.mark.parametrize(
    ("arm", "title", "inside"),
    [
        ("fused", "Fused", "the fused model"),
        ("fused (tf-idf)", "Fused (tf-idf)", "the fused model (tf-idf)"),
        ("graph-network", "Graph only", "graph only"),
        ("a new arm", "a new arm", "a new arm"),
        ("magic (x)", "magic (x)", "magic (x)"),
        ("<b>fused</b>\n", "<b>fused</b>", "<b>fused</b>"),
    ],
)
def test_an_arm_is_named_for_people_and_one_that_is_not_known_by_its_own_name(
    arm: str, title: str, inside: str
) -> None:
    assert (arms.title(arm), arms.inside(arm)) == (title, inside)


def test_a_long_name_is_cut() -> None:
    assert len(arms.title(f"fused ({'x' * 300})")) == arms.LONGEST
