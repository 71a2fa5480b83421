"""The command about advice: what to recommend to a client."""

from datetime import date
from math import floor
from typing import Annotated, Any

import typer

from finrec_core.cli import core, lists, options
from finrec_core.cli.output import check_ending, write
from finrec_core.cli.session import load_model, load_rules
from finrec_core.cli.terminal import CallerError, Terminal

FIELDS = ("rank", "product", "name", "score", "points", "verdict", "former")
EVIDENCE = ("interactions", "clients", "reviews", "ties")
COUNTS = ("products", *EVIDENCE[1:])
BAR = 20  # characters of a bar of 100 points


def recommend(
    client: Annotated[
        str | None, typer.Argument(help="A client's id.", show_default="with --all-clients: none")
    ] = None,
    *,
    k: Annotated[int, typer.Option("-k", min=1, help="How many products.")] = 10,
    all_clients: Annotated[
        bool, typer.Option("--all-clients", help="Rank for every client, into --output FILE.")
    ] = False,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="With --all-clients: the sentence that says why, in each row.")
    ] = False,
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
    """Rank the products for one client, or for all, with the verdict of the bank's rules on each."""
    terminal = Terminal(as_json=as_json)
    if all_clients:
        if client is not None or all_products:
            raise CallerError(
                "--all-clients ranks what is offered to everybody: give no CLIENT or --all-products "
                "beside it."
            )
        lists.write_all(terminal, k, reasons=reasons, suitable=suitable, output=output, run=run, store=store)
        return
    if client is None or reasons:
        raise CallerError("Give the id of a CLIENT, or --all-clients; --reasons goes with the latter.")
    check_ending(output)
    with terminal.progress() as progress:
        progress("loading the model", 0.0)
        model = load_model(run, store, terminal)
        model.client_row(client)  # an unknown client is said before anything else
        _, rules = load_rules(model.dataset, run, store)
        suitability = core.Suitability.of(model.dataset, client, rules, date.today())
        if suitable and suitability is None:
            raise CallerError(f"{core.NO_FACTS} Leave out --suitable.")
        among = suitability.kinds != "does not fit" if suitable and suitability else None
        found = model.recommend(client, k, include_held=all_products, among=among)
        why = (
            ""
            if found
            else core.nothing_left(model.dataset, model.ranking(client), suitability if suitable else None)
        )
        items = [_item(item, model.product_row(item.product), suitability) for item in found]
    document = {"run": model.run, "client": client, "why": why or None, "items": items}
    if why:
        terminal.line(why)
    had = any(item["former"] for item in items)
    terminal.table(
        ("rank", "product", "name", *(("held before",) if had else ()), "points", "", "verdict", *COUNTS),
        [
            (
                item["rank"],
                item["product"],
                item["name"],
                *((item["former"],) if had else ()),
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
        write(output, _table(client, items), document)


def _table(client: str, items: list[dict[str, Any]]) -> "core.pa.Table":
    """Return ranked products as a table, whose columns stand where there is no row too."""
    columns = {"client": [client] * len(items)}
    columns |= {name: [item[name] for item in items] for name in FIELDS}
    columns["former"] = core.pa.array(columns["former"], core.pa.string())  # of no type where all are null
    return core.pa.table(columns | {name: [item["evidence"][name] for item in items] for name in EVIDENCE})


def _item(item: "core.Recommendation", row: int, suitability: "core.Suitability | None") -> dict[str, Any]:
    """Return one ranked product as the document has it; the verdict is None where it cannot be told."""
    return {
        "rank": item.rank,
        "product": item.product,
        "name": item.name,
        "score": item.score,
        "points": item.points,
        "verdict": None if suitability is None else str(suitability.kinds[row]),
        "former": item.former or None,
        "evidence": dict(item.evidence),
    }


def _bar(points: float | None) -> str:
    """Return points as a bar; nothing where there are none, and where they lie under the average product."""
    return "█" * round(BAR * max(0.0, points or 0.0) / 100)
