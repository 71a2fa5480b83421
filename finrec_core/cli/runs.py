"""Commands about finished trainings: list, publish, roll back, pin, remove and compare them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from finrec_core.cli import core, options
from finrec_core.cli.session import given, open_store
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms.names import METRIC
from finrec_core.terms.user import user

if TYPE_CHECKING:
    from finrec_core.store import Store

runs = typer.Typer(
    help="List the finished trainings, or change which one is in use.", invoke_without_command=True
)
Run = Annotated[str, typer.Argument(help="A run, as `runs` lists it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, for the record.")]


def _by_another(desk: "Store", run: str) -> None:
    """Raise where who asks trained the run and four eyes are set."""
    from finrec_core.access import AccessError, Person, four_eyes  # noqa: PLC0415 - most commands need them not

    try:
        four_eyes.check(desk, "publish", {"run": run}, Person.local(user() or "the command line"))
    except AccessError as error:
        raise CallerError(str(error)) from error


@runs.callback()
def list_runs(context: typer.Context, store: options.Store = None, as_json: options.Json = False) -> None:
    """List the finished trainings, newest first."""
    context.obj = store, as_json  # `runs --store PATH publish RUN` means the same as with PATH at the end
    if context.invoked_subcommand:
        return
    terminal = Terminal(as_json=as_json)
    with open_store(store, reading=True) as desk:
        rows = desk.runs()
    terminal.table(
        ("run", "state", "dataset", "seconds", "seed", "encoder", "NDCG@20", "by"),
        [
            (
                *(row.run, _state(row), row.label, round(row.seconds), row.seed, row.encoder),
                *(core.with_interval(row, METRIC), row.user),
            )
            for row in rows
        ],
    )
    if not rows:
        terminal.line("No training has finished yet.")
    terminal.document({"runs": [document(row) for row in rows]})


@runs.command("publish")
def publish(
    context: typer.Context,
    run: Run,
    *,
    reason: Reason = "",
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Make a finished training the active model, an older one too."""
    path, terminal = given(context, store, as_json=as_json)
    recommender = core.FusedRecommender  # torch takes seconds, for which nobody should wait for the store
    with open_store(path) as desk:
        recommender.load(desk.run_folder(run))  # what cannot be read must not be put before advisers
        before, gain = desk.active_run(), None
        if before is not None and before.run == run:
            terminal.line(f"Run {run}, learned from {before.label}, is the active model already.")
            terminal.document({**document(before), "gain": None})
            return
        if before is not None:
            gain = _gain(terminal, desk.run(run), before, desk.runs_folder)
        _by_another(desk, run)
        row = desk.publish(run, reason=reason, user=user())
    terminal.line(f"Run {row.run}, learned from {row.label}, is the active model.")
    if not reason.strip():
        terminal.line("The history holds no reason for it; --reason TEXT says why.")
    terminal.document({**document(row), "gain": gain})


@runs.command("rollback")
def roll_back(
    context: typer.Context, *, reason: Reason = "", store: options.Store = None, as_json: options.Json = False
) -> None:
    """Make the run active again that was so before."""
    path, terminal = given(context, store, as_json=as_json)
    with open_store(path) as desk:
        row = desk.roll_back(reason=reason, user=user())
    terminal.line(f"Run {row.run}, learned from {row.label}, is the active model again.")
    terminal.document(document(row))


@runs.command("pin")
def pin(
    context: typer.Context, run: Run, *, store: options.Store = None, as_json: options.Json = False
) -> None:
    """Keep a run from being removed."""
    path, terminal = given(context, store, as_json=as_json)
    with open_store(path) as desk:
        row = desk.pin_run(run, user=user())
    terminal.line(f"Run {row.run} is pinned.")
    terminal.document(document(row))


@runs.command("unpin")
def unpin(
    context: typer.Context, run: Run, *, store: options.Store = None, as_json: options.Json = False
) -> None:
    """Let a run be removed again."""
    path, terminal = given(context, store, as_json=as_json)
    with open_store(path) as desk:
        row = desk.unpin_run(run)
    terminal.line(f"Run {row.run} is not pinned any more.")
    terminal.document(document(row))


