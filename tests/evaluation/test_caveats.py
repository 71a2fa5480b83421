"""Where nothing is left to rank, a test says that its figures mean nothing."""

import numpy as np
import pytest

from finrec_core.evaluation import caveats, compare, evaluate
from finrec_core.intake import from_frames
from tests.planted import planted

DENSE, SHORT, LEFT = "no figure of this test", "The catalogue has", "Beside what they have"


def held(clients, products, each, **extra):
    """Return a dataset in which each client has so many of the products."""
    pairs = [(f"c{c}", f"p{(c + k) % products}") for c in range(clients) for k in range(each)]
    frame = {"client_id": [c for c, _ in pairs], "product_id": [p for _, p in pairs]}
    rows = {"product_id": [f"p{n}" for n in range(products)]}
    return from_frames(frame | {name: cells * len(pairs) for name, cells in extra.items()}, products=rows)


@pytest.mark.parametrize(
    ("clients", "products", "each", "said"),
    [
        (30, 100, 10, []),
        (30, 100, 90, []),
        (30, 100, 91, [DENSE]),
        (30, 100, 100, [DENSE, LEFT]),
        (30, 21, 3, [LEFT]),
        (30, 20, 3, [SHORT]),
        (30, 4, 3, [SHORT]),
        (30, 4, 4, [DENSE, SHORT]),
        (30, 25, 10, [LEFT]),
        (30, 22, 3, [LEFT]),  # one of three is asked for, so 20 products are left
        (30, 23, 3, []),
        (30, 4, 2, []),  # nobody is tested
        (1, 1, 1, []),
    ],
)
def test_each_reason_is_said(clients, products, each, said):
    found = caveats(held(clients, products, each))
    assert len(found) == len(said)
    assert all(word in sentence for word, sentence in zip(said, found, strict=True))


def test_the_sentences_tell_their_numbers():
    assert caveats(held(30, 4, 3)) == (
        "The catalogue has 4 products and a list 20 places, so every list holds every product: recall@20 is "
        "1 for whatever method, and NDCG@20 tells little.",
    )
    assert caveats(held(30, 12, 3))[0].endswith("tells little. Look at the figures @5.")
    assert "half of the clients have no more than 17 products left" in caveats(held(30, 25, 10))[0]


def test_a_product_taken_twice_counts_once_and_one_never_taken_not_at_all():
    once = held(30, 100, 80)
    twice = once.take(np.ones(len(once.interactions), dtype=bool))
    assert caveats(twice) == caveats(once)
    assert caveats(held(30, 100, 95, action=["no_fact"])) == ()
    assert len(caveats(held(30, 100, 95, action=["gives_up"]))) == 1  # who had it is not asked for it


def test_clients_without_anything_do_not_thin_out_the_others():
    frame = held(30, 4, 4).interactions.select(["client_id", "product_id"])
    crowd = from_frames(frame, clients={"client_id": [f"c{n}" for n in range(9_000)]})
    assert DENSE in caveats(crowd)[0]


def test_they_stand_in_the_documents_of_a_comparison_and_of_a_training():
    from finrec_core.dataset import split_by_client
    from finrec_core.model import Constants, fit

    dataset = held(30, 12, 4)
    assert evaluate(dataset, None, arms=("popularity",))["caveats"] == [*caveats(dataset)] != []
    split = split_by_client(dataset, seed=0)
    model = fit(dataset.take(~split.test), None, Constants(), seed=0)
    assert compare(dataset, None, split, model, arms=(), seed=0).document["caveats"] == [*caveats(dataset)]


def test_a_bank_with_enough_to_rank_has_none():
    assert caveats(planted(clients=40).dataset) == ()
