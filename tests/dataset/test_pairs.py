"""What the events between a client and a product amount to, exact, and as a slow reading says."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.dataset import Dataset, Pairs
from tests.dataset.tables import dataset

START = (datetime(2024, 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days - 1


def told(*events: tuple, **settings: object) -> dict[str, object]:
    """What the events of one client and one product amount to: (day, action, amount[, rating]) each."""
    rows = [("c", "p", day, *rest[2:], None, *rest[:2]) for day, *rest in map(padded, events)]
    one = dataset(
        [(c, p, day, rating, None, action, amount) for c, p, day, rating, _, action, amount in rows]
    )
    pairs = Dataset(one.clients, one.products, one.interactions, one.ties, **settings).pairs
    assert len(pairs) == 1
    state = "held" if pairs.held[0] else "formerly held" if pairs.had[0] else "never had"
    days = {name: getattr(pairs, name)[0] - START for name in ("first", "last", "since", "until")}
    days = {name: None if np.isnan(day) else int(day) for name, day in days.items()}
    return {"state": state, "count": int(pairs.count[0]), "amount": pairs.amount[0], **days}


def padded(event: tuple) -> tuple:
    return (*event, None, None, None)[:4]


def test_a_row_without_an_action_takes() -> None:
    assert told((3,)) | {"amount": None} == {
        "state": "held", "count": 1, "amount": None, "first": 3, "last": 3, "since": 3, "until": None,
    }  # fmt: skip


def test_a_savings_plan_of_ten_years_is_held_since_its_first_rate() -> None:
    plan = told(*((day, "takes", 50.0) for day in range(1, 29)))
    assert (plan["since"], plan["last"], plan["count"], plan["amount"]) == (1, 28, 28, 1400.0)


def test_a_sale_of_all_gives_up_and_a_partial_one_does_not() -> None:
    bought = (1, "takes", 100.0)
    assert told(bought, (5, "gives_up", -40.0))["state"] == "held"
    gone = told(bought, (5, "gives_up", -40.0), (9, "gives_up", -60.0))
    assert (gone["state"], gone["since"], gone["until"], gone["amount"]) == ("formerly held", 1, 9, 0.0)


def test_a_sale_may_be_written_without_its_sign() -> None:
    assert told((1, "takes", 100.0), (5, "gives_up", 100.0))["state"] == "formerly held"


def test_without_amounts_the_last_action_decides() -> None:
    assert told((1, "takes"), (5, "gives_up"))["until"] == 5
    back = told((1, "takes"), (5, "gives_up"), (8, "takes"), (9, "takes"))
    assert (back["state"], back["since"]) == ("held", 8)


def test_one_unknown_amount_leaves_it_to_the_last_action() -> None:
    assert told((1, "takes", 100.0), (4, "takes"), (5, "gives_up", -1.0))["state"] == "formerly held"


def test_money_does_not_tell_what_is_left() -> None:
    trades = (1, "takes", 1000.0), (5, "gives_up", -1500.0), (6, "takes", 10.0)
    assert told(*trades, amounts_count=False)["state"] == "held"
    assert told(*trades[:2], amounts_count=False)["state"] == "formerly held"
    assert (
        told((1, "takes", 1000.0), (5, "gives_up", -700.0), amounts_count=False)["state"] == "formerly held"
    )


def test_who_sold_more_than_it_bought_had_some_before() -> None:
    again = told((1, "gives_up", -50.0), (4, "takes", 20.0))
    assert (again["state"], again["since"]) == ("held", 4)
    assert told((1, "gives_up", -50.0))["state"] == "formerly held"


def test_what_takes_and_gives_up_at_one_moment_is_netted() -> None:
    assert told((1, "gives_up", -50.0), (1, "takes", 50.0))["state"] == "formerly held"
    assert told((1, "gives_up", -50.0), (1, "takes", 60.0))["state"] == "held"
    assert told((1, "takes"), (1, "gives_up"))["state"] == "formerly held"


def test_a_negative_amount_without_an_action_gives_up_money_too() -> None:
    assert told((1, None, 1000.0), (5, None, -900.0), amounts_count=False)["state"] == "formerly held"
    assert told((1, None, 1000.0), (5, None, -900.0))["state"] == "held"


def test_signed_amounts_at_one_moment_are_netted_whatever_their_order() -> None:
    for day in (3, None):
        both = (day, None, 5.0), (day, None, -5.0)
        assert told(*both)["state"] == told(*both[::-1])["state"] == "formerly held"


def test_what_is_first_given_up_was_had_before_and_was_never_seen_taken() -> None:
    events = [("c", "sold", 4, None, None, "gives_up"), ("c", "back", 2, None, None, None, -5.0)]
    events += [("c", "back", 6, None, None, None, 5.0), ("c", "trip", 3, None, None, "takes")]
    events += [("c", "trip", 3, None, None, "gives_up"), ("c", "seen", 1, None, None, "neither")]
    one = dataset(events)
    taken = dict(zip(one.products["product_id"].to_pylist(), one.pairs.taken.tolist(), strict=True))
    assert taken == {"sold": False, "back": False, "trip": True, "seen": False}


def test_events_of_unknown_time_come_first() -> None:
    assert told((None, "gives_up"), (2, "takes"))["state"] == "held"
    assert told((None, "takes"), (2, "gives_up"))["until"] == 2
    assert told((None, "takes"), (4, "takes"))["since"] == 4


def test_what_neither_takes_nor_gives_up_is_seen_and_never_had() -> None:
    seen = told((2, "neither"), (4, "neither", 3.0))
    assert (seen["state"], seen["count"], seen["since"]) == ("never had", 2, None)
    assert np.isnan(seen["amount"])
    assert told((1, "takes", 5.0), (3, "neither", 2.0))["state"] == "held"


def test_nothing_taken_is_nothing_had() -> None:
    assert told((2, "takes", 0.0))["state"] == "never had"


def test_what_is_no_fact_makes_no_pair_and_says_nothing() -> None:
    one = dataset([("c", "p", 1, 5.0, "cancelled words", "no_fact"), ("c", "q", 2)])
    assert one.pairs.of_events.tolist() == [-1, 0]
    assert one.pair_products.tolist() == [1]
    assert one.review_texts == ["", ""]
    assert one.matrix("had").nnz == 1


def test_the_newest_rating_counts() -> None:
    one = dataset([("c", "p", 5, 1.0), ("c", "p", 3, 5.0), ("c", "p", 9)], rating_limit=3.0)
    assert one.pairs.rating.tolist() == [1.0]
    assert not one.positive.any()
    assert one.matrix("held").nnz == 1


def test_many_small_pairs_are_not_drowned_by_a_large_one() -> None:
    rows = [("a", "p", 1, None, None, "takes", 1e15), ("a", "p", 2, None, None, "gives_up", -1e15)]
    rows += [("b", "q", 1, None, None, "takes", 0.3), ("b", "q", 2, None, None, "gives_up", -0.1)]
    rows += [("b", "q", 3, None, None, "gives_up", -0.2), ("c", "q", 1, None, None, "takes", 1e-6)]
    assert dataset(rows).pairs.held.tolist() == [False, False, True]


def test_what_is_held_was_had() -> None:
    none, no = np.zeros(1), np.zeros(1, dtype=bool)
    with pytest.raises(ValueError, match="was had"):
        Pairs(*[none] * 9, held=np.ones(1, dtype=bool), had=no, taken=no, of_events=none)


EVENTS = st.tuples(
    st.integers(0, 1),
    st.integers(0, 1),
    st.none() | st.integers(1, 4),
    st.none() | st.integers(1, 5).map(float),
    st.none(),
    st.sampled_from([None, "takes", "gives_up", "neither", "no_fact"]),
    st.none() | st.integers(-3, 3).map(float),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=14), st.booleans())
def test_it_is_what_a_slow_reading_says(events: list[tuple], counts: bool) -> None:
    rows = [(f"c{event[0]}", f"p{event[1]}", *event[2:]) for event in events]
    one = dataset(rows, amounts_count=counts)
    found = {
        (f"c{c}", f"p{p}"): (held, had, since, until)
        for c, p, held, had, since, until in zip(
            one.clients["client_id"].take(one.pair_clients).to_pylist(),
            one.products["product_id"].take(one.pair_products).to_pylist(),
            one.pairs.held.tolist(), one.pairs.had.tolist(), one.pairs.since.tolist(),
            one.pairs.until.tolist(), strict=True,
        )
    }  # fmt: skip
    found = {(c[1:], p[1:]): told for (c, p), told in found.items()}
    for key in {(row[0], row[1]) for row in rows if row[5] != "no_fact"}:
        mine = [row for row in rows if row[:2] == key and row[5] != "no_fact"]
        assert same(found[key], slowly(mine, counts=counts)), mine


def same(one: tuple, other: tuple) -> bool:
    return all(a == b or (np.isnan(a) and np.isnan(b)) for a, b in zip(one, other, strict=True))


def slowly(rows: list[tuple], *, counts: bool) -> tuple[bool, bool, float, float]:
    """Held, had, since and until of one pair, moment by moment."""
    moves = [row for row in rows if row[5] != "neither"]
    nets = counts and moves and all(row[6] is not None for row in moves)
    had = any(row[6] != 0 for row in moves)
    held, left, since, until, begun = False, 0.0, np.nan, np.nan, False
    for day in sorted({row[2] for row in moves}, key=lambda day: (day is not None, day or 0)):
        now = [row for row in moves if row[2] == day]
        if nets:
            left = max(0.0, left + sum(-abs(row[6]) if row[5] == "gives_up" else row[6] for row in now))
            after = left > 1e-9
        else:
            after = not any(row[5] == "gives_up" or (row[5] is None and (row[6] or 0) < 0) for row in now)
        after &= had
        when = np.nan if day is None else float(START + day)
        if after and not held:
            since = np.nan
        if after and np.isnan(since):
            since = when
        if not after and (held or not begun):
            until = np.nan
        if not after and np.isnan(until):
            until = when
        held, begun = after, begun or after
    if held:
        until = np.nan
    if had and not begun:  # sold only: when is the last that is known
        known = [START + row[2] for row in moves if row[2] is not None]
        until = float(max(known)) if known else np.nan
    return held, had, since if begun else np.nan, until if had else np.nan
