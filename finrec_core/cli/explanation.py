"""The command that explains: one recommendation taken apart, changed, or set against another product."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer

from finrec_core.cli import core, options
from finrec_core.cli.output import check_ending, write
from finrec_core.cli.session import load_model
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms import wording
from finrec_core.terms.names import LENSES

WORDS = 8  # strongest words that are said of a part


def explain(
    client: Annotated[str, typer.Argument(help="A client's id.")],
    product: Annotated[str, typer.Argument(help="A product's id.")],
    *,
    words: Annotated[int, typer.Option("--words", min=0, help="Open this many texts into words.")] = 0,
    without_interaction: Annotated[
        list[str] | None, typer.Option(metavar="PRODUCT", help="As if the client did not have this product.")
    ] = None,
    without_tie: Annotated[
        list[str] | None, typer.Option(metavar="CLIENT", help="As if the tie to this client did not exist.")
    ] = None,
    without_client: Annotated[
        list[str] | None, typer.Option(metavar="CLIENT", help="As if this client did not have the product.")
    ] = None,
    with_interaction: Annotated[
        list[str] | None, typer.Option(metavar="PRODUCT", help="As if the client had taken this one today.")
    ] = None,
    against: Annotated[
        str | None, typer.Option(metavar="PRODUCT", help="Say why it stands before, or behind, this product.")
    ] = None,
    output: options.Output = None,
    run: options.Run = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Take one recommendation apart: what the client has, and what speaks for the product.

    The --without options and --with-interaction may be repeated; the score is computed anew, with the
    model as it is.
    """
    terminal = Terminal(as_json=as_json)
    check_ending(output)
    changes: core.Changes = {
        "without_interactions": without_interaction or (),
        "without_ties": without_tie or (),
        "without_clients": without_client or (),
        "with_interactions": with_interaction or (),
    }
    changed = any(changes.values())
    if changed and against:
        raise CallerError("Give --against or a change of the evidence, not both.")
    with terminal.progress() as progress:
        progress("loading the model", 0.0)
        model = load_model(run, store, terminal)
        explanation = model.explain(client, product, words=words, **changes)
        scale = model.ranking(client).scale
    labels = core.Labels.of(model.dataset, explanation, show_tie_names=core.settings().show_tie_names)
    views = {name: core.shown(explanation.lens(name), scale) for name in LENSES}
    document: dict[str, Any] = {
        "run": model.run,
        "client": client,
        "product": product,
        "rank": explanation.rank,
        "score": explanation.score,
        "former": labels.former or None,
        "lenses": {name: _lens(explanation.lens(name)) for name in LENSES},
        "sentence": core.sentence(explanation, views["client"], labels, "client"),
        "holdings": [one.to_json() for one in core.holdings(model.dataset, client)],
    }
    rank = "no rank" if explanation.rank is None else f"rank {explanation.rank:,}"
    terminal.line(f"{labels.product} for {labels.client}: {rank}, score {explanation.score:.4g}")
    for name, title in LENSES.items():
        terminal.line("")
        terminal.line(core.sentence(explanation, views[name], labels, name))
        terminal.table(*_bars(explanation.lens(name), views[name], labels), title=title)
        _say_words(terminal, explanation.lens(name), labels, scale)
    if changed:
        found = model.what_if(client, product, **changes)
        before = core.Labels.of(model.dataset, found.before, show_tie_names=core.settings().show_tie_names)
        names = replace(before, products={**labels.products, **before.products})
        document["what_if"] = _changed(terminal, found, scale, names)
    if against:
        document["against"] = _against(
            terminal, model.contrast(client, product, against), scale, labels, model
        )
    terminal.document(document)
    if output:
        write(output, _part_rows(explanation), document)


def _changed(
    terminal: Terminal, found: "core.WhatIf", scale: "core.PointScale", names: "core.Labels"
) -> dict[str, Any]:
    """Say what the change of the evidence does, and return it as the document has it."""
    said = core.what_if_sentence(found, scale, names)
    terminal.line("")
    terminal.line(said)
    return {
        "sentence": said,
        "rank_before": found.before.rank,
        "score_before": found.before.score,
        "together": found.together,
        "error": found.error,
    }


def _against(
    terminal: Terminal,
    found: "core.Contrast",
    scale: "core.PointScale",
    labels: "core.Labels",
    model: "core.FusedRecommender",
) -> dict[str, Any]:
    """Say why one product stands before the other, and return it as the document has it."""
    view = found.shown(scale)
    name = core.product_titles(model.dataset, [model.product_row(found.other)])[found.other]
    said = core.contrast_sentence(found, view, labels, name)
    terminal.line("")
    terminal.line(said)
    terminal.table(*_bars(found.lens, view, labels, (core.DIFFERENCE.start, core.DIFFERENCE.total)))
    return {
        "product": found.other,
        "rank": found.ranks[1],
        "score": found.scores[1],
        "difference": found.lens.score,
        **_lens(found.lens),
        "sentence": said,
    }


def _lens(lens: "core.Lens") -> dict[str, Any]:
    return {"base": lens.base, "parts": [asdict(part) for part in lens.contributions], "error": lens.error}


def _bars(
    lens: "core.Lens",
    view: "core.Shown | None",
    labels: "core.Labels",
    ends: tuple[str, str] = ("starting point", "together"),
) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
    """Return a lens as a table: in points as the screen shows it, in raw scores where there are none."""
    if view is None:
        rows = [(labels.title(part), part.value) for part in lens.contributions]
        return ("reason", "score"), [(ends[0], lens.base), *rows, (ends[1], lens.score)]
    return ("reason", "points"), [
        (ends[0], view.start),
        *((labels.title(row.exact), int(row.points)) for row in view.rows),
        *core.rest(view, labels),
        (ends[1], view.total),
    ]


def _say_words(
    terminal: Terminal, lens: "core.Lens", labels: "core.Labels", scale: "core.PointScale"
) -> None:
    """Say the strongest words of each text that was opened, in points where there are any."""
    factor = scale.factor or 1.0
    for part in lens.contributions:
        # A text that was not opened stands as one word.
        opened = {
            source for source, count in Counter(word.source for word in part.words).items() if count > 1
        }
        shares = [word for word in part.words if word.source in opened]
        if shares:
            strongest = sorted(shares, key=lambda word: -abs(word.value))[:WORDS]
            words = ", ".join(f"{word.text} ({wording.signed(word.value * factor, 1)})" for word in strongest)
            terminal.line(f"{labels.title(part)}: {words}")


def _part_rows(explanation: "core.Explanation") -> "core.pa.Table":
    """Return both lenses as one table of parts, the base of each first."""
    rows: list[dict[str, object]] = []
    for name in LENSES:
        lens = explanation.lens(name)
        rows.append({"lens": name, "kind": "base", "id": "", "label": lens.base_note, "value": lens.base})
        rows += [
            {"lens": name, "kind": part.kind, "id": part.id, "label": part.label, "value": part.value}
            | {"text_value": part.text_value}
            for part in lens.contributions
        ]
    columns = [(key, core.pa.string()) for key in ("lens", "kind", "id", "label")]
    return core.pa.Table.from_pylist(
        rows,
        schema=core.pa.schema([*columns, ("value", core.pa.float64()), ("text_value", core.pa.float64())]),
    )
