"""The tail in words and by kind."""

from finrec_core.explain.explanation import Lens
from finrec_core.explain.points import shown
from finrec_core.views import tail


def test_the_tail_has_a_row_for_each_kind(explanation, scale, labels):
    view = shown(explanation.product_lens, scale)
    assert tail.tail_rows(view, labels) == [("12 other similar clients", 3)]
    assert tail.tail_name(view) == "12 smaller reasons"
    assert tail.tail_in_words(view) == "12 smaller reasons: 12 similar clients +3"


def test_what_adds_up_to_nothing_is_one_row(explanation, scale, labels):
    view = shown(explanation.client_lens, scale)
    assert tail.tail_rows(view, labels) == [("1 smaller reason", 0)]
    assert tail.tail_in_words(view) == "1 smaller reason: 1 product 0"


def test_every_kind_has_its_name(explanation, scale, labels):
    view = shown(explanation.product_lens, scale, most=0)
    rows = tail.tail_rows(view, labels)
    assert rows == [
        ("15 similar clients", 47),
        ("Its record with all clients", 12),
        ("Its own description", 7),
        ("Reads like Alpine Corporate Bond Fund", 5),
        ("2 reviews", 4),
    ]
    assert view.start + sum(points for _, points in rows) == view.total


def test_no_tail(scale, labels):
    view = shown(Lens(1.0, (), 1.0), scale)
    assert tail.tail_rows(view, labels) == []
