"""Commands about advice: what to recommend to a client, and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from math import floor
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from finrec_core.cli import options
from finrec_core.cli.session import load_model, load_rules
from finrec_core.cli.terminal import CallerError, Terminal

if TYPE_CHECKING:
    import pyarrow as pa

    from finrec_core.advice import Suitability
    from finrec_core.explain import Explanation, Lens
    from finrec_core.explain.labels import Labels
    from finrec_core.explain.points import PointScale, Shown
    from finrec_core.recommender import Recommendation

BAR = 20  # characters of a bar of 100 points
WORDS = 8  # strongest words that are said of a part
LENSES: dict[Literal["client", "product"], str] = {
    "client": "What this client has",
    "product": "What speaks for this product",
}


def recommend(
    client: Annotated[str, typer.Argument(help="A client's id.")],
    *,
    k: Annotated[int, typer.Option("-k", min=1, help="How many products.")] = 10,
    all_products: Annotated[
        bool, typer.Option("--all-products", help="Also what the client has, unranked.")
    ] = False,
    suitable: Annotated[
        bool, typer.Option("--suitable", help="Only what fits or is to be checked; ranks stay.")
    ] = False,
    output: options.Output = None,
    run: options.Run = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Rank the products for one client, with the verdict of the bank's rules on each."""
    terminal = Terminal(as_json=as_json)
    from finrec_core.advice import NO_FACTS, Suitability  # noqa: PLC0415
    from finrec_core.cli.output import check_ending, write  # noqa: PLC0415 - `--help` should not pay for Arrow

    check_ending(output)
    with terminal.progress() as progress:
        progress("loading the model", 0.0)
        model = load_model(run, store)
        model.client_row(client)  # an unknown client is said before anything else
        rules = load_rules(model.dataset, run, store)
        suitability = Suitability.of(model.dataset, client, rules, date.today())
        if suitable and suitability is None:
            raise CallerError(f"{NO_FACTS} Leave out --suitable.")
        among = suitability.kinds != "does not fit" if suitable and suitability else None
        found = model.recommend(client, k, include_held=all_products, among=among)
        items = [_item(item, model.product_row(item.product), suitability) for item in found]
    document = {"run": model.run, "client": client, "items": items}
    terminal.table(
        ("rank", "product", "name", "points", "", "verdict", "products", "clients", "reviews", "ties"),
        [
            (
                item["rank"],
                item["product"],
                item["name"],
                None if item["points"] is None else floor(item["points"] + 0.5),
                _bar(item["points"]),
                item["verdict"],
                *item["evidence"].values(),
            )
            for item in items
        ],
    )
    terminal.document(document)
    if output:
        import pyarrow as pa  # noqa: PLC0415 - as above

        flat = [
            {"client": client}
            | {key: value for key, value in item.items() if key != "evidence"}
            | item["evidence"]
            for item in items
        ]
        write(output, pa.Table.from_pylist(flat), document)


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
    output: options.Output = None,
    run: options.Run = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Take one recommendation apart: what the client has, and what speaks for the product.

    The --without options may be repeated; the score is computed anew, with the model as it is.
    """
    terminal = Terminal(as_json=as_json)
    from finrec_core.cli.output import check_ending, write  # noqa: PLC0415 - as above
    from finrec_core.explain.labels import Labels  # noqa: PLC0415
    from finrec_core.explain.points import shown  # noqa: PLC0415
    from finrec_core.explain.sentence import sentence  # noqa: PLC0415
    from finrec_core.settings import settings  # noqa: PLC0415

    check_ending(output)
    with terminal.progress() as progress:
        progress("loading the model", 0.0)
        model = load_model(run, store)
        explanation = model.explain(
            client,
            product,
            words=words,
            without_interactions=without_interaction or (),
            without_ties=without_tie or (),
            without_clients=without_client or (),
        )
        scale = model.ranking(client).scale
    labels = Labels.of(model.dataset, explanation, show_tie_names=settings().show_tie_names)
    views = {name: shown(explanation.lens(name), scale) for name in LENSES}
    document = {
        "run": model.run,
        "client": client,
        "product": product,
        "rank": explanation.rank,
        "score": explanation.score,
        "lenses": {name: _lens(explanation.lens(name)) for name in LENSES},
        "sentence": sentence(explanation, views["client"], labels, "client"),
    }
    rank = "no rank" if explanation.rank is None else f"rank {explanation.rank:,}"
    terminal.line(f"{labels.product} for {labels.client}: {rank}, score {explanation.score:.4g}")
    for name, title in LENSES.items():
        terminal.line("")
        terminal.line(sentence(explanation, views[name], labels, name))
        terminal.table(*_bars(explanation.lens(name), views[name], labels), title=title)
        _say_words(terminal, explanation.lens(name), labels, scale)
    terminal.document(document)
    if output:
        write(output, _part_rows(explanation), document)


def _item(item: "Recommendation", row: int, suitability: "Suitability | None") -> dict[str, Any]:
    """Return one ranked product as the document has it; the verdict is None where it cannot be told."""
    return {
        "rank": item.rank,
        "product": item.product,
        "name": item.name,
        "score": item.score,
        "points": item.points,
        "verdict": None if suitability is None else str(suitability.kinds[row]),
        "evidence": dict(item.evidence),
    }


def _bar(points: float | None) -> str:
    """Return points as a bar; nothing where there are none, and where they lie under the average product."""
    return "█" * round(BAR * max(0.0, points or 0.0) / 100)


def _lens(lens: "Lens") -> dict[str, Any]:
    return {"base": lens.base, "parts": [asdict(part) for part in lens.parts], "error": lens.error}


def _bars(
    lens: "Lens", view: "Shown | None", labels: "Labels"
) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
    """Return a lens as a table: in points as the screen shows it, in raw scores where there are none."""
    if view is None:
        rows = [(labels.title(part), part.value) for part in lens.parts]
        return ("reason", "score"), [("starting point", lens.base), *rows, ("together", lens.score)]
    from finrec_core.views import tail  # noqa: PLC0415 - as above

    return ("reason", "points"), [
        ("starting point", view.start),
        *((labels.title(row.part), int(row.points)) for row in view.rows),
        *tail.rows(view, labels),
        ("together", view.total),
    ]


def _say_words(terminal: Terminal, lens: "Lens", labels: "Labels", scale: "PointScale") -> None:
    """Say the strongest words of each text that was opened, in points where there are any."""
    factor = scale.factor or 1.0
    for part in lens.parts:
        # A text that was not opened stands as one word.
        opened = {
            source for source, count in Counter(word.source for word in part.words).items() if count > 1
        }
        shares = [word for word in part.words if word.source in opened]
        if shares:
            strongest = sorted(shares, key=lambda word: -abs(word.value))[:WORDS]
            words = ", ".join(f"{word.text} ({word.value * factor:+.1f})" for word in strongest)
            terminal.line(f"{labels.title(part)}: {words}")


def _part_rows(explanation: "Explanation") -> "pa.Table":
    """Return both lenses as one table of parts, the base of each first."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    rows: list[dict[str, object]] = []
    for name in LENSES:
        lens = explanation.lens(name)
        rows.append({"lens": name, "kind": "base", "id": "", "label": lens.base_note, "value": lens.base})
        rows += [
            {"lens": name, "kind": part.kind, "id": part.id, "label": part.label, "value": part.value}
            | {"text_value": part.text_value}
            for part in lens.parts
        ]
    columns = [(key, pa.string()) for key in ("lens", "kind", "id", "label")]
    return pa.Table.from_pylist(
        rows, schema=pa.schema([*columns, ("value", pa.float64()), ("text_value", pa.float64())])
    )
