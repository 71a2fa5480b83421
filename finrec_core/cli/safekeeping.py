"""Commands that keep the store safe: pack it with its runs into one file, and bring it back."""

from pathlib import Path
from typing import Annotated

import typer

from finrec_core.cli import core, options
from finrec_core.cli.session import open_store, store_file
from finrec_core.cli.terminal import CallerError, Terminal

Archive = Annotated[Path, typer.Argument(help="The backup, a .zip file.")]


def backup(file: Archive, *, store: options.Store = None, as_json: options.Json = False) -> None:
    """Pack the store and the folders of its runs into one file."""
    terminal = Terminal(as_json=as_json)
    if file.suffix.lower() != ".zip":
        raise CallerError(f"{file}: a backup's name ends in .zip.")
    with open_store(store) as desk, terminal.progress() as progress:
        runs = core.archive.write(desk, file, progress)
    size = file.stat().st_size
    terminal.line(f"{file} holds the store and {runs:,} runs, {size / 1e6:,.1f} MB.")
    terminal.document({"file": str(file), "runs": runs, "bytes": size})


def restore(
    file: Archive,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Move a store that is there aside.")] = False,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Bring a store and its runs back from a backup; the store that was there is kept beside it."""
    terminal = Terminal(as_json=as_json)
    place = store_file(store)
    if place.exists() and not yes:
        raise CallerError(f"{place} is a store already: move it aside with --yes, or name another place.")
    found = core.archive.restore(file, place, place.parent / "runs", replace=yes)
    kept = f" The one that was there is now {found.aside}." if found.aside else ""
    terminal.line(f"{place} is the store of {file}, with {found.runs:,} runs added.{kept}")
    terminal.document(
        {"store": str(place), "runs": found.runs, "aside": None if found.aside is None else str(found.aside)}
    )
