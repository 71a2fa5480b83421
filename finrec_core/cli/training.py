"""Commands about models: train and compare."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from finrec_core.cli import comparison, options, runs
from finrec_core.cli.session import load_dataset, open_store
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms.user import user

if TYPE_CHECKING:
    from finrec_core.jobs import Job, JobState

POLL = 0.2  # seconds between two looks at a training


def train(
    *,
    dataset: options.Dataset = None,
    seed: options.Seed = None,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Search larger grids, fit more seeds.")
    ] = False,
    encoder: options.Encoder = None,
    without: Annotated[
        str | None,
        typer.Option(
            "--without",
            metavar="A,B,...",
            help="What the model may not use: text, reviews, ties, recency, network or closed_form.",
            show_default="nothing",
        ),
    ] = None,
    queue: Annotated[
        bool, typer.Option("--queue", help="Where a job runs, wait in line behind it; else that is refused.")
    ] = False,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Train a model in a process of its own; the first one is published at once. Ctrl-C cancels."""
    terminal = Terminal(as_json=as_json)
    from finrec_core.jobs import Training, collect, enqueue, start, sweep  # noqa: PLC0415 - `--help` is quick
    from finrec_core.jobs.choices import switches  # noqa: PLC0415
    from finrec_core.settings import settings  # noqa: PLC0415
    from finrec_core.text import reading  # noqa: PLC0415

    chosen = encoder or settings().encoder
    reading.check(chosen)  # a name that is wrong fails now, not in the child
    off = switches(list(filter(None, (without or "").split(","))))
    with open_store(store) as desk:
        sweep(desk.runs_folder)
        if queue:
            number = settings().seed if seed is None else seed
            asked = Training(seed=number, encoder=chosen, thorough=thorough, switches=off)
            job = enqueue(desk, asked, dataset, user=user())
        else:
            job = start(
                desk, dataset, seed=seed, encoder=chosen, thorough=thorough, switches=off, user=user()
            )
        state = _follow(terminal, job)
        if state.status == "failed":
            terminal.remark(f"{state.message} {state.advice} Its log is {job.folder / 'log.txt'}.")
            raise typer.Exit(1)
        if state.status == "cancelled":
            raise CallerError("The training was cancelled; nothing was stored.")
        collect(desk, user=user())
        row = desk.run(job.run)
    document = runs.document(row) | {"folder": str(job.folder)}
    terminal.line(f"Run {row.run} learned from {row.label} in {row.seconds:,.0f} s.")
    comparison.show(terminal, row.metrics)
    if row.active:
        terminal.line("It is the active model.")
    else:
        terminal.line(
            f"Another model is active; `python -m finrec_core runs publish {row.run}` changes that."
        )
    terminal.document(document)


def evaluate(
    folder: Annotated[
        Path | None, typer.Argument(help="Files to compare on, without a store.", show_default="--dataset")
    ] = None,
    *,
    dataset: options.Dataset = None,
    arms: Annotated[
        str | None, typer.Option("--arms", metavar="A,B,...", help="What to compare.", show_default="all")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How many seeds.")] = 1,
    keep: Annotated[
        float, typer.Option("--keep", min=0.01, max=1.0, help="Share of each client's interactions to keep.")
    ] = 1.0,
    controls: Annotated[
        bool, typer.Option("--controls", help="Also shuffle, cut and redraw the data: gains must go.")
    ] = False,
    encoder: options.Encoders = None,
    output: options.Output = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Compare models on a test that none of them has seen, with intervals; broken off, it can go on.

    What was made on a dataset of the store is kept there, for the page Models.
    """
    terminal = Terminal(as_json=as_json)
    from finrec_core import evaluation  # noqa: PLC0415 - loads torch
    from finrec_core.cli.output import check_ending, write  # noqa: PLC0415 - as above
    from finrec_core.settings import settings  # noqa: PLC0415
    from finrec_core.text import Reading, VectorCache  # noqa: PLC0415
    from finrec_core.text.reading import TF_IDF  # noqa: PLC0415

    check_ending(output)
    chosen = tuple(evaluation.ARMS) if arms is None else tuple(filter(None, arms.split(",")))
    cache = VectorCache(settings().vectors_folder)
    names = list(filter(None, (encoder or settings().encoder).split(",")))
    readings = [Reading(name, cache) for name in names]
    with terminal.progress() as progress:
        progress("reading the data", 0.0)
        data, version = load_dataset(terminal, folder, dataset, store)
        told = any(data.product_texts) or any(data.review_texts)
        texts = {reading.label: reading for reading in readings} if told else None
        document = evaluation.evaluate(
            data,
            texts,
            arms=chosen,
            seeds=range(seeds),
            keep=keep,
            controls=controls,
            counted=Reading(TF_IDF),
            ledger=evaluation.Ledger(settings().evaluations_folder),
            progress=progress,
        )
    comparison.show(terminal, document)
    terminal.document(document)
    if output:
        write(output, comparison.table(document), document)
    if version is not None:
        comparison.keep(terminal, store, version, document)


def _follow(terminal: Terminal, job: "Job") -> "JobState":
    """Show the progress of a training until it ends, first while it waits in line; Ctrl-C ends it."""
    from finrec_core.jobs import advance, waiting  # noqa: PLC0415 - as above

    with terminal.progress() as progress:
        try:
            while (state := job.state()).status in ("queued", "running"):
                if state.status == "queued":
                    advance(job.folder.parent)
                    line = waiting(job.folder.parent)
                    progress(f"Number {line.index(job) + 1} in line" if job in line else "Starting", 0.0)
                else:
                    progress(state.stage, state.share)
                time.sleep(POLL)
        except KeyboardInterrupt:
            return job.cancel()
    return state
