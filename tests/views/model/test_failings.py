"""The failings that tests show: of one client too little is known to say who is beaten."""

from finrec_core.views.model import failings
from tests.views.compared import pair, protocol


def test_a_single_client_settles_nothing_and_it_is_said():
    one = protocol(clients=1, item_knn=None)
    one["paired"] = [pair("item-knn", -0.37, -0.37) | {"ci95": None}]
    said = " ".join(failings.of_tests(one))
    assert "Only one client could be tested: there is no interval" in said
    assert "beaten" not in said
    assert "It is not shown to beat item-kNN." in said.replace("On NDCG@20 it", "It")
    assert "Only 2 clients could be tested" in " ".join(failings.of_tests(protocol(clients=2)))


def test_who_is_beaten_and_who_is_not_follows_the_intervals():
    said = [*failings.of_tests(protocol(ease=(-0.2, -0.1), edlae=(-0.1, 0.1), popularity=(0.1, 0.3)))]
    assert said == [
        "On NDCG@20 it is not shown to beat EDLAE.",
        "On NDCG@20 it is beaten by EASE.",
    ]
