"""The command that writes a model card, to print or to keep beside the model."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from finrec_core.cli import core, options
from finrec_core.cli.output import writing
from finrec_core.cli.session import active_run, load_model, open_store
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.cli.terminal import as_json as in_json
from finrec_core.terms.names import METRIC

ENDINGS = (".html", ".json")


def card(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[RUN]", help="A run, as `runs` lists it.", show_default="the active model"),
    ] = None,
    *,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="Write to this .html or .json.")],
    words: Annotated[
        bool, typer.Option("--words", help="Also the strongest words, for which texts are read again.")
    ] = False,
    run: options.Run = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Write the model card: data, every test with its interval, what drives it, limits, known failures."""
    terminal = Terminal(as_json=as_json)
    if output.suffix.lower() not in ENDINGS:
        raise CallerError(f"{output}: a model card is an .html or a .json file.")
    if run is not None and name is not None:
        raise CallerError("Give a RUN of the store or --run FOLDER, not both.")
    with terminal.progress() as progress:
        progress("loading the model", 0.0)
        made = (
            _of_store(name, store, progress, words=words)
            if run is None
            else _of_folder(run, store, progress, words=words)
        )
        html = output.suffix.lower() == ".html"
        content = made.html() if html else in_json(made.document) + "\n"
    with writing(output):
        output.write_text(content, encoding="utf-8")
    terminal.line(f"{output} holds the card of model {made.row.run}.")
    terminal.document({"run": made.row.run, "file": str(output), "failings": made.document["failings"]})


def _of_store(
    name: str | None, store: Path | None, progress: "core.Progress", *, words: bool
) -> "core.ModelCard":
    """Return the card of a run of the store, with what is known of it there."""
    with open_store(store, reading=True) as desk:
        row = active_run(desk) if name is None else desk.run(name)
        folder = desk.run_folder(row.run)
        brief, ranks, shown = desk.decisions_in_brief(), desk.decision_ranks(), desk.shown_in_brief()
        activations = desk.activations()
        compared = desk.latest_comparison(row.dataset, row.version)
    log = core.DecisionLog.of(brief)
    practice = core.Monitoring.of(log, ranks, shown, run=row.run, local=datetime.astimezone)
    return replace(
        _driven(row, load_model(folder, None), progress, words=words),
        in_use=row.active,
        activations=activations,
        comparison=compared,
        practice=practice,
    )


def _of_folder(
    folder: Path, store: Path | None, progress: "core.Progress", *, words: bool
) -> "core.ModelCard":
    """Return the card of a run of which only the folder is at hand."""
    model = load_model(folder, store)
    row = core.RunRow(
        run=model.run,
        dataset=model.dataset.name,
        version=0,
        content_hash=model.dataset.content_hash,
        created=datetime.fromisoformat(core.header(folder)["created"]),
        seconds=float(sum(model.seconds.values())),
        encoder=model.encoder_name,
        seed=model.seed,
        metrics=model.metrics,
        constants=model.constants.to_json(),
    )
    return _driven(row, model, progress, words=words)


def _driven(
    row: "core.RunRow", model: "core.FusedRecommender", progress: "core.Progress", *, words: bool
) -> "core.ModelCard":
    """Return the card of a run with what drives its model, and nothing that only a store knows."""
    found = core.drivers(model, core.part(progress, 0.0, 0.5))
    tested = model.per_client
    return core.ModelCard(
        row=row,
        recommender=model,
        made=datetime.now().astimezone(),
        drivers=found,
        words=core.vocabulary(model, found, core.part(progress, 0.5, 1.0)) if words else None,
        segments=() if tested is None else core.by_segment(tested, model.dataset, METRIC),
    )
