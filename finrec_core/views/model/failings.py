"""The failings of a model, each a sentence with its figures: from its tests, its data and its lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from finrec_core.advice.drivers import Drivers
from finrec_core.advice.vocabulary import Vocabulary
from finrec_core.recommender import FusedRecommender
from finrec_core.terms import wording
from finrec_core.terms.bounds import TOO_FEW
from finrec_core.terms.names import METRIC
from finrec_core.views.charts import dots
from finrec_core.views.model import arms, comparison, drivers, vocabulary
from finrec_core.views.model.figures import NAMES

FEW_TESTED = 100  # clients below which most differences cannot be settled
ALWAYS = (
    "Points order one client's list. They are no probability, return or risk, and do not compare between "
    "clients.",
    "A reason says what the model went by, not what made a client choose.",
    "The model learns what clients took, not whether it served them; what was offered or advertised more "
    "comes back as a preference.",
    "Intervals are over clients: another seed, or other data, moves the figures as well.",
)


def of_tests(protocol: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the tests of one protocol show the model not better, worse, or too little to say."""
    ours = comparison.ours(protocol)
    tested = protocol.get("clients")
    if not ours or not protocol.get("arms"):
        yield "It was not tested: no client has enough products to hold any back."
        return
    if tested == 1:
        yield "Only one client could be tested: there is no interval, and no difference can be settled."
    elif tested is not None and tested < FEW_TESTED:
        yield f"Only {wording.counted(tested, 'client')} could be tested, so few differences can be settled."
    for word, said in ((dots.NOT_SETTLED, "is not shown to beat"), (dots.WORSE, "is beaten by")):
        names = [
            arms.inside(pair["b"])
            for pair in protocol.get("paired", ())
            if pair["a"] == ours and pair["metric"] == METRIC and dots.result(pair["ci95"]) == word
        ]
        if names:
            yield f"On {NAMES[METRIC]} it {said} {wording.joined(names)}."
    for kind in comparison.KINDS:
        yield from _slices(protocol, kind, ours)


def _slices(protocol: Mapping[str, Any], kind: str, ours: str) -> Iterator[str]:
    """Yield where the model is weakest, and the slices in which another method reaches more."""
    told = {
        key: one
        for key, one in (protocol.get(kind) or {}).items()
        if one["clients"] >= TOO_FEW and METRIC in one["arms"].get(ours, {})
    }
    if len(told) > 1:
        weakest = min(told, key=lambda key: told[key]["arms"][ours][METRIC]["value"])
        figure = told[weakest]["arms"][ours][METRIC]
        where, value = _where(weakest, kind), wording.plain(figure["value"], 3)
        interval = "" if not figure.get("ci95") else f", 95 % interval {dots.interval(*figure['ci95'])}"
        yield (
            f"It is weakest {where}: {value} on {NAMES[METRIC]}{interval} "
            f"({wording.counted(told[weakest]['clients'], 'client')})."
        )
    for key, one in told.items():
        values = {arm: found[METRIC]["value"] for arm, found in one["arms"].items() if METRIC in found}
        best = max(values, key=values.__getitem__)
        if best == ours or values[best] <= values[ours]:
            continue
        where = _where(key, kind)
        yield (
            f"{wording.capital(where)} ({wording.counted(one['clients'], 'client')}), {arms.inside(best)} "
            f"reaches {wording.plain(values[best], 3)} on {NAMES[METRIC]} and the model "
            f"{wording.plain(values[ours], 3)}; whether that is chance was not tested."
        )


def _where(key: str, kind: str) -> str:
    """Return a slice inside a sentence, as "for clients with no products"."""
    name = comparison.SLICES[kind].get(key, key)
    inside = wording.inside(name)
    return f"for clients with {inside}" if kind == "by_client_degree" else f"for products {inside}"


def of_data(recommender: FusedRecommender) -> Iterator[str]:
    """Yield what the model cannot know of some clients and products, with their numbers."""
    model, dataset = recommender.model, recommender.dataset
    evidence = model.evidence
    clients, products = len(dataset.clients), len(dataset.products)
    silent = int(model.silent.sum())
    if silent:
        yield (
            f"Of {silent:,} of {wording.counted(clients, 'client')} nothing is known, neither products nor "
            "connections: their lists are of popularity and not personal."
        )
    tied = int(((evidence.counts == 0) & ~model.silent).sum())
    if tied:
        counted = wording.capital(wording.counted(tied, "client"))
        yield f"{counted} without products: lists rest on connections alone."
    unheld = (evidence.degree == 0) & dataset.available
    cold = int((unheld & model.cold.rows).sum())
    blank = int((unheld & ~model.cold.rows).sum())
    if cold:
        yield (
            f"{wording.capital(wording.counted(cold, 'offered product'))} of {products:,} that nobody has: "
            "ranked by words alone."
        )
    if blank:
        yield (
            f"{wording.capital(wording.counted(blank, 'offered product'))} that nobody has and of which the "
            "model reads no words: nothing personal speaks for or against."
        )
    rare = int(((evidence.degree > 0) & (evidence.degree < TOO_FEW) & dataset.available).sum())
    if rare:
        yield (
            f"{wording.capital(wording.counted(rare, 'offered product'))} with fewer than "
            f"{TOO_FEW} holders: little is learned of who takes them."
        )


def of_lists(found: Drivers, words: Vocabulary | None) -> Iterator[str]:
    """Yield what the lists of all clients show: what is left out, popularity, how exact the reasons are."""
    shown = found.exposure
    if len(shown.never):
        yield (
            f"{wording.capital(wording.counted(len(shown.never), 'offered product'))} of {shown.offered:,} "
            f"{'stands' if len(shown.never) == 1 else 'stand'} in no client's first twenty."
        )
    if shown.places and shown.places[0] > shown.interactions[0] + 0.005:
        yield (
            f"The lists lean on widespread products more than clients do: the most widespread tenth takes "
            f"{wording.percent(shown.places[0], 0)} of the first ten places and has "
            f"{wording.percent(shown.interactions[0], 0)} of interactions."
        )
    yield f"Reasons add up to each score within {drivers.gap(found.error)} of its unit."
    if words is not None and words.texts:
        yield f"Words miss the share of their text by {vocabulary.error(words)}."
