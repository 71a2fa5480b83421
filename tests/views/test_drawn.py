"""The pictures of a profile: those that the data has something for, each with table and words."""

from finrec_core.dataset import Profile
from finrec_core.dataset.demo_bank import demo_bank
from finrec_core.views.drawn import drawn
from finrec_core.views.theme import DARK, LIGHT
from tests.dataset.tables import dataset


def test_the_demo_bank_has_all_of_them() -> None:
    shown = drawn(Profile.of(demo_bank(60, 30, 1).dataset))
    assert [one.key for one in shown] == [
        *("clients", "products", "popularity", "months", "own", "reviews", "ratings")
    ]
    assert shown[-1].title == "Ratings, low below 3"
    for one in shown:
        assert len(one.table)
        assert one.alternative.endswith(".")
        for ink in (LIGHT, DARK):
            assert one.figure(ink).layout.height > 100


def test_what_the_data_lacks_is_not_drawn() -> None:
    shown = drawn(Profile.of(dataset([("c1", "p1")])))
    assert [one.key for one in shown] == ["clients", "products", "popularity"]
