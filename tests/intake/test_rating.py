import pytest

from finrec_core.intake.rating import RatingProposal, propose_limit
from tests.dataset.tables import dataset, interactions, read


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


def test_the_proposal_says_how_many_rows_are_low_and_who_is_left_with_nothing():
    rows = [("a", "p", 1, 1), ("a", "q", 1, 5), ("b", "p", 1, 2), ("c", "p", 1, None), ("d", "p", 1, 1)]
    found = RatingProposal(1, 5, 3).counted(dataset(rows).interactions)
    assert (found.rows, found.rows_low, found.clients_empty) == (4, 3, 2)
    assert str(found) == (
        "Ratings run from 1 to 5; one below 3 is read as rated low, which 3 of 4 are; 2 clients have nothing "
        "else and would get an empty list."
    )
    assert "; 1 client has nothing else" in str(
        RatingProposal(1, 5, 3).counted(dataset(rows[:4]).interactions)
    )


def test_an_import_counts_its_proposal_whatever_the_limit():
    for limit in ("propose", None, 5):
        found = read(interactions("c1,p1,,5,", "c1,p2,,2,", "c2,p1,,1,"), rating_limit=limit)
        assert (found.rating_proposal.rows_low, found.rating_proposal.clients_empty) == (2, 1)
