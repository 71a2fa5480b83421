"""Commands about finished trainings: list, publish."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from finrec_core.cli import options
from finrec_core.cli.session import open_store, user
from finrec_core.cli.terminal import Terminal

if TYPE_CHECKING:
    from finrec_core.store import RunRow

runs = typer.Typer(help="List the finished trainings, or publish one.", invoke_without_command=True)


@runs.callback()
def list_runs(context: typer.Context, store: options.Store = None, as_json: options.Json = False) -> None:
    """List the finished trainings, newest first."""
    context.obj = store, as_json  # `runs --store PATH publish RUN` means the same as with PATH at the end
    if context.invoked_subcommand:
        return
    terminal = Terminal(as_json=as_json)
    with open_store(store) as desk:
        rows = desk.runs()
    terminal.table(
        ("run", "active", "dataset", "seconds", "seed", "encoder", "by"),
        [
            (
                *(row.run, "active" if row.active else "folder gone" if row.missing else "", row.label),
                *(round(row.seconds), row.seed, row.encoder, row.user),
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
    run: Annotated[str, typer.Argument(help="A run, as `runs` lists it.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the record.")] = "",
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Make a finished training the active model, an older one too."""
    before = context.obj
    terminal = Terminal(as_json=as_json or before[1])
    with open_store(store or before[0]) as desk:
        row = desk.publish(run, reason=reason, user=user())
    terminal.line(f"Run {row.run}, learned from {row.label}, is the active model.")
    terminal.document(document(row))


def document(row: "RunRow") -> dict[str, Any]:
    """Return a run as JSON."""
    return {
        "run": row.run,
        "dataset": row.label,
        "active": row.active,
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
