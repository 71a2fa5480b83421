import pytest

from finrec_core.intake.rating import RatingProposal, propose_limit


@pytest.mark.parametrize(
    ("ratings", "proposal"),
    [
        ([1, 2, 3, 4, 5], (1, 5, 3)),
        ([4, 5], (1, 5, 3)),
        ([0.5 * i for i in range(1, 11)], (0.5, 5, 3)),
        ([0, 5], (0, 5, 3)),
        (list(range(11)), (0, 10, 5)),
        ([3, 10], (1, 10, 6)),
        ([0, 1], (0, 1, 1)),
        ([-1, 1], (-1, 1, 0)),
        ([4.1, 4.3], (4.1, 4.3, 4.2)),
        ([], None),
        ([1], None),
        (list(range(12)), None),
    ],
)
def test_the_limit_is_the_middle_of_a_bounded_scale(ratings, proposal):
    found = propose_limit([float(rating) for rating in ratings])
    if proposal is None:
        assert found is None
    else:
        assert (found.low, found.high, found.limit) == pytest.approx(proposal)


def test_a_limit_parts_its_scale():
    with pytest.raises(ValueError, match="does not part"):
        RatingProposal(1, 5, 1)
    assert str(RatingProposal(1, 5, 3)) == "Ratings run from 1 to 5; one below 3 is read as rated low."
