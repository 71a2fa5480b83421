"""The sentence: English that holds for one, two, many, none and negative reasons."""

import pytest

from finrec_core.explain.points import shown
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.sentence import other_view, pieces, sentence, similar_clients
from tests.narrative.contributions import (
    ANN,
    BO,
    CY,
    ERIK,
    GREEN,
    LABELS,
    LOAN,
    SCALE,
    SHORT,
    explained,
    said,
)


@pytest.mark.parametrize(
    ("contributions", "text"),
    [
        ([GREEN], "Marta Lindqvist has Nordlys Green Savings Plan (+34), which raises its rank."),
        (
            [GREEN, SHORT],
            "Marta Lindqvist has Nordlys Green Savings Plan (+34) and Alpine Short Bond Fund (+27), "
            "which raise its rank.",
        ),
        (
            [GREEN, SHORT, ERIK, ANN, LOAN],
            "Marta Lindqvist has Nordlys Green Savings Plan (+34) and Alpine Short Bond Fund (+27), and what "
            "a member of the household has (+13) raises its rank too. Clients with Harbour Home Loan take it "
            "less often (−5).",
        ),
        ([CY], "What a connection (retweet) has (+40) raises its rank."),
        (
            [CY, GREEN],
            "What a connection (retweet) has (+40) raises its rank, and so does Nordlys Green Savings Plan "
            "(+34), which Marta Lindqvist has.",
        ),
        (
            [CY, GREEN, SHORT],
            "What a connection (retweet) has (+40) raises its rank, and so do Nordlys Green Savings Plan "
            "(+34) and Alpine Short Bond Fund (+27), which Marta Lindqvist has.",
        ),
        (
            [GREEN, CY, ("interaction", "short", 50.0)],
            "Marta Lindqvist has Alpine Short Bond Fund (+50), and what a connection (retweet) has (+40) "
            "raises its rank too.",
        ),
        (
            [LOAN, ("tie", "erik", -3.0)],
            "No single reason raises its rank by a whole point. Clients with Harbour Home Loan take it less "
            "often (−5). What a member of the household has (−3) lowers its rank.",
        ),
        (
            [("interaction", "green", 0.3), ("interaction", "short", 0.4)],
            "No single reason weighs a whole point; 2 small ones add up to +1, beside the starting point "
            "(11).",
        ),
        (
            [("interaction", "green", 0.3)],
            "The only reason weighs less than a point; the rest is the starting point (11).",
        ),
        ([], "There is no reason beside the starting point (11)."),
    ],
)
def test_the_client_lens(contributions, text):
    assert said(contributions) == text


def test_two_connections_of_one_kind_and_a_start_larger_than_both():
    assert said([ANN, BO]) == (
        "What a friend (+4) and another friend (+2) have raises its rank. "
        "The starting point (11) is larger than any reason."
    )


@pytest.mark.parametrize(
    ("verb", "many"),
    [("bought", "bought"), ("listens to", "listen to"), ("wrote about", "wrote about")],
)
def test_the_verb_is_the_datasets_own(verb, many):
    text = said([GREEN, LOAN], labels=Labels(**{**vars(LABELS), "verb": verb}))
    assert text.startswith(f"Marta Lindqvist {verb} Nordlys Green Savings Plan (+34)")
    assert text.endswith(f"Clients who {many} Harbour Home Loan {many} it less often (−5).")


PRODUCT_PARTS = [
    ("learned", "climate", 33.0),
    ("client", "ilse", 19.0),
    ("client", "sofia", 11.0),
    ("review", "ilse/climate", 8.0),
    ("review", "tom/climate", -4.0),
]


def test_the_product_lens():
    assert said(PRODUCT_PARTS, lens="product") == (
        "What raises its rank most: its record with all clients, not traceable to single ones (+33); "
        "a private client who has it, 4 products in common (+19); another client who has it, no products "
        "in common (+11). A review of it lowers its rank (−4)."
    )


@pytest.mark.parametrize(
    ("contributions", "text"),
    [
        ([("description", "climate", 20.0)], "What raises its rank most: its own description (+20)."),
        (
            [("review", "ilse/climate", 20.0), ("review", "tom/climate", 15.0)],
            "What raises its rank most: a review of it (+20) and another review of it (+15).",
        ),
        (
            [("product", "short", 20.0)],
            "What raises its rank most: Alpine Short Bond Fund, which reads like it (+20).",
        ),
        (
            [("client", "tom", -20.0)],
            "No single reason raises its rank by a whole point. An SME client who has it, 1 product in "
            "common, lowers its rank (−20).",
        ),
        (
            [("product", "short", -20.0)],
            "No single reason raises its rank by a whole point. Alpine Short Bond Fund, which reads like it, "
            "lowers its rank (−20).",
        ),
    ],
)
def test_each_kind_of_the_product_lens(contributions, text):
    assert said(contributions, lens="product") == text


def many(kind, count, value):
    return [(kind, f"{kind}{k}", value) for k in range(count)]


def test_many_small_reasons_of_a_kind_speak_together():
    contributions = [("learned", "climate", 10.0), ("client", "ilse", 3.0), *many("client", 60, 0.9)]
    assert said([*contributions, *many("review", 20, -0.5)], lens="product") == (
        "What raises its rank most: 61 similar clients, the strongest a private client with 4 products "
        "in common (+57); its record with all clients, not traceable to single ones (+10). 20 reviews of it "
        "lower its rank (−10)."
    )


def test_the_strongest_of_many_without_a_segment():
    text = said([("client", "sofia", 3.0), *many("client", 60, 0.9)], lens="product")
    assert "61 similar clients, the strongest with no products in common (+57)" in text


def test_a_group_smaller_than_its_largest_row_stays_apart():
    contributions = [("client", "ilse", 30.0), *many("client", 4, 0.4)]
    assert said(contributions, lens="product") == (
        "What raises its rank most: a private client who has it, 4 products in common (+30)."
    )


def test_what_the_smaller_products_weigh_together_is_said_where_it_is_more():
    text = said([("interaction", "green", 6.0), *many("interaction", 40, 0.9)], base=0.0)
    assert text.startswith("Marta Lindqvist has Nordlys Green Savings Plan (+6), ")
    assert text.endswith(" 32 other products together raise its rank (+28).")
    assert "together" not in said([GREEN, *many("interaction", 10, 0.3)])


def test_a_popularity_list_says_so():
    text = said([], branch="popularity")
    assert text == (
        "This is a popularity list: the client has no products and no connections yet, so the products that "
        "most clients have come first. 38 clients have this one."
    )
    for holders, ending in ((1, "1 client has this one."), (0, "No client has this one yet.")):
        assert said([], branch="popularity", labels=Labels(**{**vars(LABELS), "holders": holders})).endswith(
            ending
        )
    rated = Labels(**{**vars(LABELS), "rated_low": 2})
    assert "has no product rated well and no connections yet" in said([], branch="popularity", labels=rated)
    heard = Labels(**{**vars(LABELS), "verb": "listens to"})
    assert "the client listens to nothing yet" in said([], branch="popularity", labels=heard)


def test_a_product_the_client_has_already():
    assert said([GREEN], has=True).startswith(
        "Marta Lindqvist has Nordlys Climate Bond Fund already, so it has no rank. Marta Lindqvist has "
    )


def test_equal_scores_have_no_points():
    assert sentence(explained([GREEN]), None, LABELS, "client") == (
        "All products on this list score the same, so there are ranks and no points."
    )


def test_a_client_without_a_name_begins_with_a_capital():
    assert said([GREEN], labels=Labels(**{**vars(LABELS), "client": "client 17"})).startswith(
        "Client 17 has "
    )


def test_product_names_are_the_strong_pieces():
    explanation = explained([GREEN, ERIK])
    strong = [
        piece.text
        for piece in pieces(explanation, shown(explanation.client_lens, SCALE), LABELS, "client")
        if piece.strong
    ]
    assert strong == ["Nordlys Green Savings Plan"]


@pytest.mark.parametrize(
    ("contributions", "text"),
    [
        (
            [("client", "ilse", 3.0), *many("client", 62, 0.8), ("review", "ilse/climate", 9.0)],
            "63 similar clients raise it by 53 together; the strongest of them by 3.",
        ),
        (
            [("client", "ilse", -30.0), ("client", "tom", 10.0)],
            "2 similar clients lower it by 20 together; the strongest of them by 30.",
        ),
        (
            [("client", "ilse", 10.0), ("client", "tom", -10.0)],
            "2 similar clients leave it together where it is.",
        ),
        ([("client", "ilse", 3.0)], "One similar client raises it by 3."),
        ([("review", "ilse/climate", 9.0)], ""),
    ],
)
def test_similar_clients_are_summed_with_the_strongest_of_them(contributions, text):
    view = shown(explained(contributions, lens="product").product_lens, SCALE)
    assert similar_clients(view) == text


def test_the_line_about_the_other_view():
    view = shown(explained([GREEN]).client_lens, SCALE)
    assert (
        other_view(view, "product") == "The same 45 points, seen from the product; do not add the two views."
    )
