"""The caveats of a test: where its figures mean nothing, because there is hardly anything left to rank."""

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.dataset.split import FEWEST, TEST_SHARE
from finrec_core.evaluation.holdout import LIST
from finrec_core.terms import wording

SHORT = 5  # of a small catalogue, figures of so long a list are told too
DENSE = 0.9  # share of all pairs from which there is nothing to tell apart


def caveats(dataset: Dataset) -> tuple[str, ...]:
    """Return a sentence for each reason why figures of a test on the dataset mean nothing, none if they do.

    Clients who have almost every product leave no wrong answer; where no more products can be ranked than a
    list is long, every list holds every right one.

    >>> from finrec_core.evaluation.caveats import caveats
    >>> caveats(bank)
    ()
    >>> from finrec_core.intake import from_frames
    >>> every = [(client, product) for client in ("ann", "bob") for product in ("card", "fund", "loan")]
    >>> caveats(from_frames(dict(zip(("client_id", "product_id"), zip(*every)))))[0]
    'Clients have 100 % of all products, so any order scores alike: no figure of this test means anything.'
    """
    products = len(dataset.products)
    pairs = dataset.pairs
    had = np.bincount(pairs.clients[pairs.had], minlength=len(dataset.clients))  # (clients,)
    tested = had[had >= FEWEST]
    if not len(tested):
        return ()  # there are no figures
    found = []
    share = float(had.sum() / ((had > 0).sum() * products))
    if share > DENSE:
        found.append(
            f"Clients have {wording.percent(share, 0)} of all products, so any order scores alike: no figure "
            "of this test means anything."
        )
    names = f"recall@{LIST} is 1 for whatever method, and NDCG@{LIST} tells little"
    left = products - tested + np.maximum(1, np.rint(TEST_SHARE * tested))  # (tested,) that are ranked
    if products <= LIST:
        advice = f" Look at the figures @{SHORT}." if products > SHORT else ""
        found.append(
            f"The catalogue has {wording.counted(products, 'product')} and a list {LIST} places, so every "
            f"list holds every product: {names}.{advice}"
        )
    elif np.median(left) <= LIST:
        found.append(
            f"Beside what they have, half of the clients have no more than {int(np.median(left))} products "
            f"left and a list has {LIST} places, so it holds all of them: {names}."
        )
    return tuple(found)
