"""Commands about many clients: all lists in one file, and for which clients a product stands highest."""

from datetime import date
from math import floor
from pathlib import Path
from typing import Annotated

import typer

from finrec_core.cli import core, options
from finrec_core.cli.output import check_ending, write, writing
from finrec_core.cli.session import load_model, load_rules
from finrec_core.cli.terminal import CallerError, Terminal

STREAMED = (".csv", ".parquet")


def write_all(
    terminal: Terminal,
    k: int,
    *,
    reasons: bool,
    suitable: bool,
    output: Path | None,
    run: Path | None,
    store: Path | None,
) -> None:
    """Write the k best products of every client into a file, a block of clients at a time."""
    if output is None:
        raise CallerError("--all-clients writes into a file: name it with --output FILE.csv or FILE.parquet.")
    if output.suffix.lower() not in STREAMED:
        raise CallerError(f"{output}: lists of all clients are written as {' or '.join(STREAMED)}.")
    with terminal.progress() as progress:
        progress("loading the model", 0.0)
        model = load_model(run, store, terminal)
        _, rules = load_rules(model.dataset, run, store)
        if suitable and not core.judged(model.dataset, rules):
            raise CallerError(f"{core.NO_FACTS} Leave out --suitable.")
        with writing(output):
            made = core.listing.write(
                *(model, output, k),
                rules=rules,
                today=date.today(),
                reasons=reasons,
                suitable=suitable,
                progress=progress,
            )
    terminal.line(f"{output} holds {made.rows:,} rows: the best products of {made.clients:,} clients.")
    why = core.without(model.dataset, made.without)
    if why:
        terminal.line(why)
    terminal.document(
        {
            "run": model.run,
            "clients": made.clients,
            "rows": made.rows,
            "k": k,
            "why": why or None,
            "without": dict(made.without),
            "file": str(output),
        }
    )


def clients_for(
    product: Annotated[str, typer.Argument(help="A product's id.")],
    *,
    k: Annotated[int, typer.Option("-k", min=1, help="How many clients.")] = 10,
    output: options.Output = None,
    run: options.Run = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """List the clients for whom a product stands highest in their own lists.

    Points order one client's list: those of two clients do not compare.
    """
    terminal = Terminal(as_json=as_json)
    check_ending(output)
    with terminal.progress() as progress:
        progress("loading the model", 0.0)
        model = load_model(run, store, terminal)
        found = core.reverse(model, product, progress)
        _, rules = load_rules(model.dataset, run, store)
        table = core.reverse_rows(found, model.dataset, k, rules=rules, today=date.today())
    items = table.to_pylist()
    document = {
        "run": model.run,
        "product": product,
        "offered": found.offered,
        "holders": found.holders,
        "clients": len(found.clients),
        "why": core.nobody(model.dataset, found) or None,
        "items": items,
    }
    if document["why"]:
        terminal.line(document["why"])
    had = any(item["former"] for item in items)
    terminal.table(
        ("client", "name", *(("held before",) if had else ()), "rank", "points", "verdict"),
        [
            (
                item["client"],
                item["client_name"],
                *((item["former"],) if had else ()),
                item["rank"],
                None if item["points"] is None else floor(item["points"] + 0.5),
                item["verdict"],
            )
            for item in items
        ],
    )
    terminal.line(f"{found.holders:,} clients have it and are left out.")
    terminal.document(document)
    if output:
        write(output, table, document)
