"""The command about decisions: list them, write them to a file, and check the chain of the log."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from finrec_core.cli import options
from finrec_core.cli.session import open_store
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms.bounds import MOST_ROWS

if TYPE_CHECKING:
    from finrec_core.advice.decision_log import DecisionLog, Entry


def decisions(
    *,
    client: Annotated[str | None, typer.Option("--client", metavar="ID", help="Of one client.")] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="One of accept, reject, later, answer, withdraw."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="From this day on, as 2026-03-01.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check that no entry of the logs was changed or taken out.")
    ] = False,
    summary: Annotated[
        bool,
        typer.Option("--summary", help="Count by model, place, verdict, adviser, month and week instead."),
    ] = False,
    output: options.Output = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """List what was decided, newest first, with what was shown (--json), or count it (--summary)."""
    terminal = Terminal(as_json=as_json)
    from finrec_core.advice.decision_log import DecisionLog  # noqa: PLC0415 - `--help` should not pay for it
    from finrec_core.cli.output import check_ending, write  # noqa: PLC0415
    from finrec_core.store import LogQuery  # noqa: PLC0415
    from finrec_core.views.decisions import KINDS, document, export  # noqa: PLC0415

    check_ending(output)
    if summary:
        if client is not None or kind is not None or since is not None or verify:
            raise CallerError(
                "--summary counts the whole log: give no --client, --kind, --since or --verify."
            )
        _summary(terminal, output, store)
        return
    if kind is not None and kind not in KINDS:
        raise CallerError(f'--kind "{kind}": there are {", ".join(KINDS)}.')
    query = LogQuery(client=client, kind=kind, since=_begin(since))
    with open_store(store) as desk:
        log = DecisionLog.of(desk.decisions_in_brief())
        rows = desk.decisions(query=query, limit=MOST_ROWS)
        head = desk.heads()["decisions"]
        faults = desk.verify() if verify else ()
    found = {row.id for row in rows}
    entries = [entry for entry in reversed(log.entries) if entry.id in found]
    _show(terminal, entries, log)
    if not rows:
        terminal.line("No decision is like that." if log.sequence else "Nothing was decided yet.")
    terminal.line(f"The newest hash of the log is {head}.")
    if verify and not faults:
        terminal.line("Every entry is as it was written.")
    whole = document(rows, head) | {"verified": not faults if verify else None, "faults": list(faults)}
    terminal.document(whole)
    if output:
        write(output, export(entries, log, head), whole)
    for fault in faults:
        terminal.remark(fault)
    if faults:
        raise typer.Exit(1)


def _show(terminal: Terminal, entries: "list[Entry]", log: "DecisionLog") -> None:
    from finrec_core.views.decisions import KINDS, state  # noqa: PLC0415 - as above

    today = datetime.now().astimezone().date()
    terminal.table(
        ("no.", "when", "decision", "client", "product", "reason", "state", "by"),
        [
            (
                entry.sequence,
                f"{entry.created.astimezone():%Y-%m-%d %H:%M}",
                KINDS[entry.decision.kind] + (", override" if entry.decision.override else ""),
                entry.decision.client,
                entry.decision.product_name or entry.decision.product,
                entry.decision.reason_text,
                state(log, entry, today) or None,
                entry.user,
            )
            for entry in entries
        ],
    )


def _summary(terminal: Terminal, output: Path | None, store: Path | None) -> None:
    """Show what was made of the recommendations, counted in every way."""
    from finrec_core.advice.decision_log import DecisionLog  # noqa: PLC0415 - as above
    from finrec_core.advice.monitoring import Monitoring  # noqa: PLC0415
    from finrec_core.cli.output import write  # noqa: PLC0415
    from finrec_core.views import monitoring  # noqa: PLC0415

    with open_store(store) as desk:
        found = Monitoring.of(
            DecisionLog.of(desk.decisions_in_brief()),
            desk.decision_ranks(),
            desk.shown_in_brief(),
            local=datetime.astimezone,
        )
        models = {row.run: f"Model {row.run}" for row in desk.runs()}
    terminal.line(monitoring.sentence(found))
    for kind, title in monitoring.KINDS.items():
        table = monitoring.table(monitoring.TALLIES[kind](found), kind, models)
        if len(table):
            terminal.line(f"{title}:")
            names = [name.lower() for name in table.columns]
            terminal.table(names, table.values.tolist())
    for line in monitoring.drifts(found, models):
        terminal.line(line)
    document = monitoring.document(found)
    terminal.document(document)
    if output:
        write(output, monitoring.export(found), document)


def _begin(day: str | None) -> datetime | None:
    """Return when a day begins on this machine's clock."""
    try:
        return None if day is None else datetime.strptime(day, "%Y-%m-%d").astimezone()
    except ValueError:
        raise CallerError(f'--since "{day}": write a day as 2026-03-01.') from None
