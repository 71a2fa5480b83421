"""The strongest words against planted ones, added up again text by text, and what may not be shown."""

from dataclasses import replace

import numpy as np
import pytest

from finrec_core.advice.drivers import drivers
from finrec_core.advice.vocabulary import plain_word, vocabulary
from finrec_core.dataset import Dataset
from finrec_core.model import ClosedFormConstants, Constants, NetworkConstants, Switches, fit
from finrec_core.recommender import FusedRecommender
from finrec_core.text.reading import TF_IDF, Reading
from tests.planted import table

TASTES = {
    "green": "climate solar wind carbon renewable",
    "travel": "airport luggage flight abroad lounge",
    "home": "kitchen roof garden mortgage bricks",
}
FILLER = ["offer", "simple", "account", "terms", "branch", "service", "standard", "yearly", "basic", "online"]
SECRET = "zanzibarski"  # a word of one writer


def bank() -> Dataset:
    """Sixty clients of three tastes; the words of products tell the taste, beside words that tell nothing."""
    rng = np.random.default_rng(5)
    kinds = list(TASTES.values())
    products, clients = 45, 60
    texts = []
    for i in range(products):
        own = rng.choice(kinds[i % 3].split(), 3, replace=False).tolist()
        texts.append(" ".join(rng.permutation([*own, *rng.choice(FILLER, 3, replace=False).tolist()])))
    pairs = []
    for u in range(clients):
        weight = np.where(np.arange(products) % 3 == u % 3, 1.0, 0.03)
        pairs += [
            (u, int(i))
            for i in rng.choice(products, int(rng.integers(4, 8)), replace=False, p=weight / weight.sum())
        ]
    reviews = [
        f"{SECRET} {SECRET} {texts[i]}" if u == 7 else texts[i].split()[0] if (u + i) % 3 == 0 else None
        for u, i in pairs
    ]
    ids, keys = [f"c{u:02}" for u in range(clients)], [f"p{i:02}" for i in range(products)]
    return Dataset(
        clients=table("clients", client_id=ids),
        products=table("products", product_id=keys, description=texts),
        interactions=table(
            "interactions",
            client_id=[ids[u] for u, _ in pairs],
            product_id=[keys[i] for _, i in pairs],
            review=reviews,
        ),
        ties=table("ties", client_id=["c00"], other_client_id=["c03"]),
        name="words",
    )


@pytest.fixture(scope="module")
def recommender() -> FusedRecommender:
    dataset, reading = bank(), Reading(TF_IDF)
    encoder = reading.encoder(dataset, np.ones(len(dataset.interactions), dtype=bool))
    constants = Constants(
        network=NetworkConstants(dim=8, text_dim=8, seeds=1, steps=(10, 5)),
        closed_form=ClosedFormConstants(ridge=5.0, w_own=3.0),
        share=0.5,
    )
    made = FusedRecommender(encoder=TF_IDF)
    made._dataset, made._encoder = dataset, encoder
    made._model = fit(dataset, reading.table(dataset, encoder), constants, seed=0)
    return made


def test_the_strongest_words_are_the_planted_ones(recommender):
    found = vocabulary(recommender, drivers(recommender))
    planted = {word for words in TASTES.values() for word in words.split()}
    strongest = [one.word for one in found.words[:10]]
    assert sum(word in planted for word in strongest) >= 8, found.words[:12]
    assert len([one for one in found.words if one.word in planted]) >= 12


def test_the_words_add_up_to_what_goes_through_texts(recommender):
    """Every text is read, so the points of all words, shown or not, are those of reviews and own words."""
    what = drivers(recommender)
    found = vocabulary(recommender, what)
    assert found.read == found.texts
    assert found.held == pytest.approx(1.0)
    assert found.word_error < 0.02
    lens = what.lenses["product"]
    told = sum(one.points for one in lens.kinds if one.kind in ("review", "description"))
    assert told == pytest.approx(lens.words)
    import finrec_core.advice.vocabulary as module

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SOURCES", 0)
        every = vocabulary(recommender, what)
    assert sum(one.points for one in every.words) / 100 == pytest.approx(lens.words, rel=1e-6)
    assert SECRET in {one.word for one in every.words}


def test_a_word_of_one_writer_is_not_shown(recommender):
    found = vocabulary(recommender, drivers(recommender))
    assert SECRET not in {one.word for one in found.words}
    assert found.withheld > 0
    assert all(max(one.writers, one.products) >= 5 for one in found.words)


def test_fewer_texts_hold_less_and_say_so(recommender):
    found = vocabulary(recommender, drivers(recommender), most=10)
    assert found.read == 10 < found.texts
    assert 0.1 < found.held < 0.9


def test_a_model_without_text_has_no_words(recommender):
    dataset = recommender.dataset
    bare = FusedRecommender(encoder=TF_IDF)
    bare._dataset = dataset
    constants = replace(recommender.constants, switches=Switches(text=False), sigmas=None)
    bare._model = fit(dataset, None, constants, seed=0)
    what = drivers(bare)
    assert what.lenses["product"].words == what.lenses["client"].words == 0.0
    assert what.lenses["product"].words_share == 0.0
    assert vocabulary(bare, what).words == ()


@pytest.mark.parametrize(
    ("stretch", "word"),
    [("Cheap,", "cheap"), ("«Don't»", "don't"), ("—", ""), ("7.5%", "7.5"), ("年金", "年金"), ("👍", "")],
)
def test_a_word_stands_without_the_signs_around_it(stretch, word):
    assert plain_word(stretch) == word
