"""Changes: what came in, dropped out, leads or flipped, and what did it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.advice.changes import Change, changed, gone
from tests.advice.conftest import Run
from tests.advice.made import line, snapshot

SHOWN = snapshot(
    run=Run().run, content_hash=Run().content_hash, lines=tuple(line(rank) for rank in range(1, 11))
)


def ranked(*numbers):
    """Return lines of products p<number>, ranked in this order."""
    return [replace(line(number), rank=rank) for rank, number in enumerate(numbers, start=1)]


def test_the_same_list_has_not_changed():
    assert changed(SHOWN, SHOWN.lines, Run(), 2) is None
    assert changed(SHOWN, [*SHOWN.lines, line(11)], Run(run="r2", content_hash="x"), 3) is None


def test_another_order_behind_the_first_is_no_change():
    assert changed(SHOWN, ranked(1, 3, 2, 4, 5, 6, 7, 8, 10, 9), Run(run="r2"), 2) is None


def test_what_came_in_and_dropped_out_is_named():
    found = changed(SHOWN, ranked(1, 2, 3, 4, 5, 6, 7, 8, 11, 12), Run(run="r2"), 2)
    assert ([one.product for one in found.came], [one.product for one in found.left]) == (
        ["p11", "p12"],
        ["p9", "p10"],
    )
    assert found.causes == ("model",)
    assert found.sentences == (
        "Came in: Product 11 and Product 12.",
        "Dropped out: Product 9 and Product 10.",
    )


def test_what_the_client_had_before_is_said_beside_what_came_in_or_leads():
    now = ranked(11, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    now[0] = replace(now[0], former="until June 2024")
    found = changed(SHOWN, now, Run(run="r2"), 2)
    assert found.sentences == (
        "Came in: Product 11 (had until June 2024).",
        "Dropped out: Product 10.",
        "Now first: Product 11 (had until June 2024).",
    )


def test_another_product_that_leads_is_a_change():
    found = changed(SHOWN, ranked(2, 1, 3, 4, 5, 6, 7, 8, 9, 10), Run(run="r2"), 2)
    assert found.sentences == ("Now first: Product 2.",)


@pytest.mark.parametrize(
    ("trained", "causes"),
    [
        (Run(run="r2"), ("model",)),
        (Run(run="r2", content_hash="other"), ("data", "model")),
        (Run(content_hash="other"), ("data",)),
    ],
)
def test_the_cause_is_what_differs(trained, causes):
    assert changed(SHOWN, ranked(*range(2, 12)), trained, 2).causes == causes


@pytest.mark.parametrize(
    ("trained", "version", "causes"),
    [
        (Run(), 3, ("rules",)),
        (Run(), 2, ("profile",)),  # it grew old
        (Run(run="r2"), 3, ("rules",)),
        (Run(run="r2", content_hash="other"), 2, ("data",)),
        (Run(run="r2", content_hash="other"), 3, ("rules",)),
    ],
)
def test_a_verdict_that_flipped_has_its_cause(trained, version, causes):
    now = [line(1, verdict="does not fit"), *SHOWN.lines[1:]]
    found = changed(SHOWN, now, trained, version)
    assert (found.causes, found.sentences) == (causes, ("Product 1: does not fit now, fits then.",))


def test_all_causes_together_stand_in_one_order():
    now = [line(1, verdict="check"), *ranked(1, *range(3, 12))[1:]]
    found = changed(SHOWN, now, Run(run="r2", content_hash="other"), 3)
    assert found.causes == ("data", "model", "rules")
    assert "1 in, 1 out, 1 verdicts" in repr(found)


def test_a_client_that_is_gone_is_a_change():
    found = gone(SHOWN)
    assert (found.gone, found.causes) == (True, ("data",))
    assert found.sentences == ("The client is not in the data any more.",)


def test_a_list_that_became_empty_or_filled():
    assert changed(SHOWN, [], Run(run="r2"), 2).left == SHOWN.lines
    assert changed(replace(SHOWN, lines=()), ranked(1), Run(run="r2"), 2).came == tuple(ranked(1))


def test_a_change_has_a_cause():
    with pytest.raises(ValueError, match="has a cause"):
        Change(SHOWN, ())


@given(st.permutations(range(1, 14)))
def test_before_and_in_and_out_make_now(order):
    now = ranked(*order[:10])
    found = changed(SHOWN, now, Run(run="r2"), 2)
    then = {one.product for one in SHOWN.lines}
    came = {one.product for one in found.came} if found else set()
    left = {one.product for one in found.left} if found else set()
    assert (then | came) - left == {one.product for one in now}
    assert (found is None) == (then == {one.product for one in now} and order[0] == 1)
