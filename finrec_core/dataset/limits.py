"""What cannot be learned from a dataset, a sentence each: said once, wherever a model is made or tested."""

import numpy as np

from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.split import FEWEST

FEWEST_ASKED = 20  # clients below which what they like better is chance
MOST_WITHOUT = 0.5  # share of the clients that may have nothing
LARGE_SHARE = 0.25  # of all interactions, in the hands of one client


def limits(dataset: Dataset) -> tuple[str, ...]:
    """Return a sentence for everything that a model could learn from but does not find here.

    >>> from finrec_core.dataset import limits
    >>> from finrec_core.intake import from_frames
    >>> limits(from_frames({"client_id": ["ann"], "product_id": ["card"]}))[0]
    'No client has two products, so nothing is learned about which go together.'
    """
    return tuple(sentence for rule in RULES for sentence in rule(dataset))


def without_products(dataset: Dataset) -> list[str]:
    """Return the sentence that most clients have nothing, in a list that is empty where they have not.

    >>> from finrec_core.dataset.limits import without_products
    >>> from finrec_core.intake import from_frames
    >>> clients = {"client_id": ["ann", "bob", "cem"]}
    >>> without_products(from_frames({"client_id": ["ann"], "product_id": ["card"]}, clients=clients))
    ['2 of 3 clients have no product, so what they are shown rests on popularity and connections alone.']
    """
    rows = dataset.interactions
    if rows["action"].null_count == rows["amount"].null_count == len(rows):  # then each event takes
        holders = dataset.event_clients
    else:
        holders = dataset.pair_clients[dataset.pairs.held]
    held = np.bincount(holders, minlength=len(dataset.clients))
    without = int((held == 0).sum())
    if not len(dataset.interactions) or without <= MOST_WITHOUT * len(held):
        return []
    return [
        f"{without:,} of {len(held):,} clients have no product, so what they are shown rests on popularity "
        "and connections alone."
    ]


def _interactions(dataset: Dataset) -> list[str]:
    if not len(dataset.interactions):
        return ["There are no interactions, so there is nothing to learn from."]
    if dataset.pairs.held.any() and not dataset.positive.any():
        return ["All ratings are low, so nothing can be recommended but what is known of the products."]
    ratings = dataset.interactions["rating"].drop_null().unique()
    if dataset.rating_limit is not None and len(ratings) == 1:
        return ["All ratings are the same, so nothing is learned from them."]
    return []


def _clients(dataset: Dataset) -> list[str]:
    found = []
    held = np.bincount(dataset.pair_clients[dataset.positive], minlength=len(dataset.clients))
    if 0 < held.max(initial=0) < 2:
        found.append("No client has two products, so nothing is learned about which go together.")
    elif held.any() and (held >= FEWEST + 1).sum() < FEWEST_ASKED:
        found.append(
            "Few clients have four products, so no constants are chosen and lists lean on popularity."
        )
    if held.sum() and held.max() > max(LARGE_SHARE * held.sum(), 1) and len(held) > 1 / LARGE_SHARE:
        share = held.max() / held.sum()
        found.append(f"One client has {share:.0%} of all interactions, so little is learned from the others.")
    if not len(dataset.tie_rows):
        found.append("No client is tied to another, so nothing is learned from connections.")
    return found


def _texts(dataset: Dataset) -> list[str]:
    own, reviews = (
        {text for text in texts if text} for texts in (dataset.product_texts, dataset.review_texts)
    )
    found = []
    if not own and not reviews:
        return ["No product has a text and no interaction a review, so nothing is learned from words."]
    if not own:
        found.append("No product has a text of its own, so only reviews speak of products.")
    if len(reviews) == 1 and sum(map(bool, dataset.review_texts)) > 1:
        found.append("All reviews read the same, so nothing is learned from what they say.")
    return found


def _times(dataset: Dataset) -> list[str]:
    known = dataset.days[~np.isnan(dataset.days)]
    if not len(known):
        return ["No interaction has a time, so the order of each client's products is drawn at random."]
    if len(known) > 1 and np.ptp(known) == 0:
        return ["All times are the same: what a client took then is one occasion, which no test cuts in two."]
    return []


RULES = (_interactions, without_products, _clients, _texts, _times)
