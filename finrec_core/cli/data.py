"""Commands about data: write the demo bank, import files."""

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from finrec_core.cli import core, options
from finrec_core.cli.output import check_ending, write
from finrec_core.cli.session import open_store
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms.user import user

EXAMPLES = 10  # rows of a report that the terminal shows; --output writes all


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the CSV files go.")],
    *,
    clients: Annotated[int, typer.Option("--clients", min=1)] = 400,
    products: Annotated[int, typer.Option("--products", min=1)] = 100,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 7,
    as_json: options.Json = False,
) -> None:
    """Write the demo bank's CSV files: made-up clients with a planted taste."""
    terminal = Terminal(as_json=as_json)
    bank = core.demo_bank(clients, products, seed)
    bank.write(folder)
    sizes = {table: len(getattr(bank.dataset, table)) for table in core.TABLES}
    terminal.line(f"{folder} holds {', '.join(f'{size:,} {table}' for table, size in sizes.items())}.")
    terminal.document({"folder": str(folder), "seed": seed, **sizes})


def import_files(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="A folder, files, or a database: postgresql://USER@HOST/NAME?table=TABLE",
            metavar="PATHS",
        ),
    ],
    *,
    name: Annotated[str | None, typer.Option("--name", help="What to call the dataset.")] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="COLUMN=THEIRS", help="Our column for one of theirs; =THEIRS drops it."
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Import even if over 5 % of the rows are rejected.")
    ] = False,
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="How to read a date like 03/04/2026.")
    ] = None,
    append_to: Annotated[
        str | None,
        typer.Option(
            "--append",
            metavar="NAME[@VERSION]",
            help="Add the rows to this dataset, which is kept as it was.",
        ),
    ] = None,
    keep_erased: Annotated[
        bool, typer.Option("--keep-erased", help="Also import clients whose data was erased before.")
    ] = False,
    encoding: Annotated[
        list[str] | None,
        typer.Option("--encoding", metavar="[FILE=]ENCODING", help="Like cp1252, where it is not UTF-8."),
    ] = None,
    separator: Annotated[
        list[str] | None,
        typer.Option("--separator", metavar="[FILE=]SEPARATOR", help="comma, semicolon, tab, :: or |"),
    ] = None,
    sheet: Annotated[
        list[str] | None,
        typer.Option(
            "--sheet",
            "--table",
            metavar="[FILE=]NAME",
            help="Read this sheet or table alone.",
        ),
    ] = None,
    query: Annotated[
        str | None, typer.Option("--query", metavar="SELECT", help="Read the rows of this from a database.")
    ] = None,
    verb: Annotated[str, typer.Option("--verb", help="What a client does with a product.")] = "has",
    rating_limit: Annotated[
        str, typer.Option("--rating-limit", metavar="NUMBER|none", help="Ratings below it count as low.")
    ] = "propose",
    output: options.Output = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Import files as a new version of a dataset: all of them, or nothing.

    A name that the store holds already gets its next version. With --append the new version holds the
    rows of the one named as well; its verb and its rating limit stay.
    """
    terminal = Terminal(as_json=as_json)
    if append_to is not None and name is not None:
        raise CallerError("Give --name or --append, not both: what is appended keeps its dataset's name.")
    check_ending(output)
    sources = core.chosen(core.find_sources(paths), sheet or (), query or "")
    with terminal.progress() as progress:
        progress(f"reading {len(sources)} files", 0.0)
        names = [text.name for text in core.text_files(sources)[0]]
        intake = core.read_files(
            sources,
            mapping=_mapping(mapping or ()),
            forms=_forms(names, encoding or (), separator or ()),
            progress=progress,
            day_first=day_first,
            rating_limit=_limit(rating_limit),
            verb=verb,
            name=name or _name(paths, sources[0].name),
        )
    label, landing = None, None
    if intake.dataset is not None and (yes or not intake.needs_confirmation):
        with open_store(store, create=append_to is None) as desk:
            files = ", ".join(source.name for source in sources)
            before = desk.version(append_to) if append_to is not None else None
            landing = core.Landing.of(desk, intake, append_to=before, keep_erased=keep_erased)
            label = landing.store_in(desk, source=files, user=user()).label
    intake = replace(intake, notices=(*core.left_out(map(Path, paths)), *intake.notices))
    document = _report(terminal, intake, landing, label)
    terminal.document(document)
    if output:
        write(output, _rows(intake), document)
    if intake.dataset is None:
        raise CallerError("Nothing was stored: no interaction could be read; mend the files.")
    if label is None:
        raise CallerError(
            f"Nothing was stored: {intake.rejected_share:.1%} of the rows were rejected; "
            "mend the files, or confirm with --yes."
        )


def _name(paths: Sequence[str], source: str) -> str:
    """Return what to call a dataset after its folder, its database, or its first file or `source`."""
    first = Path(paths[0]).resolve()
    name = first.name if first.is_dir() else source.rpartition("/")[2].split(".")[0] or "dataset"
    return name.encode("utf-8", "replace").decode()  # a file's name may hold any bytes


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Return their column -> our column from COLUMN=THEIRS; nothing before the mark drops theirs."""
    mapping = {}
    for pair in pairs:
        ours, mark, theirs = pair.partition("=")
        if not mark or not theirs:
            raise CallerError(f'--map "{pair}": write COLUMN=THEIRS, like client_id=userId.')
        mapping[theirs] = ours
    return mapping


