"""The comparison: what `evaluate` and a training's test figures look like to a person and in a file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from finrec_core.cli import core
from finrec_core.cli.session import open_store
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms import wording
from finrec_core.terms.names import COVERAGE, METRIC
from finrec_core.terms.protocol import repeated
from finrec_core.terms.user import user

SHOWN = (METRIC, "recall@20", "hit@10", "mrr", COVERAGE)
PAIRED = "ndcg@20"  # the metric whose differences are said; the document has all
UNSETTLED = "not settled: the interval holds 0"
ALONE = "Only one client could be tested: there is no interval, and no difference is settled."


def show(terminal: Terminal, document: Mapping[str, Any]) -> None:
    """Show the arms of each protocol with 95 % intervals, then each difference and whether it is settled.

    Where the figures mean nothing is said first; what could not be compared, and why, is a remark beside it.
    """
    for caveat in document.get("caveats", ()):
        terminal.remark(caveat)
    for name, protocol in document.get("protocols", {}).items():
        arms = protocol["arms"]
        metrics = [metric for metric in SHOWN if any(metric in arm for arm in arms.values())]
        rows = [(arm, *(_figure(figures.get(metric)) for metric in metrics)) for arm, figures in arms.items()]
        terminal.table(("arm", *metrics), rows, title=f"{document['dataset']}, {name}")
        for pair in protocol["paired"]:
            if pair["metric"] != METRIC:
                continue
            terminal.line(
                f"{pair['a']} against {pair['b']}, {pair['metric']}: {_share(pair['relative'])}"
                f"{_settled(pair['ci95'])}."
            )
        if said := repeated(protocol.get("repeats")):
            terminal.line(said)
        if protocol.get("clients") == 1:
            terminal.remark(ALONE)
    protocols = document.get("protocols", {}).values()
    notes = [note for protocol in protocols for note in protocol.get("notes", ())]
    for note in dict.fromkeys(notes):  # both protocols say much the same
        terminal.remark(note)


def keep(
    terminal: Terminal, store: Path | None, version: "core.DatasetVersion", document: Mapping[str, Any]
) -> None:
    """Keep a comparison in the store that its dataset came from, and say so.

    It is said, and no error, where the store cannot take it: the desk may have opened it meanwhile.
    """
    try:
        with open_store(store) as desk:
            desk.add_comparison(version, document, user=user())
    except (core.StoreError, CallerError) as error:
        terminal.remark(f"This comparison of {version.label} is not kept. {error}")
    else:
        terminal.remark(f"It is kept with {version.label}; the page Models draws it.")


def table(document: Mapping[str, Any]) -> "core.pa.Table":
    """Return every figure as a row: protocol, arm, metric, value, low, high."""
    rows = []
    for protocol, content in document["protocols"].items():
        for arm, figures in content["arms"].items():
            for metric, figure in figures.items():
                low, high = figure.get("ci95") or (None, None)
                rows.append((protocol, arm, metric, figure["value"], low, high))
    columns = list(zip(*rows, strict=True)) or [()] * 6
    types = [core.pa.string()] * 3 + [core.pa.float64()] * 3
    arrays = [core.pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    return core.pa.table(arrays, names=["protocol", "arm", "metric", "value", "low", "high"])


def _settled(span: Sequence[float] | None) -> str:
    """Return what stands behind a difference: its interval, and whether that settles it."""
    if not span:
        return ", not settled: there is no interval"
    low, high = span
    return f" [{_share(low)}, {_share(high)}], {UNSETTLED if low <= 0 <= high else 'settled'}"


def _share(share: float) -> str:
    """Return a difference as a share of what it is held against, as −1.9%."""
    return f"{wording.signed(100 * share, 1)}%"


def _figure(figure: Mapping[str, Any] | None) -> str | None:
    """Return a figure with its interval, as .2817 [.2601, .3022]."""
    if figure is None or figure["value"] is None:
        return None
    value = f"{figure['value']:.4f}".removeprefix("0")
    if not figure.get("ci95"):
        return value
    low, high = (f"{bound:.4f}".removeprefix("0") for bound in figure["ci95"])
    return f"{value} [{low}, {high}]"
