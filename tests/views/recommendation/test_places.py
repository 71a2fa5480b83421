"""The places: boxes apart, lines crossing as little as any order allows."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.views.recommendation.places import CLEAR, Box, places


def box(key, column, width=100.0, height=30.0):
    return Box(key, column, width, height)


def columns(near, far):
    """A client, `near` and `far` boxes in two columns, and a product."""
    between = [box(f"n{k}", 1) for k in range(near)] + [box(f"f{k}", 2) for k in range(far)]
    return [box("client", 0), *between, box("product", 3)]


def ladder(near, far, links):
    """Links from the client to all near boxes, between near and far, and on to the product."""
    found = [("client", f"n{k}") for k in range(near)]
    found += [(f"n{a}", f"f{b}") for a, b in links]
    found += [(f"f{k}", "product") for k in range(far)]
    return found + [(f"n{k}", "product") for k in range(near) if k not in {a for a, _ in links}]


def overlap(found, boxes):
    for one, two in itertools.combinations(boxes, 2):
        if one.column == two.column:
            apart = abs(found.at[one.key][1] - found.at[two.key][1])
            assert apart >= (one.height + two.height) / 2 + CLEAR


def test_without_a_reason_the_order_given_stays():
    boxes = columns(4, 3)
    found = places(boxes, ladder(4, 3, [(0, 0), (1, 1), (2, 2), (3, 2)]))
    assert found.crossings == 0
    heights = [found.at[f"n{k}"][1] for k in range(4)]
    assert heights == sorted(heights)


def test_a_crossing_is_taken_out_by_another_order():
    boxes = columns(2, 2)
    found = places(boxes, ladder(2, 2, [(0, 1), (1, 0)]))
    assert found.crossings == 0
    assert (found.at["n0"][1] < found.at["n1"][1]) == (found.at["f1"][1] < found.at["f0"][1])


def test_a_crossing_that_no_order_takes_out_is_counted():
    # Each of two near boxes with each of two far ones: one crossing stays, whatever the order.
    found = places(columns(2, 2), ladder(2, 2, list(itertools.product(range(2), range(2)))))
    assert found.crossings == 1


def test_a_line_that_skips_a_column_passes_beside_its_boxes():
    # The mock's picture: two products with similar clients, a connection and a product without.
    boxes = columns(4, 3)
    links = ladder(4, 3, [(0, 0), (0, 1), (1, 1), (1, 2)])
    found = places(boxes, links)
    assert found.crossings == 0
    for near in ("n2", "n3"):
        (x0, y0), (x1, y1) = found.at[near], found.at["product"]
        x0, x1 = x0 + 50, x1 - 50
        for far in ("f0", "f1", "f2"):
            x, y = found.at[far]
            for at in (x - 50, x, x + 50):
                assert abs(y0 + (at - x0) / (x1 - x0) * (y1 - y0) - y) >= 15 + CLEAR - 1e-6


def test_the_whole_is_centred_and_large_enough():
    boxes = columns(3, 2)
    found = places(boxes, ladder(3, 2, [(0, 0), (1, 1), (2, 1)]))
    tops = [found.at[b.key][1] - b.height / 2 for b in boxes]
    bottoms = [found.at[b.key][1] + b.height / 2 for b in boxes]
    assert min(tops) == pytest.approx(-found.height / 2)
    assert max(bottoms) == pytest.approx(found.height / 2)
    assert max(found.at[b.key][0] + b.width / 2 for b in boxes) == pytest.approx(found.width)


def test_a_client_and_a_product_alone():
    found = places(columns(0, 0), [])
    assert found.at["client"][0] < found.at["product"][0]
    assert found.at["client"][1] == found.at["product"][1] == 0


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_order_of_a_small_picture_crosses_less(data):
    near, far = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    pairs = st.tuples(st.integers(0, near - 1), st.integers(0, far - 1))
    links = ladder(near, far, sorted(data.draw(st.sets(pairs, max_size=6))))
    boxes = columns(near, far)
    found = places(boxes, links)
    overlap(found, boxes)
    for one in itertools.permutations(boxes[1 : 1 + near]):
        for two in itertools.permutations(boxes[1 + near : -1]):
            given_order = [boxes[0], *one, *two, boxes[-1]]
            assert found.crossings <= places(given_order, links).crossings


@settings(max_examples=15, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 5)), max_size=14))
def test_a_full_picture_has_its_boxes_apart(links):
    boxes = columns(7, 6)
    overlap(places(boxes, ladder(7, 6, sorted(links))), boxes)
