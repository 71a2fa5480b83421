"""Commands about data: write the demo bank, import files, list what the store holds."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from finrec_core.cli import options
from finrec_core.cli.session import open_store, user
from finrec_core.cli.terminal import CallerError, Terminal

if TYPE_CHECKING:
    import pyarrow as pa

    from finrec_core.dataset import FormChoice, Intake

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
    from finrec_core.dataset import TABLES  # noqa: PLC0415 - `--help` should not pay for Arrow
    from finrec_core.dataset.demo_bank import demo_bank  # noqa: PLC0415

    bank = demo_bank(clients, products, seed)
    bank.write(folder)
    sizes = {table: len(getattr(bank.dataset, table)) for table in TABLES}
    terminal.line(f"{folder} holds {', '.join(f'{size:,} {table}' for table, size in sizes.items())}.")
    terminal.document({"folder": str(folder), "seed": seed, **sizes})


def import_files(
    paths: Annotated[list[Path], typer.Argument(help="A folder, or files, also as .gz or .zip.")],
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
    encoding: Annotated[
        list[str] | None,
        typer.Option("--encoding", metavar="[FILE=]ENCODING", help="Like cp1252, where it is not UTF-8."),
    ] = None,
    separator: Annotated[
        list[str] | None,
        typer.Option("--separator", metavar="[FILE=]SEPARATOR", help="comma, semicolon, tab, :: or |"),
    ] = None,
    verb: Annotated[str, typer.Option("--verb", help="What a client does with a product.")] = "has",
    rating_limit: Annotated[
        str, typer.Option("--rating-limit", metavar="NUMBER|none", help="Ratings below it count as low.")
    ] = "propose",
    output: options.Output = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Import files as a new version of a dataset: all of them, or nothing."""
    terminal = Terminal(as_json=as_json)
    from finrec_core.cli.output import check_ending, write  # noqa: PLC0415 - as above
    from finrec_core.dataset import find_sources, read_files  # noqa: PLC0415
    from finrec_core.dataset.source import text_files  # noqa: PLC0415

    check_ending(output)
    sources = find_sources(paths)
    with terminal.progress() as progress:
        progress(f"reading {len(sources)} files", 0.0)
        names = [text.name for text in text_files(sources)[0]]
        intake = read_files(
            sources,
            mapping=_mapping(mapping or ()),
            forms=_forms(names, encoding or (), separator or ()),
            progress=progress,
            day_first=day_first,
            rating_limit=_limit(rating_limit),
            verb=verb,
            name=name or _name(paths),
        )
    label = None
    if yes or not intake.needs_confirmation:
        with open_store(store, create=True) as desk:
            files = ", ".join(source.name for source in sources)
            label = desk.add_dataset(intake, source=files, user=user()).label
    document = _report(terminal, intake, label)
    terminal.document(document)
    if output:
        write(output, _rows(intake), document)
    if label is None:
        raise CallerError(
            f"Nothing was stored: {intake.rejected_share:.1%} of the rows were rejected; "
            "mend the files, or confirm with --yes."
        )


def datasets(store: options.Store = None, as_json: options.Json = False) -> None:
    """List the datasets and their versions, newest first."""
    terminal = Terminal(as_json=as_json)
    with open_store(store) as desk:
        versions = desk.datasets()
    terminal.table(
        (
            "dataset",
            "clients",
            "products",
            "interactions",
            "ties",
            "rejected",
            "repaired",
            "added",
            "by",
            "from",
        ),
        [
            (
                *(v.label, v.clients, v.products, v.interactions, v.ties, v.rejected, v.repaired),
                *(f"{v.created:%Y-%m-%d}", v.user, v.source),
            )
            for v in versions
        ],
    )
    if not versions:
        terminal.line("The store holds no dataset yet.")
    terminal.document(
        {"datasets": [{"dataset": v.label, **asdict(v), "created": v.created.isoformat()} for v in versions]}
    )


def _name(paths: Sequence[Path]) -> str:
    """Return what to call a dataset after its folder or its first file."""
    first = paths[0].resolve()
    return first.name if first.is_dir() else first.name.split(".")[0]


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
) -> "dict[str, FormChoice]":
    """Return how each file is written, from [FILE=]ENCODING and [FILE=]SEPARATOR; without FILE, all are."""
    from finrec_core.dataset import DELIMITERS, FormChoice  # noqa: PLC0415 - as above

    told: dict[str, dict[str, str]] = {name: {} for name in names}
    signs = {words: sign for sign, words in DELIMITERS.items()}
    for option, entries in (("encoding", encodings), ("delimiter", separators)):
        for entry in entries:
            file, mark, value = entry.rpartition("=")
            if mark and file not in told:
                raise CallerError(f'no file is called "{file}"; there are {", ".join(sorted(told))}.')
            for name in [file] if mark else told:
                told[name][option] = signs.get(value, value) if option == "delimiter" else value
    return {
        name: FormChoice(encoding=choice.get("encoding"), delimiter=choice.get("delimiter"))
        for name, choice in told.items()
        if choice
    }


def _limit(text: str) -> float | Literal["propose"] | None:
    if text in ("propose", "none"):
        return "propose" if text == "propose" else None
    try:
        return float(text)
    except ValueError:
        raise CallerError(f'--rating-limit "{text}": give a number, or none.') from None


def _rows(intake: "Intake") -> "pa.Table":
    """Return the rejected and the repaired rows as one table that says which is which."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    parts = [
        table.add_column(0, "what", pa.array([what] * len(table), pa.string()))
        for what, table in (("rejected", intake.rejects), ("repaired", intake.repairs))
    ]
    return pa.concat_tables(parts)


def _report(terminal: Terminal, intake: "Intake", label: str | None) -> dict[str, Any]:
    """Show what an import made of the files and return the same as a document."""
    from finrec_core.dataset import TABLES, row_sentences  # noqa: PLC0415 - as above

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
        for sentence in row_sentences(rows.slice(0, EXAMPLES)):
            terminal.line(f"  {sentence}")
        if len(rows) > EXAMPLES:
            terminal.line(f"  and {len(rows) - EXAMPLES:,} more; --output FILE writes all.")
    dataset = intake.dataset
    sizes = {table: 0 if dataset is None else len(getattr(dataset, table)) for table in TABLES}
    made = ", ".join(f"{size:,} {table}" for table, size in sizes.items())
    terminal.line(f"{intake.rows_read:,} rows read: {made}.")
    if label:
        terminal.line(f"Stored as {label}.")
    return {
        "dataset": label,
        "stored": label is not None,
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
        "repairs": intake.repairs.to_pylist(),
    }
