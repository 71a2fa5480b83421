"""The tail in words and by kind."""

import pytest

from finrec_core.explain.points import shown
from finrec_core.views import tail


def test_the_groups_add_up_to_what_is_shown(explanation, scale):
    view = shown(explanation.product_lens, scale)
    assert view.tail_points == 3
    assert tail.name(view) == "12 smaller reasons"
    assert tail.groups(view) == [("12 similar clients", 12, pytest.approx(3.0))]
    assert tail.in_words(view) == "12 smaller reasons: 12 similar clients +3.0"


def test_one_smaller_reason(explanation, scale):
    view = shown(explanation.client_lens, scale)
    assert tail.in_words(view) == "1 smaller reason: 1 product 0.0"


def test_every_kind_has_its_name(explanation, scale):
    view = shown(explanation.product_lens, scale, most=0)
    assert [title for title, _, _ in tail.groups(view)] == [
        "15 similar clients",
        "1 product that reads like it",
        "2 reviews",
        "1 description",
        "1 record with all clients",
    ]
    assert sum(points for _, _, points in tail.groups(view)) == pytest.approx(view.tail_points)
