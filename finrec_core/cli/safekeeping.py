"""Commands that keep the store safe: pack it with its runs, its keys apart, and bring it back."""

from pathlib import Path
from typing import Annotated

import typer

from finrec_core.cli import core, options
from finrec_core.cli.session import open_store, store_file
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms.user import user

Archive = Annotated[Path, typer.Argument(help="The backup, a .zip file.")]
Keys = Annotated[
    Path | None,
    typer.Option(
        "--keys", help="The keys, a .zip file of their own.", show_default="beside it, NAME-keys.zip"
    ),
]


def backup(
    file: Archive, *, keys: Keys = None, store: options.Store = None, as_json: options.Json = False
) -> None:
    """Pack the store and the folders of its runs into one file, and the keys into another."""
    terminal = Terminal(as_json=as_json)
    secrets = keys or core.archive.keys_of(file)
    for path, what in ((file, "a backup's name"), (secrets, "the name of the keys")):
        if path.suffix.lower() != ".zip":
            raise CallerError(f"{path}: {what} ends in .zip.")
    with open_store(store, reading=True) as desk, terminal.progress() as progress:
        runs = core.archive.write(desk, file, progress, secrets=secrets)
    size = file.stat().st_size
    terminal.line(f"{file} holds the store and {core.wording.counted(runs, 'run')}, {size / 1e6:,.1f} MB.")
    terminal.line(
        f"{secrets} holds the keys that open what the logs show of clients: keep it in another place, and "
        "destroy older ones, so that who is erased stays erased."
    )
    terminal.document({"file": str(file), "keys": str(secrets), "runs": runs, "bytes": size})


def restore(
    file: Archive,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Move a store that is there aside.")] = False,
    keys: Keys = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Bring a store and its runs back from a backup; the store that was there is kept beside it.

    Clients who were erased since the backup was made are erased again.
    """
    terminal = Terminal(as_json=as_json)
    place = store_file(store)
    if place.exists() and not yes:
        raise CallerError(f"{place} is a store already: move it aside with --yes, or name another place.")
    if keys is not None and not keys.is_file():
        raise CallerError(f"There is no file {keys}, which should hold the keys.")
    found = core.archive.restore(file, place, place.parent / "runs", replace=yes, secrets=keys, user=user())
    kept = f" The one that was there is now {found.aside}." if found.aside else ""
    terminal.line(
        f"{place} is the store of {file}, with {core.wording.counted(found.runs, 'run')} and "
        f"{core.wording.counted(found.keys, 'key')} added.{kept}"
    )
    terminal.line(found.lost)
    if found.replaced:
        terminal.line(
            f"What was there of {core.wording.counted(len(found.replaced), 'run')} is newer than the store, "
            f"and lies beside the folder of runs now: {', '.join(found.replaced)}."
        )
    if found.erased:
        with open_store(place) as desk:
            core.jobs.finish_erasures(desk)
        terminal.line(
            f"{core.wording.counted(found.erased, 'client')} erased since that backup "
            f"{'was' if found.erased == 1 else 'were'} erased again, from the store and the runs."
        )
    terminal.document(
        {
            "store": str(place),
            "runs": found.runs,
            "keys": found.keys,
            "erased": found.erased,
            "lost": found.lost,
            "replaced": list(found.replaced),
            "aside": None if found.aside is None else str(found.aside),
        }
    )
