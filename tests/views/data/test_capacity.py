"""What data can carry, in sentences: each for the data that it is true of, and only then."""

from dataclasses import replace

import pytest

from finrec_core.dataset import Profile
from finrec_core.dataset.closeness import Closeness
from finrec_core.dataset.profile import Band, Popularity, Texts, Times
from finrec_core.demo.bank import demo_bank
from finrec_core.evaluation.forecast import Range, TextForecast, TiesForecast
from finrec_core.intake import from_frames
from finrec_core.views.data.capacity import sentences, text_sentence, ties_sentence
from tests.dataset.tables import dataset


@pytest.fixture(scope="module")
def bank():
    return Profile.of(demo_bank(300, 60, 1).dataset)


def said(profile, kind):
    return " ".join(one.text for one in sentences(profile) if one.kind == kind)


def close(ratio, low, high):
    return Closeness(100, 3.0, 3.0 / ratio, 0.1, 0.1, ratio, low, high)


def test_the_demo_bank_carries_tastes_words_and_ties(bank):
    can = said(bank, "can")
    assert "can be tested" in can
    assert "100 % of the products have a text of their own" in can
    assert "Tied clients share" in can
    assert [one.kind for one in sentences(bank)] == sorted(
        (one.kind for one in sentences(bank)), key=("can", "mind", "cannot").index
    )


def test_clients_who_mostly_have_nothing_are_no_green_tick():
    lonely = Profile.of(
        from_frames(
            {"client_id": ["ann"], "product_id": ["card"]}, clients={"client_id": ["ann", "bob", "cem"]}
        )
    )
    assert lonely.products_of_client == 0
    assert "2 of 3 clients have no product, so what they are shown rests on popularity" in said(
        lonely, "cannot"
    )
    assert "A client has 0 of 1 product in the middle" in said(lonely, "mind")
    assert "in the middle of all clients" not in said(lonely, "can")


def test_ties_are_judged_by_their_interval(bank):
    assert "share 2.0 times" in said(replace(bank, closeness=close(2.0, 1.8, 2.2)), "can")
    open_ = replace(bank, closeness=close(1.05, 0.74, 1.6))
    assert "Whether tied clients share more products than chance is not settled" in said(open_, "mind")
    assert "Tied" not in said(open_, "can") + said(open_, "cannot")
    assert "fewer products than chance" in said(replace(bank, closeness=close(0.5, 0.4, 0.6)), "cannot")
    assert "cannot be judged" in said(replace(bank, closeness=None), "cannot")
    assert "Tied" not in said(replace(bank, ties=0), "can")


def test_what_moves_test_figures_is_to_be_minded(bank):
    times = replace(bank.times, equal=0.78)
    minded = said(replace(bank, times=times), "mind")
    assert (
        "78 % of the interactions happened at the very moment of another one of the same client: these "
        in minded
    )
    assert "stay together, in a test as in the training." in minded
    times = replace(bank.times, equal=0.1, dates=1.0)
    assert "100 % of the times are dates" in said(replace(bank, times=times), "mind")
    assert "intervals will be wide" in said(replace(bank, testable=12), "mind")
    steep = Popularity(((0.0, 0.0), (1.0, 1.0)), 0.8, 0.71)
    assert "71 % of the interactions" in said(replace(bank, popularity=steep), "mind")
    assert "40 % of the reviews read the same" in said(
        replace(bank, reviews=Texts(100, 50, 9.0, (), 20)), "mind"
    )
    assert "2 products share a name" in said(replace(bank, same_names=2), "mind")


def test_rare_products_are_spoken_for_by_words_only_where_there_are_any(bank):
    def rare(count, **changes):
        bands = (Band(2, 2, count), Band(20, 49, 60))
        found = sentences(replace(bank, by_product=bands, products=60 + count, **changes))
        return next(one.text for one in found if "fewer than 5 holders" in one.text)

    assert rare(5) == "5 products (8 %) have fewer than 5 holders: mostly their words can speak for them."
    assert rare(1) == "1 product (2 %) has fewer than 5 holders: mostly its words can speak for it."
    assert rare(5, products_told=0) == (
        "5 products (8 %) have fewer than 5 holders: there are no words either, so little can speak for them."
    )


def test_repeats_and_what_was_given_up_are_told(bank):
    found = replace(bank, repeated=64, former=3)
    assert "64 interactions repeat a client and product: a product taken more than once counts once." in said(
        found, "mind"
    )
    assert "3 products of clients were given up: they are no holdings, and may be recommended." in said(
        found, "mind"
    )
    one = said(replace(bank, repeated=1, former=1), "mind")
    assert "1 interaction repeats a client and product" in one
    assert "1 product of a client was given up: it is no holding, and may be recommended." in one
    none = said(replace(bank, repeated=0, former=0), "mind")
    assert "repeat a client" not in none
    assert "given up" not in none


def test_events_of_a_dataset_are_counted_for_it():
    sold = Profile.of(
        from_frames(
            {
                "client_id": ["ann", "ann", "ann", "bob"],
                "product_id": ["card", "card", "fund", "fund"],
                "action": ["takes", "gives_up", "takes", "takes"],
            }
        )
    )
    assert "1 interaction repeats" in said(sold, "mind")
    assert "1 product of a client was given up" in said(sold, "mind")


def test_the_limits_are_what_it_cannot_carry():
    poor = Profile.of(dataset([("c1", "p1"), ("c2", "p2")]))
    assert "nothing is learned from words" in said(poor, "cannot")
    nothing = replace(poor, interactions=0, limits=("There are no interactions.",))
    assert [one.text for one in sentences(nothing)] == ["There are no interactions."]


def test_a_profile_without_times_says_no_span(bank):
    without = replace(bank, times=Times(0, None, None, (), 0.0, 0.0))
    assert "have a time" not in said(without, "can")


def test_a_forecast_is_named_a_guess_and_a_measured_gain_is_not():
    guess = TextForecast(0.9, 0.01, (), Range(0.0, 0.03), 0.011, None)
    assert text_sentence(guess) == (
        "Text alone reaches 90 % of what the record of interactions alone does. "
        "A guess: text and ties will change NDCG@20 by 0.0 % to +3.0 %."
    )
    measured = replace(guess, measured=(0.15, -0.01, 0.2))
    assert "A guess" not in text_sentence(measured)
    assert "−1.0 % to +20 %, +15 % in the mean. Not settled" in text_sentence(measured)
    ties = TiesForecast("much", Range(0.005, 0.025), Range(0.1, 0.9))
    assert ties_sentence(ties) == (
        "A guess: ties will change NDCG@20 by +0.5 % to +2.5 % over all clients, and by "
        "+10 % to +90 % for those with three products or fewer."
    )
    assert ties_sentence(replace(ties, few=None)) == (
        "A guess: ties will change NDCG@20 by +0.5 % to +2.5 % over all clients. "
        "Nobody who is tied has three products or fewer, for whom ties can do most."
    )
