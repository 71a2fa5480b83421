"""The command that writes a recommendation record, to print or to file."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from finrec_core.cli import core, options
from finrec_core.cli.output import writing
from finrec_core.cli.session import load_model, load_rules, open_store
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms.user import user

NO_LOG = "not at hand: made from a run's folder, without the store"


@dataclass(frozen=True)
class FolderRun:
    """A run of which only the folder is at hand, so that its data has no version in a store."""

    run: str
    dataset: str
    version: int
    content_hash: str
    created: datetime


def report(
    client: Annotated[str, typer.Argument(help="A client's id.")],
    product: Annotated[str, typer.Argument(help="A product's id.")],
    *,
    output: Annotated[Path, typer.Option("--output", metavar="FILE.html", help="Write to this file.")],
    run: options.Run = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Write the recommendation record of a client and a product, one page that prints.

    Where a decision stands on the two, the record shows what was shown then; else what is shown now.
    """
    terminal = Terminal(as_json=as_json)
    if output.suffix.lower() != ".html":
        raise CallerError(f"{output}: the record is an .html file.")
    with terminal.progress() as progress:
        progress("loading the model", 0.0)
        model = load_model(run, store)
        model.client_row(client)
        model.product_row(product)
        newest, rows, trained = _stored(model, client, product, run, store)
        rules = load_rules(model.dataset, run, store)
        record = core.Record.of(
            rows,
            lambda: _shown_now(model, trained, client, product, rules),
            adviser=user(),
            newest=newest,
            made=datetime.now().astimezone(),
        )
        snapshot, row = record.shown, record.decision
    with writing(output):
        output.write_text(record.html(), encoding="utf-8")
    verdict = None if snapshot.verdict is None else snapshot.verdict.kind
    terminal.line(f"{output} holds the record of {snapshot.product_name} for {snapshot.client_name}.")
    terminal.document(
        {
            "run": snapshot.run,
            "client": client,
            "product": product,
            "rank": snapshot.rank,
            "verdict": verdict,
            "former": snapshot.former or None,
            "decision": None if row is None else row.id,
            "file": str(output),
        }
    )


def _stored(
    model: "core.FusedRecommender", client: str, product: str, run: Path | None, store: Path | None
) -> tuple[str, "list[core.LogRow]", "core.Trained"]:
    """Return the newest hash of the log, the decisions on the two, newest first, and the run in use."""
    if run is not None:
        created = datetime.fromisoformat(core.header(run)["created"])
        data = model.dataset
        return NO_LOG, [], FolderRun(model.run, data.name, 0, data.content_hash, created)
    with open_store(store, reading=True) as desk:
        rows = desk.decisions(query=core.LogQuery(client=client, product=product))
        return desk.heads()["decisions"], rows, desk.run(model.run)


def _shown_now(
    model: "core.FusedRecommender",
    trained: "core.Trained",
    client: str,
    product: str,
    rules: tuple[int, "core.Rules"],
) -> "core.Snapshot":
    """Return what the desk shows of a recommendation now, under a version of the rules."""
    version, content = rules
    return core.Snapshot.of(
        model.dataset,
        trained,
        model.explain(client, product),
        model.ranking(client),
        suitability=core.Suitability.of(model.dataset, client, content, date.today()),
        rules_version=version,
        taken=datetime.now(UTC),
    )
