"""Write the table of a comparison as Markdown: `evaluate ... --json | python -m tests.bench.results TITLE`.

What it prints for the real data sets is kept in tests/bench/results/, each with the command that made it.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

METRICS = ("ndcg@20", "recall@20", "precision@10", "hit@10", "mrr", "coverage@20")
SLICED = {"by_product_degree": "holders of the test product", "by_client_degree": "products of the client"}


def lines(document: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a document: arms, differences, slices, controls, constants and seconds."""
    for name, protocol in document["protocols"].items():
        yield f"## {name}: {protocol['clients']:,} clients, {len(protocol['seeds'])} seeds"
        yield ""
        yield from _arms(protocol["arms"], METRICS)
        yield from _paired(protocol["paired"])
        for key, words in SLICED.items():
            slices = protocol[key]
            yield f"NDCG@20 / recall@20 by {words}:"
            yield ""
            yield from _table(
                ("arm", *(f"{part} ({one['clients']:,})" for part, one in slices.items())),
                [
                    (arm, *(_short(one["arms"][arm]) for one in slices.values()))
                    for arm in protocol["arms"]
                    if all(arm in one["arms"] for one in slices.values())
                ],
            )
        for control, found in protocol["controls"].items():
            yield f"### Control: {control} ({found['clients']:,} clients)"
            yield ""
            yield found["description"]
            yield ""
            yield from _arms(found["arms"], METRICS[:4])
            yield from _paired(found["paired"])
        yield (
            "Seconds: " + ", ".join(f"{arm} {value:.0f}" for arm, value in protocol["seconds"].items()) + "."
        )
        yield ""
        for note in protocol["notes"]:
            yield f"- {note}"
        yield "Constants:"
        yield ""
        for arm, constants in protocol["constants"].items():
            yield f"- {arm}: `{json.dumps(constants)}`"
        yield ""


def _arms(arms: dict[str, Any], metrics: tuple[str, ...]) -> Iterator[str]:
    rows = [(arm, *(_figure(figures.get(metric)) for metric in metrics)) for arm, figures in arms.items()]
    yield from _table(("arm", *metrics), rows)


def _paired(paired: list[dict[str, Any]]) -> Iterator[str]:
    if not paired:
        return
    metrics = [metric for metric in METRICS[:4] if any(pair["metric"] == metric for pair in paired)]
    rivals = list(dict.fromkeys(pair["b"] for pair in paired))
    known = {(pair["b"], pair["metric"]): pair for pair in paired}
    rows = [(rival, *(_gain(known.get((rival, metric))) for metric in metrics)) for rival in rivals]
    yield f"{paired[0]['a']} against, in %, paired over clients, 95 % interval:"
    yield ""
    yield from _table(("arm", *metrics), rows)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def _figure(figure: dict[str, Any] | None) -> str:
    if figure is None or figure["value"] is None:
        return ""
    value = f"{figure['value']:.4f}".removeprefix("0")
    if not figure["ci95"]:
        return value
    low, high = (f"{bound:.3f}".removeprefix("0") for bound in figure["ci95"])
    return f"{value} [{low}, {high}]"


def _short(figures: dict[str, Any]) -> str:
    pair = (figures[metric]["value"] for metric in METRICS[:2])
    return "/".join("" if value is None else f"{value:.3f}".removeprefix("0") for value in pair)


def _gain(pair: dict[str, Any] | None) -> str:
    if pair is None:
        return ""
    low, high = (100 * bound for bound in pair["ci95"])
    settled = "" if low <= 0 <= high else "**"
    return f"{settled}{100 * pair['relative']:+.1f}{settled} [{low:.1f}, {high:.1f}]"


if __name__ == "__main__":
    sys.stdout.write("\n".join([f"# {sys.argv[1]}", "", *lines(json.load(sys.stdin))]))
