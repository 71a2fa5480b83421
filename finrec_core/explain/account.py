"""The account: a score explained in both lenses, with names and, where asked for, words."""

from collections.abc import Sequence

from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import client_names, product_names
from finrec_core.explain.explanation import Contribution, Explanation, Lens
from finrec_core.explain.lenses import RowContribution, Sum, client_lens, product_lens
from finrec_core.explain.opening import States, Text, opened, review_id, texts_of, through_text
from finrec_core.explain.pair import Pair

POPULARITY_NOTE = "how many clients have the product; there is nothing of this client's own to go by"

UNOPENED = "the whole score, which was not taken apart from this side"


def account(
    pair: Pair,
    dataset: Dataset,
    *,
    rank: int | None,
    words: int = 0,
    states: States | None = None,
    both: bool = True,
) -> Explanation:
    """Explain the score of a pair.

    `words` texts, those with the largest shares over both lenses, are opened into words through
    `states`; the other texts stand as one stretch each. With 0 no part has words. Where not `both`
    lenses are asked for the product's is not taken apart: all of the score is its base. Raises
    `ValueError` where words are asked for without `states`.
    """
    if words and states is None:
        raise ValueError("opening texts into words needs an encoder.")
    score = pair.score()
    client = dataset.clients["client_id"][pair.client].as_py()
    product = dataset.products["product_id"][pair.product].as_py()
    if pair.model.silent[pair.client]:
        base = Lens(score, (), score, POPULARITY_NOTE)
        return Explanation(client, product, rank, score, base, base, "popularity", pair.query.held)
    sums = (client_lens(pair), product_lens(pair) if both else Sum(score, UNOPENED, ()))
    features = pair.model.evidence.features
    texts = [
        [texts_of(contribution, dataset, features) if words else [] for contribution in one.contributions]
        for one in sums
    ]
    chosen = _strongest(texts, words)
    lenses = []
    for one, behind in zip(sums, texts, strict=True):
        contributions = []
        for contribution, told in zip(one.contributions, behind, strict=True):
            found, error = opened(told, chosen, states, features.centre) if told and states else ((), 0.0)
            key, label = _name(contribution, dataset, pair)
            through = through_text(contribution, features)
            contributions.append(
                Contribution(contribution.kind, key, label, contribution.value, through, found, error)
            )
        lenses.append(_lens(one, contributions, score))
    return Explanation(client, product, rank, score, lenses[0], lenses[1], "fused", pair.query.held)


def _lens(one: Sum, contributions: list[Contribution], score: float) -> Lens:
    contributions.sort(
        key=lambda contribution: (-abs(contribution.value), contribution.kind, contribution.id)
    )
    return Lens(float(one.base), tuple(contributions), score, one.note)


def _strongest(texts: Sequence[Sequence[Sequence[Text]]], most: int) -> set[tuple[int, str]]:
    """Return the keys of the texts with the largest shares, `most` of them, each lens alike."""
    chosen = set()
    for lens in texts:
        flat = [text for behind in lens for text in behind]
        flat.sort(key=lambda text: -abs(text.share))
        chosen |= {text.key for text in flat[:most]}
    return chosen


def _name(contribution: RowContribution, dataset: Dataset, pair: Pair) -> tuple[str, str]:
    """Return a reason's id and label."""
    if contribution.kind == "review":
        row = int(pair.model.evidence.features.review_rows[contribution.row])
        return review_id(dataset, row), "review"
    if contribution.kind in ("tie", "client"):
        key = dataset.clients["client_id"][contribution.row].as_py()
        return key, client_names(dataset).or_id(contribution.row)
    key = dataset.products["product_id"][contribution.row].as_py()
    label = product_names(dataset).or_id(contribution.row)
    if contribution.kind == "learned":
        return key, "its record with all clients, not traceable to single ones"
    return key, "its own words" if contribution.kind == "description" else label
