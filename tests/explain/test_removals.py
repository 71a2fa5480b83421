"""Removals: the smallest set, against all sets tried one by one."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.explain import removals
from finrec_core.explain.removals import Removals


def by_exhaustion(case):
    """Return the size of the smallest set that does it, None where none does."""
    for size in range(1, case.count + 1):
        for pieces in combinations(range(case.count), size):
            taken = case.effects[:, list(pieces)].sum(axis=1)
            if (taken > case.leads).sum() >= case.enough:
                return size
    return None


@st.composite
def cases(draw, most=8):
    """Small cases of whole numbers, whose sums are exact; some competitors are ahead already."""
    pieces, others = draw(st.integers(1, most)), draw(st.integers(1, 7))
    whole = st.integers(-6, 9)
    effects = draw(
        st.lists(st.lists(whole, min_size=pieces, max_size=pieces), min_size=others, max_size=others)
    )
    leads = draw(st.lists(st.integers(-2, 25), min_size=others, max_size=others))
    enough = draw(st.integers(1, others))
    return Removals(np.array(effects, dtype=float), np.array(leads) + 0.5, enough)


def check(case, found):
    size = by_exhaustion(case)
    if found is None:
        return size
    assert case.does(found.pieces)
    assert list(found.pieces) == sorted(set(found.pieces))
    if found.exact:
        assert len(found.pieces) == size
    return size


@settings(max_examples=300, deadline=None)
@given(cases())
def test_among_few_pieces_the_smallest_set_is_found(case):
    found = case.smallest()
    size = check(case, found)
    assert (found is None) == (size is None)
    assert found is None or found.exact
    assert case.possible or size is None


@settings(max_examples=200, deadline=None)
@given(cases())
def test_the_search_beyond_few_pieces_is_exact_up_to_four_removals(case):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(removals, "EXACT_PIECES", 0)
        found = case.smallest()
    size = check(case, found)
    if size is not None and size <= 4:
        assert found is not None
        assert found.exact


@settings(max_examples=200, deadline=None)
@given(cases())
def test_a_greedy_set_does_it_and_holds_nothing_idle(case):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(removals, "EXACT_PIECES", 0)
        patch.setattr(removals, "WORK", 0)
        found = case.smallest()
    check(case, found)
    if found is not None and len(found.pieces) > 1:
        assert not any(
            case.does(tuple(piece for piece in found.pieces if piece != out)) for out in found.pieces
        )


def test_no_set_where_even_all_good_ones_fall_short():
    case = Removals(np.array([[1.0, 1.0, -9.0]]), np.array([2.5]), 1)
    assert not case.possible
    assert case.smallest() is None


def test_five_of_many_equal_pieces_are_needed():
    case = Removals(np.ones((3, 40)), np.array([4.5, 4.5, 30.0]), 2)
    found = case.smallest()
    assert found is not None
    assert len(found.pieces) == 5
    assert found.exact, "no four can do it, so five are the fewest"
