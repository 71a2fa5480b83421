"""Commands about data: write the demo bank, import files."""

import math
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from finrec_core.cli import core, imported, options, questions
from finrec_core.cli.output import check_ending, write
from finrec_core.cli.session import open_store, store_file
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms.user import user


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
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", metavar="FILE.json", help="Answers to what the files leave open: {id: answer}."
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Take what is proposed where a question is open.")
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
        typer.Option("--separator", metavar="[FILE=]SEPARATOR", help="comma, semicolon, tab, ::, | or space"),
    ] = None,
    header_line: Annotated[
        list[str] | None,
        typer.Option(
            "--header-line", metavar="[FILE=]N", help="The line of the header, where it is not found."
        ),
    ] = None,
    escape: Annotated[
        list[str] | None,
        typer.Option(
            "--escape", metavar="[FILE=]backslash|none", help="What stands before a plain quotation mark."
        ),
    ] = None,
    leave_out: Annotated[
        list[str] | None, typer.Option("--leave-out", metavar="FILE", help="Do not read this file.")
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
    rows of the one named as well; its verb and its rating limit stay, and what was answered for its files
    counts for the same columns of these. While a question is open nothing is stored.
    """
    terminal = Terminal(as_json=as_json)
    if append_to is not None and name is not None:
        raise CallerError("Give --name or --append, not both: what is appended keeps its dataset's name.")
    check_ending(output)
    told = questions.read_answers(answers)
    sources = core.chosen(core.find_sources(paths), sheet or (), query or "")
    before = None
    if append_to is not None:
        with open_store(store) as desk:
            before = desk.version(append_to)
    with terminal.progress() as progress:
        progress(f"reading {core.wording.counted(len(sources), 'file')}", 0.0)
        names = [text.name for text in core.text_files(sources)[0]]
        intake = core.read_files(
            sources,
            mapping=_mapping(mapping or ()),
            kinds=dict.fromkeys(leave_out or (), ""),
            forms=_forms(
                names,
                encoding=encoding or (),
                delimiter=separator or (),
                header_line=header_line or (),
                escape=escape or (),
            ),
            progress=progress,
            day_first=day_first,
            rating_limit=_limit(rating_limit),
            verb=verb,
            name=name or _name(paths, sources[0].name),
            answers=questions.of_files(told),
            kept=None if before is None else before.answers,
        )
    placement = _placement(intake.dataset, before, store)
    asked = questions.of_placement(placement, told, _appended(intake, before, store))
    open_ones, why = questions.unsettled(intake, asked, yes=yes)
    label, landing = None, None
    if intake.dataset is not None and not why:
        with open_store(store, create=append_to is None) as desk:
            files = ", ".join(source.name for source in sources)
            landing = core.Landing.of(
                desk, intake, append_to=before, keep_erased=keep_erased, standing=questions.stands(asked)
            )
            label = landing.store_in(desk, source=files, user=user()).label
    intake = replace(intake, notices=(*core.left_out(map(Path, paths)), *intake.notices))
    document = imported.show(terminal, intake, landing, label)
    document |= {"placement": placement and placement.to_json()}
    document |= {"questions": [one.to_json() for one in open_ones]}
    if placement is not None and label is None:
        terminal.line(placement.sentence)
    elif placement is not None and placement.kind == "append" and append_to is None:
        where = placement.version.name if placement.version else ""
        terminal.line(f"{placement.known}: `--append {shlex.quote(where)}` would add it there.")
    if why or intake.dataset is None:
        questions.show(terminal, open_ones)
    terminal.document(document)
    if output:
        write(output, imported.rows(intake), document)
    if intake.dataset is None:
        raise CallerError("Nothing was stored: no interaction could be read; mend the files.")
    if why:
        raise CallerError(f"Nothing was stored: {why}")


def _appended(
    intake: "core.Intake", before: "core.DatasetVersion | None", store: Path | None
) -> "core.Landing | None":
    """Return what appending an import to a version would make, None where there is nothing to append."""
    if before is None or intake.dataset is None:
        return None
    with open_store(store) as desk:
        return core.Landing.of(desk, intake, append_to=before)


def _placement(
    dataset: "core.Dataset | None", before: "core.DatasetVersion | None", store: Path | None
) -> "core.Placement | None":
    """Return where an import goes, appended to `before` or under its name; None without a store.

    A new name has what is proposed for it, which is said and left to the caller.
    """
    if dataset is None or not store_file(store).is_file():
        return None
    with open_store(store) as desk:
        if before is not None:
            return core.placed(desk, dataset, before, "append")
        same = next((one for one in desk.datasets() if one.name == dataset.name), None)
        return core.proposed(desk, dataset) if same is None else core.placed(desk, dataset, same, "replace")


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


def _forms(names: Sequence[str], **options: Sequence[str]) -> "dict[str, core.FormChoice]":
    """Return how each file is written, from what each option says as [FILE=]VALUE; without FILE, of all."""
    told: dict[str, dict[str, Any]] = {name: {} for name in names}
    for option, entries in options.items():
        for entry in entries:
            file, mark, value = entry.rpartition("=")
            if mark and file not in told:
                raise CallerError(f'no file is called "{file}"; there are {", ".join(sorted(told))}.')
            for name in [file] if mark else told:
                told[name][option] = _form_value(option, value)
    return {name: core.FormChoice(**choice) for name, choice in told.items() if choice}


def _form_value(option: str, value: str) -> str | int:
    """Return what an option says of a form as `FormChoice` takes it."""
    if option == "delimiter":
        return next((sign for sign, words in core.DELIMITERS.items() if words == value), value)
    if option == "escape":
        return {"backslash": "\\", "none": ""}.get(value, value)
    if option == "header_line":
        if not value.isdecimal():
            raise CallerError(f'--header-line "{value}": give the number of a line, the first is 1.')
        return int(value)
    return value


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
