"""What a text finds of everything, and in which order."""

from collections.abc import Sequence

import pytest

from finrec_core.advice.decision import decide
from finrec_core.advice.decision_log import DecisionLog
from finrec_core.advice.reminder import note
from finrec_core.store.clients import ClientMatch
from finrec_core.views.recommendation.catalogue import ProductMatch
from finrec_core.views.recommendation.search import NEAR, SHARES, Hit, hits
from tests.advice.made import TODAY, row, snapshot

PAGES = {"today": "Today", "data": "Data", "words": "Words explained"}


def ids(found: Sequence[Hit]) -> list[tuple[str, str]]:
    return [(hit.kind, hit.id) for hit in found]


def log(*names: tuple[str, str]) -> DecisionLog:
    """Return a log of decisions on clients and products of these names."""
    made = [
        decide("reject", snapshot(client_name=client, product_name=product), reason="cost", today=TODAY)
        for client, product in names
    ]
    return DecisionLog.of(row(number, one) for number, one in enumerate(made, 1))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("data", ["data"]),
        ("expl", ["words"]),  # the beginning of a word
        ("lain", ["words"]),  # a part of one
        ("WORDS explained", ["words"]),
        ("tody", ["today"]),  # a slip of the keys
        ("dat", ["data"]),
        ("nothing", []),
        ("  ", []),
    ],
)
def test_pages_by_title(text: str, found: list[str]) -> None:
    assert ids(hits(text, pages=PAGES)) == [("page", key) for key in found]


def test_a_page_with_a_mistyped_title_stands_behind_all_that_is_spelled_so() -> None:
    (hit,) = hits("tody", pages=PAGES)
    assert (hit.grade, hit.name, hit.about) == (NEAR, "Today", "page")


def test_the_very_name_or_number_comes_first_whatever_it_is() -> None:
    clients = [ClientMatch("7", "Data Miner", "Private"), ClientMatch("c2", "Old Data", "")]
    products = [ProductMatch("p1", "Data Plan", "Cards")]
    found = hits("data", clients, products, PAGES)
    assert ids(found) == [("page", "data"), ("client", "7"), ("product", "p1"), ("client", "c2")]
    assert [(hit.name, hit.about) for hit in found[1:3]] == [
        ("Data Miner", "7, Private"),
        ("Data Plan", "Cards"),
    ]
    assert ids(hits("p1", clients[:1], products))[0] == ("product", "p1")


def test_what_has_no_name_is_called_by_its_number_once() -> None:
    assert [(hit.name, hit.about) for hit in hits("c9", [ClientMatch("c9", "", "Private")])] == [
        ("c9", "Private")
    ]


def test_decisions_by_number_and_by_the_names_in_them_newest_first() -> None:
    known = log(("Ann Lee", "Green Fund"), ("Bo Kay", "Blue Loan"), ("Ann Lee", "Blue Loan"))
    assert [hit.id for hit in hits("ann", log=known)] == ["row-3", "row-1"]
    assert [hit.id for hit in hits("loan ann", log=known)] == ["row-3"]
    for text in ("2", "no. 2", "No 2", "#2", "decision 2"):
        (hit,) = hits(text, log=known)
        assert (hit.id, hit.grade, hit.name, hit.about) == (
            "row-2",
            0,
            "Bo Kay: Blue Loan",
            "rejected, no. 2",
        )
    assert hits("4", log=known) == []


def test_no_kind_crowds_out_the_others() -> None:
    clients = [ClientMatch(f"c{number}", f"Ann {number}", "") for number in range(50)]
    known = log(*[("Ann", "Fund")] * 20)
    found = ids(hits("ann", clients, [ProductMatch("p", "Annuity", "")], PAGES, known))
    counts = {kind: sum(one == kind for one, _ in found) for kind in SHARES}
    assert counts == {"client": 8, "product": 1, "page": 0, "decision": 4}


def test_a_note_is_named_by_its_client_alone():
    log = DecisionLog.of([row(3, note("c1", "Likes tea", client_name="Marta Lindqvist"))])
    (hit,) = hits("no 3", log=log)
    assert (hit.name, hit.about) == ("Marta Lindqvist", "note, no. 3")