@runs.command("remove")
def remove(
    context: typer.Context,
    run: Run,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove it; without, only what hangs on it is named.")
    ] = False,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Remove a run with its folder; decisions made with it stay readable."""
    path, terminal = given(context, store, as_json=as_json)
    with open_store(path) as desk:
        used = desk.run_use(run)
        hanging = {"decisions": used.decisions, "lists": used.lists, "activations": used.activations}
        terminal.line(
            f"Run {run}: {used.decisions:,} decisions and {used.lists:,} lists shown stay in the log, "
            f"{used.size / 1e6:,.1f} MB become free."
        )
        if not yes:
            terminal.document({"run": run, "removed": False, **hanging})
            raise CallerError("Nothing was removed: confirm with --yes.")
        desk.remove_run(run, user=user())
    terminal.line(f"Run {run} is removed.")
    terminal.document({"run": run, "removed": True, **hanging})


@runs.command("history")
def history(context: typer.Context, *, store: options.Store = None, as_json: options.Json = False) -> None:
    """List which run was the active model since when, by whom and why, newest first."""
    path, terminal = given(context, store, as_json=as_json)
    with open_store(path, reading=True) as desk:
        rows = desk.activations()
    terminal.table(
        ("since", "run", "dataset", "step", "by", "reason"),
        [
            (f"{one.created:%Y-%m-%d %H:%M}", one.run, one.label, one.step, one.user, one.reason)
            for one in rows
        ],
    )
    terminal.document(
        {
            "history": [
                {
                    "since": one.created.isoformat(),
                    "run": one.run,
                    "dataset": one.label,
                    "step": one.step,
                    "by": one.user,
                    "reason": one.reason,
                    "removed": one.removed,
                }
                for one in rows
            ]
        }
    )


@runs.command("compare")
def compare(
    context: typer.Context,
    a: Run,
    b: Run,
    *,
    client: Annotated[str | None, typer.Option("--client", help="Also compare this client's lists.")] = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Compare two runs on what was held back from both, client by client."""
    path, terminal = given(context, store, as_json=as_json)
    with open_store(path, reading=True) as desk:
        folders = [desk.run_folder(run) for run in (a, b)]
    paired = core.pair_runs(*folders)
    table = core.two_models.measures(paired)
    terminal.table(tuple(table.columns), [tuple(row) for row in table.itertuples(index=False)])
    terminal.line(core.two_models.basis(paired))
    found: dict[str, Any] = {
        "a": a,
        "b": b,
        "basis": paired.basis,
        "clients": paired.clients,
        "figures": [
            {
                "metric": one.metric,
                "a": one.a,
                "b": one.b,
                "difference": one.difference,
                "ci95": None if one.ci95 is None else list(one.ci95),
                "result": one.result,
            }
            for one in paired.figures
        ],
    }
    if client is not None:
        found["lists"] = _lists(terminal, folders, client)
    terminal.document(found)


def _gain(
    terminal: Terminal, row: "core.RunRow", before: "core.RunRow", runs_folder: Path
) -> dict[str, str] | None:
    """Say what is known of a run's gain over the active model, and return it; None where nothing is."""
    try:
        paired = core.pair_runs(runs_folder / row.run, runs_folder / before.run)
    except core.RunFolderError as error:
        terminal.line(f"It cannot be compared with the model in use. {error}")
        return None
    result, said = core.two_models.gain(paired)
    terminal.line(said)
    return {"result": result, "said": said}


def _lists(terminal: Terminal, folders: list[Path], client: str, k: int = 10) -> dict[str, list[str]]:
    """Show a client's first products under both runs, and return their ids."""
    lists = [
        [line.product for line in core.FusedRecommender.load(folder).recommend(client, k)]
        for folder in folders
    ]
    longest = max(map(len, lists))
    padded = [[*one, *[""] * (longest - len(one))] for one in lists]
    terminal.table(
        ("rank", "a", "b"), [(n, *both) for n, both in enumerate(zip(*padded, strict=True), start=1)]
    )
    return dict(zip(("a", "b"), lists, strict=True))


def _state(row: "core.RunRow") -> str:
    words = [
        word
        for word, holds in (("active", row.active), ("pinned", row.pinned), ("folder gone", row.missing))
        if holds
    ]
    return ", ".join(words)


def document(row: "core.RunRow") -> dict[str, Any]:
    """Return a run as JSON."""
    return {
        "run": row.run,
        "dataset": row.label,
        "active": row.active,
        "pinned": row.pinned,
        "missing": row.missing,
        "created": row.created.isoformat(),
        "seconds": row.seconds,
        "seed": row.seed,
        "encoder": row.encoder,
        "user": row.user,
        "content_hash": row.content_hash,
        "metrics": dict(row.metrics),
        "constants": dict(row.constants),
    }
