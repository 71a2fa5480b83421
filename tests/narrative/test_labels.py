"""The names and texts of one view, taken from a dataset."""

from datetime import UTC, datetime

from finrec_core.dataset import Dataset
from finrec_core.explain.explanation import Contribution, Explanation, Lens, Word
from finrec_core.intake import from_frames
from finrec_core.narrative.labels import Labels, product_titles
from tests.dataset.tables import table

WHEN = datetime(2026, 3, 4, tzinfo=UTC)


DATA = Dataset(
    clients=table(
        "clients", [{"client_id": "u"}, {"client_id": "v/1", "name": "Ilse Brandt"}, {"client_id": "w"}]
    ),
    products=table(
        "products",
        [
            {"product_id": "a", "name": " Green\nPlan ", "description": "Saves monthly."},
            {"product_id": "b/x", "name": "Climate Fund", "category": "Bonds"},
            {"product_id": "c"},
        ],
    ),
    interactions=table(
        "interactions",
        [
            {"client_id": "u", "product_id": "a", "rating": 5.0},
            {"client_id": "u", "product_id": "c", "rating": 1.0},
            {"client_id": "v/1", "product_id": "a", "review": "Easy plan."},
            {
                "client_id": "v/1",
                "product_id": "b/x",
                "review": "Steady income.",
                "timestamp": WHEN,
                "rating": 4.0,
            },
            {"client_id": "w", "product_id": "b/x", "rating": 2.0, "review": "Swings."},
        ],
    ),
    ties=table("ties", [{"client_id": "u", "other_client_id": "w", "kind": "friend"}]),
    verb="holds",
    rating_limit=3.0,
)
WORD = Word("v/1/a", "Easy", 0, 4, 0.1)
MINE = Contribution(
    "interaction", "a", "", 1.0, text_value=0.1, words=(WORD, Word("description", "Saves", 13, 18, 0.0))
)
ILSE, REVIEW = Contribution("client", "v/1", "", 0.5), Contribution("review", "v/1/b/x", "", 0.3)
OWN, LIKE = Contribution("description", "b/x", "", 0.1), Contribution("product", "c", "", 0.05)
LEARNED = Contribution("learned", "b/x", "", 0.05)
EXPLANATION = Explanation(
    "u",
    "b/x",
    1,
    1.0,
    Lens(0.0, (MINE, Contribution("tie", "w", "", 0.2)), 1.2),
    Lens(0.2, (ILSE, REVIEW, OWN, LIKE, LEARNED), 1.2),
)


def test_labels_hold_what_the_view_needs():
    labels = Labels.of(DATA, EXPLANATION)
    assert (labels.client, labels.product, labels.product_id) == ("client u", "Climate Fund", "b/x")
    assert (labels.verb, labels.holders, labels.held, labels.rated_low) == ("holds", 1, 1, 1)
    assert labels.products == {"a": "Green Plan", "b/x": "Climate Fund", "c": "c"}
    assert repr(labels) == "Labels(3 products, 1 ties, 1 others, 2 reviews)"


def test_each_part_has_a_title_without_other_peoples_names():
    labels = Labels.of(DATA, EXPLANATION)
    contributions = EXPLANATION.client_lens.contributions + EXPLANATION.product_lens.contributions
    assert [labels.title(contribution) for contribution in contributions] == [
        "Green Plan",
        "Friend",
        "Client 1",
        "Review 1",
        "Its own description",
        "Reads like c",
        "Its record with all clients",
    ]


def test_what_the_view_does_not_know_stays_nameless():
    labels = Labels(client="u", product="p")
    assert labels.title(Contribution("client", "secret", "secret", 1.0)) == "Another client"
    assert labels.title(Contribution("tie", "secret", "secret", 1.0)) == "Connection"
    assert labels.title(Contribution("review", "secret/p", "secret", 1.0)) == "A review"


def test_writers_are_shown_only_where_the_setting_allows():
    hidden = Labels.of(DATA, EXPLANATION).review("v/1/b/x")
    assert (hidden.title, hidden.writer, hidden.when, hidden.stars) == ("Review 1", "", "", "")
    shown = Labels.of(DATA, EXPLANATION, show_writers=True).review("v/1/b/x")
    assert (shown.title, shown.when, shown.stars) == ("Review by Ilse Brandt", "Mar 2026", "4")


def test_words_find_the_text_they_are_cut_from():
    labels = Labels.of(DATA, EXPLANATION)
    for contribution in (MINE, REVIEW):
        for word in contribution.words:
            assert labels.text(contribution, word.source)[word.start : word.end] == word.text
    assert labels.text(REVIEW, "v/1/b/x") == "Steady income."
    assert labels.text(OWN, "description") == "Climate Fund\nBonds"
    assert labels.text(MINE, "nobody/a") == ""
    assert "w/b/x" not in labels.reviews, "a review that is no reason here is not handed to the page"


def test_products_and_people_of_one_name_are_told_apart():
    events = {"client_id": ["a", "a", "b"], "product_id": ["x", "y", "x"]}
    bank = from_frames(
        events,
        products={"product_id": ["x", "y", "z"], "name": ["Green Fund", "GREEN  FUND", "Card"]},
        clients={"client_id": ["a", "b"], "name": ["Ann", "ann"]},
        ties={"client_id": ["a"], "other_client_id": ["b"], "kind": ["friend"]},
    )
    lens = Lens(0.0, (Contribution("interaction", "y", "y", 0.0),), 0.0)
    explanation = Explanation("a", "x", None, 0.0, lens, lens, "fused", True)
    labels = Labels.of(bank, explanation, show_tie_names=True)
    assert (labels.client, labels.product) == ("Ann (a)", "Green Fund (x)")
    assert labels.title(lens.contributions[0]) == "GREEN FUND (y)"
    assert labels.tie("b").phrase == "ann (b) (friend)"
    assert product_titles(bank, [2, 1]) == {"z": "Card", "y": "GREEN FUND (y)"}
    assert not labels.empty
    every = from_frames({"client_id": ["a"] * 2, "product_id": ["x", "y"]})
    assert Labels.of(every, explanation).empty
