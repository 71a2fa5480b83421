"""The filters of a list: ranks are kept, what does not fit is folded, what the client has is marked."""

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.advice import Rules, Suitability
from finrec_core.dataset import SCHEMAS, Dataset
from finrec_core.recommender import Ranking
from finrec_core.views.recommendation.product_list import Filters, fold, listed, nothing, rejected
from tests.advice.bank import bank

SHELF = [
    {"category": "Funds", "risk_class": 7},  # p0, best: does not fit
    {"category": "Funds", "risk_class": 1},  # p1: fits
    {"category": "Cards", "available": False},  # p2, which the client has: does not fit
    {"category": "Loans"},  # p3: check
    {"risk_class": 6},  # p4: does not fit
    {"category": "Cards"},  # p5: fits
    {"category": "Cards", "available": False},  # p6: not on the list
]
RULES = Rules({"Cards": "everyday", "Loans": "credit"}, checks=("risk class",))


@pytest.fixture
def dataset() -> Dataset:
    made = bank(SHELF, [{"risk_tolerance": 3}])
    row = dict.fromkeys(SCHEMAS["interactions"].names) | {"client_id": "c0", "product_id": "p2"}
    return replace(made, interactions=pa.Table.from_pylist([row], schema=SCHEMAS["interactions"]))


@pytest.fixture
def ranking() -> Ranking:
    offered = np.array([True, True, False, True, True, True, False])
    return Ranking.of("c0", np.arange(7, 0, -1.0), offered)


@pytest.fixture
def suits(dataset: Dataset) -> Suitability:
    found = Suitability.of(dataset, "c0", RULES, date(2026, 11, 25))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(10), ([1, 3, 5], 2)),
        (Filters(10, unfolded=True), ([0, 1, 3, 4, 5], 2)),
        (Filters(2), ([1, 3], 1)),  # p4 ranks behind the second that is shown
        (Filters(2, unfolded=True), ([0, 1, 3], 1)),
        (Filters(10, hide_held=False), ([1, 2, 3, 5], 2)),  # what the client has is not folded away
        (Filters(10, categories=("Funds",)), ([1], 1)),
        (Filters(10, categories=("Funds", "Loans")), ([1, 3], 1)),
        (Filters(10, categories=("Gold", "None")), ([], 0)),
        (Filters(10, verdicts=("does not fit",)), ([0, 4], 0)),
        (Filters(10, verdicts=("fits", "check")), ([1, 3, 5], 0)),
        (Filters(1, verdicts=("check", "does not fit")), ([0], 0)),
        (Filters(10, categories=("Cards",), verdicts=("does not fit",), hide_held=False), ([2], 0)),
    ],
)
def test_what_the_filters_leave(
    dataset: Dataset, ranking: Ranking, suits: Suitability, filters: Filters, found: tuple[list[int], int]
) -> None:
    left = listed(dataset, ranking, filters, suits)
    assert (left.rows.tolist(), left.misfits) == found


def test_where_nothing_fits_no_more_is_folded_than_a_list_would_show(
    dataset: Dataset, ranking: Ranking
) -> None:
    nothing = Suitability.of(dataset, "c0", Rules({}, checks=("risk class",)), date(2026, 11, 25))
    assert nothing is not None
    nothing.kinds[:] = "does not fit"
    assert listed(dataset, ranking, Filters(2), nothing).misfits == 2
    unfolded = listed(dataset, ranking, Filters(2, unfolded=True), nothing)
    assert unfolded.rows.tolist() == [0, 1]


def test_without_verdicts_nothing_is_folded(dataset: Dataset, ranking: Ranking) -> None:
    found = listed(dataset, ranking, Filters(10, verdicts=("fits",)), None)
    assert (found.rows.tolist(), found.misfits) == ([0, 1, 3, 4, 5], 0)


def test_what_was_rejected_is_hidden_and_counts_as_no_misfit(
    dataset: Dataset, ranking: Ranking, suits: Suitability
) -> None:
    found = listed(dataset, ranking, Filters(most=10, rejected=("p0", "p5", "gone")), suits)
    whole = listed(dataset, ranking, Filters(most=10), suits)
    assert found.rows.tolist() == [row for row in whole.rows.tolist() if row not in (0, 5)]
    assert found.misfits == whole.misfits - 1
    assert rejected(1, shown=False) == "1 rejected product hidden: show"
    assert rejected(2, shown=True) == "2 rejected products shown: hide again"


def test_the_fold_counts_in_words() -> None:
    assert fold(1, unfolded=False) == "1 more ranks here but does not fit: show"
    assert fold(1200, unfolded=False) == "1,200 more rank here but do not fit: show"
    assert fold(1, unfolded=True) == "1 ranked here does not fit: fold away"
    assert fold(2, unfolded=True) == "2 ranked here do not fit: fold away"


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (
            Filters(10, categories=("Gold", "None")),
            "Nothing on this list is in the categories “Gold” and “None”.",
        ),
        (
            Filters(10, verdicts=("fits",), categories=("Loans",)),
            "Together the filters hide all 5 products on this list: those outside the category “Loans” and "
            "those without the verdict “fits”.",
        ),
        (
            Filters(10, rejected=("p0", "p1", "p3", "p4", "p5")),
            "Every product on this list is hidden, because it was rejected for this client.",
        ),
        (
            Filters(10, rejected=("p1", "p3", "p5")),
            "Together the filters hide all 5 products on this list: 3 that were rejected and those that do "
            "not suit the client.",
        ),
    ],
)
def test_a_list_that_the_filters_empty_says_which(
    dataset: Dataset, ranking: Ranking, suits: Suitability, filters: Filters, said: str
) -> None:
    assert not len(listed(dataset, ranking, filters, suits).rows)
    assert nothing(dataset, ranking, filters, suits) == said
