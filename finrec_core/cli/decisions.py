"""The command about decisions: list them, write them to a file, and check the chain of the log."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from finrec_core.cli import core, options, proof
from finrec_core.cli.output import check_ending, write
from finrec_core.cli.session import open_store
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms.bounds import MOST_ROWS

WHOLE = 1_000_000  # rows that are read at most


def decisions(
    *,
    client: Annotated[str | None, typer.Option("--client", metavar="ID", help="Of one client.")] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="One of accept, reject, later, answer, withdraw, note, follow, done.",
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="From this day on, as 2026-03-01.")
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Check the record as `verify` does.")] = False,
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
    check_ending(output)
    if summary:
        if client is not None or kind is not None or since is not None or verify:
            raise CallerError(
                "--summary counts the whole log: give no --client, --kind, --since or --verify."
            )
        _summary(terminal, output, store)
        return
    if kind is not None and kind not in core.DECISION_KINDS:
        raise CallerError(f'--kind "{kind}": there are {", ".join(core.DECISION_KINDS)}.')
    query = core.LogQuery(client=client, kind=kind, since=_begin(since))
    with open_store(store, reading=True) as desk:
        brief = desk.decisions_in_brief()
        rows = desk.decisions(query=query, limit=MOST_ROWS)
        head = desk.heads()["decisions"]
        checked = desk.verification() if verify else None
    log = core.DecisionLog.of(brief)
    found = {row.id for row in rows}
    entries = [entry for entry in reversed(log.entries) if entry.id in found]
    _show(terminal, entries, log)
    if not rows:
        terminal.line("No decision is like that." if log.sequence else "Nothing was decided yet.")
    for why, lost in Counter(row.lost for row in rows if row.lost).items():
        terminal.line(f"{core.wording.counted(lost, 'entry', 'entries')} of these: {why}")
    terminal.line(f"The newest hash of the log is {head}.")
    said = {"verified": None, "faults": []} if checked is None else proof.document(checked)
    whole = core.decisions_document(rows, head) | said
    terminal.document(whole)
    if output:
        write(output, core.decisions_export(entries, log, head), whole)
    if checked is not None:
        proof.tell(terminal, checked)
        if checked.faults:
            raise typer.Exit(proof.FOUND)


def _show(terminal: Terminal, entries: "list[core.Entry]", log: "core.DecisionLog") -> None:
    today = datetime.now().astimezone().date()
    terminal.table(
        ("no.", "when", "decision", "client", "product", "reason", "state", "by"),
        [
            (
                entry.sequence,
                f"{entry.created.astimezone():%Y-%m-%d %H:%M}",
                core.DECISION_KINDS[entry.decision.kind] + (", override" if entry.decision.override else ""),
                entry.decision.client,
                entry.decision.product_name or entry.decision.product,
                entry.decision.reason_text,
                core.decision_state(log, entry, today) or None,
                entry.user,
            )
            for entry in entries
        ],
    )


def _summary(terminal: Terminal, output: Path | None, store: Path | None) -> None:
    """Show what was made of the recommendations, counted in every way."""
    with open_store(store, reading=True) as desk:
        brief, ranks, shown = desk.decisions_in_brief(), desk.decision_ranks(), desk.shown_in_brief()
        models = {row.run: f"Model {row.run}" for row in desk.runs()}
    found = core.Monitoring.of(core.DecisionLog.of(brief), ranks, shown, local=datetime.astimezone)
    terminal.line(core.monitoring.sentence(found))
    for kind, title in core.monitoring.KINDS.items():
        table = core.monitoring.table(core.monitoring.TALLIES[kind](found), kind, models)
        if len(table):
            terminal.line(f"{title}:")
            names = [name.lower() for name in table.columns]
            terminal.table(names, table.values.tolist())
    for line in core.monitoring.drifts(found, models):
        terminal.line(line)
    document = core.monitoring.document(found)
    terminal.document(document)
    if output:
        write(output, core.monitoring.export(found), document)


def _begin(day: str | None) -> datetime | None:
    """Return when a day begins on this machine's clock."""
    try:
        return None if day is None else datetime.strptime(day, "%Y-%m-%d").astimezone()
    except ValueError:
        raise CallerError(f'--since "{day}": write a day as 2026-03-01.') from None
