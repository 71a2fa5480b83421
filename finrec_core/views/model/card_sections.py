"""The sections of a model card as plain values: data, tests, drivers, words, practice."""

from collections.abc import Mapping
from typing import Any

from finrec_core.advice.drivers import Drivers
from finrec_core.advice.monitoring import Monitoring
from finrec_core.advice.vocabulary import Vocabulary
from finrec_core.dataset import Dataset
from finrec_core.store import RunRow
from finrec_core.terms.bounds import TOO_FEW
from finrec_core.terms.names import COVERAGE, LensName
from finrec_core.terms.protocol import DESCRIPTIONS, repeated
from finrec_core.views.charts import dots
from finrec_core.views.model import arms, comparison, drivers, monitoring
from finrec_core.views.model.figures import NAMES

WORDS = 30  # the strongest words of a card
METRICS = (*NAMES, COVERAGE)
Test = dict[str, Any]


def data_part(row: RunRow, dataset: Dataset) -> dict[str, Any]:
    """Return what the model learned from, in numbers."""
    times = dataset.interactions["timestamp"].drop_null().to_pylist()
    told = sum(bool(text) for text in dataset.product_texts)
    reviewed = sum(bool(text) for text in dataset.review_texts)
    told_of = dataset.pairs.of_events
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
        "interactions_positive": int(dataset.positive[told_of[told_of >= 0]].sum()),
        "holdings": int(dataset.positive.sum()),
        "formerly_held": int(dataset.pairs.former.sum()),
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


def tests(document: Mapping[str, Any], source: str, made: str, by: str) -> list[Test]:
    """Return the tests of a document of `evaluate`, one for each protocol.

    `source` is "training" or "comparison", `made` an ISO time and `by` whoever made it.
    """
    return [
        {
            "source": source,
            "made": made,
            "by": by,
            "share_of_data": float(document.get("keep", 1.0)),
            **_protocol(document["protocols"][name], name),
        }
        for name in comparison.protocols(document)
    ]


def _protocol(protocol: Mapping[str, Any], name: str) -> Test:
    ours = comparison.ours(protocol)
    order = [ours, *(arm for arm in protocol.get("arms", {}) if arm != ours)] if ours else []
    return {
        "protocol": name,
        "title": comparison.PROTOCOLS[name],
        "description": DESCRIPTIONS[name],
        "repeats": protocol.get("repeats"),
        "repeated": repeated(protocol.get("repeats")),
        "clients": protocol.get("clients"),
        "seeds": list(protocol.get("seeds", ())),
        "model": ours,
        "arms": [_arm(protocol["arms"][arm], arm, ours) for arm in order],
        "paired": [
            {
                "against": pair["b"],
                "title": arms.title(pair["b"]),
                "metric": pair["metric"],
                "relative": pair["relative"],
                "ci95": list(pair["ci95"]),
                "result": dots.verdict(*pair["ci95"]),
            }
            for pair in protocol.get("paired", ())
            if pair["a"] == ours
        ],
        "slices": {
            kind: [
                {
                    "name": key,
                    "title": comparison.SLICES[kind].get(key, key),
                    "clients": one["clients"],
                    # Of fewer clients the figures would be those of single persons.
                    "arms": []
                    if one["clients"] < TOO_FEW
                    else [_arm(figures, arm, ours) for arm, figures in one["arms"].items()],
                }
                for key, one in _ordered(protocol.get(kind) or {}, kind)
            ]
            for kind in comparison.KINDS
        },
        "controls": [
            {
                "name": key,
                "description": control.get("description", ""),
                "arms": [_arm(figures, arm, None) for arm, figures in control.get("arms", {}).items()],
            }
            for key, control in (protocol.get("controls") or {}).items()
        ],
        "notes": list(protocol.get("notes", ())),
    }


def _ordered(held: Mapping[str, Any], kind: str) -> list[tuple[str, Any]]:
    """Return slices in the order of the screen, those it does not know last."""
    known = list(comparison.SLICES[kind])
    return sorted(held.items(), key=lambda one: known.index(one[0]) if one[0] in known else len(known))


def _arm(figures: Mapping[str, Any], arm: str, ours: str | None) -> dict[str, Any]:
    return {
        "arm": arm,
        "title": arms.title(arm),
        "model": arm == ours,
        "metrics": {
            metric: {"value": figures[metric]["value"], "ci95": figures[metric].get("ci95")}
            for metric in METRICS
            if metric in figures
        },
    }
