"""The formerly held: until when, in one wording wherever it is said, and never "has"."""

from dataclasses import replace

import pytest

from finrec_core.explain.explanation import Explanation, Lens
from finrec_core.narrative.former import badge, formers, sentence
from finrec_core.narrative.holdings import holdings
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.sentence import sentence as card_sentence
from tests.dataset.tables import dataset
from tests.narrative.contributions import GREEN, LABELS, said

EVENTS = [
    ("a", "fund", 3, None, None, "takes"),
    ("a", "fund", 8, None, None, "gives_up"),
    ("a", "plan", 2, None, None, "takes"),
    ("a", "old", None, None, None, "takes"),
    ("a", "old", None, None, None, "gives_up"),
    ("a", "back", 2, None, None, "takes"),
    ("a", "back", 4, None, None, "gives_up"),
    ("a", "back", 6, None, None, "takes"),
    ("a", "part", 2, None, None, "takes", 10.0),
    ("a", "part", 6, None, None, "gives_up", -4.0),
    ("a", "seen", 9, None, None, "neither"),
    ("b", "plan", 1),
    ("b", "fund", 1),
]
BANK = dataset(EVENTS)


def by_id(client: str) -> dict[str, str]:
    ids = BANK.products["product_id"].to_pylist()
    return {ids[row]: when for row, when in formers(BANK, BANK.client_rows[client]).items()}


def test_only_what_was_had_and_is_held_no_more_is_formerly_held() -> None:
    assert by_id("a") == {"fund": "until January 2024", "old": "formerly"}
    assert by_id("b") == {}


def test_the_holdings_say_the_same() -> None:
    for client in ("a", "b"):
        given_up = {one.product: one.when for one in holdings(BANK, client) if one.state == "formerly held"}
        assert given_up == by_id(client)


@pytest.mark.parametrize(
    ("when", "short", "long"),
    [
        ("until June 2024", "Had until June 2024", "Ann had it until June 2024."),
        ("formerly", "Formerly had", "Ann formerly had it."),
        ("", "", ""),
    ],
)
def test_it_is_said_in_one_wording(when: str, short: str, long: str) -> None:
    assert badge(when) == short
    assert sentence("ann", when) == long


def labels(product: str, client: str = "a") -> Labels:
    nothing = Lens(0.0, (), 0.0)
    return Labels.of(BANK, Explanation(client, product, 1, 0.0, nothing, nothing))


def test_labels_know_until_when_the_client_had_the_product() -> None:
    assert labels("fund").former == "until January 2024"
    assert labels("plan").former == labels("seen").former == labels("fund", "b").former == ""
    assert labels("plan").formers == {"fund": "until January 2024", "old": "formerly"}
    assert labels("fund").held == 3, "what was given up is not counted as held"
    assert labels("fund").holders == 1


def test_the_sentence_says_had_and_then_why() -> None:
    former = replace(LABELS, formers={"climate": "until June 2024"})
    assert said([GREEN], labels=former) == (
        "Marta Lindqvist had Nordlys Climate Bond Fund until June 2024. Marta Lindqvist has Nordlys Green "
        "Savings Plan (+34), which raises its rank."
    )
    assert said([GREEN], labels=former, lens="product").startswith("Marta Lindqvist had Nordlys Climate")
    other = replace(LABELS, formers={"green": "until June 2024"})
    assert " had " not in said([GREEN], labels=other)


def test_a_client_that_gave_up_all_has_nothing_any_more() -> None:
    nothing = Lens(0.0, (), 0.0)
    explanation = Explanation("a", "fund", 1, 0.0, nothing, nothing, "popularity")
    former = replace(labels("fund"), rated_low=0)
    text = card_sentence(explanation, None, former, "client")
    assert "the client has nothing any more and has no connections" in text
    assert "yet" not in text
    never = card_sentence(explanation, None, replace(former, formers={}), "client")
    assert "has no products and no connections yet" in never