def _forms(
    names: Sequence[str], encodings: Sequence[str], separators: Sequence[str]
) -> "dict[str, core.FormChoice]":
    """Return how each file is written, from [FILE=]ENCODING and [FILE=]SEPARATOR; without FILE, all are."""
    told: dict[str, dict[str, str]] = {name: {} for name in names}
    signs = {words: sign for sign, words in core.DELIMITERS.items()}
    for option, entries in (("encoding", encodings), ("delimiter", separators)):
        for entry in entries:
            file, mark, value = entry.rpartition("=")
            if mark and file not in told:
                raise CallerError(f'no file is called "{file}"; there are {", ".join(sorted(told))}.')
            for name in [file] if mark else told:
                told[name][option] = signs.get(value, value) if option == "delimiter" else value
    return {
        name: core.FormChoice(encoding=choice.get("encoding"), delimiter=choice.get("delimiter"))
        for name, choice in told.items()
        if choice
    }


def _limit(text: str) -> float | Literal["propose"] | None:
    if text in ("propose", "none"):
        return "propose" if text == "propose" else None
    try:
        limit = float(text)
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        raise CallerError(f'--rating-limit "{text}": give a number, or none.')
    return limit


def _rows(intake: "core.Intake") -> "core.pa.Table":
    """Return the rejected and the repaired rows as one table that says which is which."""
    parts = [
        table.add_column(0, "what", core.pa.array([what] * len(table), core.pa.string()))
        for what, table in (("rejected", intake.rejects), ("repaired", intake.repairs))
    ]
    return core.pa.concat_tables(parts)


def _report(
    terminal: Terminal, intake: "core.Intake", landing: "core.Landing | None", label: str | None
) -> dict[str, Any]:
    """Show what an import made of the files and return the same as a document."""
    terminal.table(
        ("file", "column", "example", "used as"),
        [(use.file, use.column, use.example, use.used_as or None) for use in intake.columns],
    )
    for notice in intake.notices:
        terminal.line(notice)
    for what, rows, counts in (
        ("rejected", intake.rejects, intake.reject_counts),
        ("repaired", intake.repairs, intake.repair_counts),
    ):
        for reason, count in counts:
            terminal.line(f"{count:,} {what}: {reason}")
        for sentence in core.row_sentences(rows.slice(0, EXAMPLES)):
            terminal.line(f"  {sentence}")
        if len(rows) > EXAMPLES:
            terminal.line(f"  and {len(rows) - EXAMPLES:,} more; --output FILE writes all.")
    dataset = intake.dataset if landing is None else landing.dataset
    sizes = {table: 0 if dataset is None else len(getattr(dataset, table)) for table in core.TABLES}
    made = ", ".join(f"{size:,} {table}" for table, size in sizes.items())
    terminal.line(f"{intake.rows_read:,} rows read: {made}.")
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
        **sizes,
        "verb": None if dataset is None else dataset.verb,
        "rating_limit": None if dataset is None else dataset.rating_limit,
        "columns": [asdict(use) for use in intake.columns],
        "notices": list(intake.notices),
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
        done = "are in the data again" if landing.kept else "were left out; --keep-erased brings them back"
        terminal.line(f"{len(landing.erased):,} clients whose data was erased before {done}.")
