"""What came of an import, as a person and as a program read it: rows, columns, reports and changes."""

from dataclasses import asdict
from typing import Any

from finrec_core.cli import core
from finrec_core.cli.terminal import Terminal

EXAMPLES = 10  # rows of a report that the terminal shows; --output writes all


def rows(intake: "core.Intake") -> "core.pa.Table":
    """Return the rejected, the repaired and the skipped lines as one table that says which is which."""
    parts = [
        table.add_column(0, "what", core.pa.array([what] * len(table), core.pa.string()))
        for what, table in (
            ("rejected", intake.rejects),
            ("repaired", intake.repairs),
            ("skipped", intake.skipped),
        )
    ]
    return core.pa.concat_tables(parts)


def show(
    terminal: Terminal, intake: "core.Intake", landing: "core.Landing | None", label: str | None
) -> dict[str, Any]:
    """Show what an import made of the files and return the same as a document."""
    terminal.table(
        ("file", "column", "example", "used as"),
        [(use.file, use.column, use.example, use.used_as or None) for use in intake.columns],
    )
    for notice in intake.notices:
        terminal.line(notice)
    for file in intake.files:
        if file.rows_rejected:
            terminal.line(f"{file}.")
    for what, table, counts in (
        ("rejected", intake.rejects, intake.reject_counts),
        ("repaired", intake.repairs, intake.repair_counts),
    ):
        for reason, count in counts:
            terminal.line(f"{count:,} {what}: {reason}")
        for sentence in core.row_sentences(table.slice(0, EXAMPLES)):
            terminal.line(f"  {sentence}")
        if len(table) > EXAMPLES:
            terminal.line(f"  and {len(table) - EXAMPLES:,} more; --output FILE writes all.")
    if len(intake.skipped):
        are = "is no row" if len(intake.skipped) == 1 else "are no rows"
        lines = core.wording.counted(len(intake.skipped), "line")
        terminal.line(f"{lines} {are} of a table; --output FILE writes all.")
    dataset = intake.dataset if landing is None else landing.dataset
    sizes = {table: 0 if dataset is None else len(getattr(dataset, table)) for table in core.TABLES}
    made = ", ".join(f"{size:,} {table}" for table, size in sizes.items())
    terminal.line(f"{core.wording.counted(intake.rows_read, 'row')} read: {made}.")
    if landing:
        _landed(terminal, landing)
    if label:
        terminal.line(f"Stored as {label}.")
    return {
        "dataset": label,
        "stored": label is not None,
        "appended_to": landing.before.label if landing and landing.appended and landing.before else None,
        "changes": dict(landing.counts) if landing and landing.before else None,
        "erased_clients": list(landing.erased) if landing else [],
        "rows_read": intake.rows_read,
        "rejected": intake.rows_rejected,
        "repaired": intake.rows_repaired,
        "rejected_share": intake.rejected_share,
        "files": [asdict(file) | {"rejected_share": file.rejected_share} for file in intake.files],
        **sizes,
        "verb": None if dataset is None else dataset.verb,
        "rating_limit": None if dataset is None else dataset.rating_limit,
        "rating_proposal": asdict(intake.rating_proposal) if intake.rating_proposal else None,
        "columns": [asdict(use) for use in intake.columns],
        "notices": list(intake.notices),
        "joins": [asdict(join) for join in intake.joins],
        "answers": dict(intake.answers),
        "skipped": intake.skipped.to_pylist(),
        "rejects": intake.rejects.to_pylist(),
        "repairs": (intake if landing is None else landing).repairs.to_pylist(),
    }


def _landed(terminal: Terminal, landing: "core.Landing") -> None:
    """Say what the version holds otherwise than the one before it, and who was left out."""
    if landing.before:
        what = "Appended to" if landing.appended else "Follows"
        changes = [
            f"{count[kind]:,} {table} {kind}"
            for table, count in landing.counts.items()
            for kind in ("added", "changed", "removed")
            if count[kind]
        ]
        terminal.line(f"{what} {landing.before.label}: {', '.join(changes) or 'nothing is different'}.")
    if landing.erased:
        one = len(landing.erased) == 1
        done = f"{'was' if one else 'were'} left out; --keep-erased brings {'it' if one else 'them'} back"
        done = f"{'is' if one else 'are'} in the data again" if landing.kept else done
        who = core.wording.counted(len(landing.erased), "client")
        terminal.line(f"{who} whose data was erased before {done}.")
