"""Commands about models: train and compare."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from finrec_core.cli import comparison, core, options, runs
from finrec_core.cli.output import check_ending, write
from finrec_core.cli.session import load_dataset, open_store
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms.user import user

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
    jobs = core.jobs  # imported before the store is opened, which others may wait for
    chosen = encoder or core.settings().encoder
    core.reading.check(chosen)  # a name that is wrong fails now, not in the child
    off = core.switches(list(filter(None, (without or "").split(","))))
    with open_store(store) as desk:
        jobs.sweep(desk.runs_folder)
        job = None
        try:
            with _held_back():
                if queue:
                    number = core.settings().seed if seed is None else seed
                    asked = jobs.Training(seed=number, encoder=chosen, thorough=thorough, switches=off)
                    job = jobs.enqueue(desk, asked, dataset, user=user())
                else:
                    job = jobs.start(
                        desk, dataset, seed=seed, encoder=chosen, thorough=thorough, switches=off, user=user()
                    )
            state = _follow(terminal, job)
        except KeyboardInterrupt:
            if job is None:
                raise
            state = job.cancel()
        if state.status == "failed":
            terminal.remark(f"{state.message} {state.advice} Its log is {job.folder / 'log.txt'}.")
            raise typer.Exit(1)
        if state.status == "cancelled":
            raise CallerError("The training was cancelled; nothing was stored.")
        jobs.collect(desk, user=user())
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
    check_ending(output)
    chosen = tuple(core.evaluation.ARMS) if arms is None else tuple(filter(None, arms.split(",")))
    cache = core.VectorCache(core.settings().vectors_folder)
    names = list(filter(None, (encoder or core.settings().encoder).split(",")))
    readings = [core.Reading(name, cache) for name in names]
    with terminal.progress() as progress:
        progress("reading the data", 0.0)
        data, version = load_dataset(terminal, folder, dataset, store)
        told = any(data.product_texts) or any(data.review_texts)
        texts = {reading.label: reading for reading in readings} if told else None
        document = core.evaluation.evaluate(
            data,
            texts,
            arms=chosen,
            seeds=range(seeds),
            keep=keep,
            controls=controls,
            counted=core.Reading(core.TF_IDF),
            ledger=core.evaluation.Ledger(core.settings().evaluations_folder),
            progress=progress,
        )
    comparison.show(terminal, document)
    terminal.document(document)
    if output:
        write(output, comparison.table(document), document)
    if version is not None:
        comparison.keep(terminal, store, version, document)


def _follow(terminal: Terminal, job: "core.jobs.Job") -> "core.jobs.JobState":
    """Show the progress of a training until it ends, first while it waits in line."""
    with terminal.progress() as progress:
        while (state := job.state()).status in ("queued", "running"):
            if state.status == "queued":
                core.jobs.advance(job.folder.parent)
                line = core.jobs.waiting(job.folder.parent)
                progress(f"Number {line.index(job) + 1} in line" if job in line else "Starting", 0.0)
            else:
                progress(state.stage, state.share)
            time.sleep(POLL)
    return state


@contextmanager
def _held_back() -> Iterator[None]:
    """Hold Ctrl-C back while a job is being started, so that there is one to cancel when it counts."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals come to the main thread alone
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt
