"""Ids and changes that a program passes: what is none of them is said in a sentence."""

import pytest

from finrec_core.ranking import UnknownIdError, row_of
from finrec_core.recommender import FusedRecommender


@pytest.mark.parametrize("key", [1, None, 1.5, ["c000"], {"c000"}])
def test_an_id_is_text(key: object) -> None:
    with pytest.raises(UnknownIdError, match="Ids are text: ask for the client "):
        row_of("client", key, {"c000": 0})  # type: ignore[arg-type]
    assert row_of("client", "c000", {"c000": 0}) == 0


@pytest.mark.parametrize("ask", ["explain", "what_if"])
def test_one_id_in_place_of_several_is_refused(recommender: FusedRecommender, ask: str) -> None:
    """Guards a text whose letters were looked up as products, or that was ignored where it was empty."""
    product = recommender.recommend("c000", 1)[0].product
    for name in ("without_interactions", "without_ties", "without_clients", "with_interactions"):
        with pytest.raises(TypeError, match=f"{name} takes ids in a list or a set, not one text"):
            getattr(recommender, ask)("c000", product, **{name: product})
