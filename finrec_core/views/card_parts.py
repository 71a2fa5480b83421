"""The parts of a model card as plain values: its data, what drives it, its words, and its use in practice."""

from typing import Any

from finrec_core.advice.drivers import Drivers
from finrec_core.advice.monitoring import Monitoring
from finrec_core.advice.vocabulary import Vocabulary
from finrec_core.dataset import Dataset
from finrec_core.store import RunRow
from finrec_core.terms.names import LensName
from finrec_core.views import drivers, monitoring

WORDS = 30  # the strongest words of a card


def data_part(row: RunRow, dataset: Dataset) -> dict[str, Any]:
    """Return what the model learned from, in numbers."""
    times = dataset.interactions["timestamp"].drop_null().to_pylist()
    told = sum(bool(text) for text in dataset.product_texts)
    reviewed = sum(bool(text) for text in dataset.review_texts)
    held = set(dataset.pair_clients[dataset.positive].tolist())
    return {
        "name": row.dataset,
        "version": row.version or None,
        "content_hash": row.content_hash,
        "verb": dataset.verb,
        "rating_limit": dataset.rating_limit,
        "clients": len(dataset.clients),
        "clients_with_products": len(held),
        "products": len(dataset.products),
        "products_offered": int(dataset.available.sum()),
        "products_with_text": told,
        "interactions": len(dataset.interactions),
        "interactions_positive": int(dataset.positive.sum()),
        "interactions_with_review": reviewed,
        "ties": len(dataset.ties),
        "clients_tied": len({int(row) for row in dataset.tie_rows.ravel()}),
        "first": min(times).date().isoformat() if times else None,
        "last": max(times).date().isoformat() if times else None,
    }


def drivers_part(found: Drivers) -> dict[str, Any]:
    """Return what drives the model: both lenses, and which products it shows."""

    def lens(name: LensName) -> dict[str, Any] | None:
        if name not in found.lenses:
            return None
        one = found.lenses[name]
        return {
            "title": drivers.LENSES[name],
            "sentence": drivers.sentence(one, name),
            "start": one.start,
            "total": one.total,
            "words": one.words,
            "words_share": one.words_share,
            "error": one.error,
            "kinds": [
                {"kind": kind.kind, "title": drivers.KINDS[name][kind.kind][0], "points": kind.points}
                | {"share": kind.share}
                for kind in one.kinds
            ],
        }

    shown = found.exposure
    return {
        "clients": found.clients,
        "clients_taken_apart": found.asked,
        "scores": found.cells,
        "by_popularity_alone": found.silent,
        "lenses": {name: lens(name) for name in drivers.LENSES},
        "exposure": {
            "offered": shown.offered,
            "coverage@10": shown.coverage10,
            "coverage@20": shown.coverage20,
            "never_shown": len(shown.never),
            "places_by_tenth": list(shown.places),
            "interactions_by_tenth": list(shown.interactions),
            "gini_places": shown.gini,
            "gini_interactions": shown.gini_interactions,
            "place_and_holders": shown.rank_holders,
        },
    }


def words_part(found: Vocabulary) -> dict[str, Any]:
    """Return the strongest words, and what they rest on."""
    return {
        "texts": found.texts,
        "texts_read": found.read,
        "share_read": found.held,
        "withheld": found.withheld,
        "word_error": found.word_error,
        "words": [
            {"word": one.word, "points_where_it_stands": one.where, "points_per_100_places": one.points}
            | {"products": one.products, "writers": one.writers}
            for one in found.words[:WORDS]
        ],
    }


def practice_part(found: Monitoring) -> dict[str, Any]:
    """Return what advisers made of it; who they are stays out of a card."""
    document = monitoring.document(found)
    document["by"] = {kind: document["by"][kind] for kind in ("rank", "verdict", "month")}
    for one in document["by"]["rank"]:
        one["title"] = monitoring.title(one["name"], "rank", {})
    for one in document["by"]["verdict"]:
        one["title"] = monitoring.title(one["name"], "verdict", {})
    return {"sentence": monitoring.sentence(found)} | document
