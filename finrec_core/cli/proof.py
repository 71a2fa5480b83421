"""Commands that prove the record: check it row by row, and sign its head for keeping elsewhere."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from finrec_core.cli import options
from finrec_core.cli.session import open_store
from finrec_core.cli.terminal import CallerError, Terminal

if TYPE_CHECKING:
    from finrec_core.store.verification import Verification

FOUND = 3  # the exit code of a check that found what it looks for


def verify(
    *,
    anchor: Annotated[
        Path | None,
        typer.Option(
            "--anchor", metavar="FILE", help="Compare with a copy of the anchors kept elsewhere too."
        ),
    ] = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Check that nothing of the record was cut, altered or added; leaves with 3 where something was."""
    terminal = Terminal(as_json=as_json)
    with open_store(store, reading=True) as desk:
        found = desk.verification(None if anchor is None else anchor.absolute())
    tell(terminal, found)
    terminal.document(document(found))
    if found.faults:
        raise typer.Exit(FOUND)


def anchor(
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Hand a copy of all anchors out to this file."),
    ] = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Sign the head of the record and write it to the file of anchors; keep a copy of that elsewhere."""
    terminal = Terminal(as_json=as_json)
    with open_store(store) as desk:
        made, file = desk.anchor(), desk.anchors_file
        last = desk.last_anchor()
    if made is None:
        terminal.line("Nothing was written since the last anchor.")
    else:
        terminal.line(f"Link {made.anchor.sequence:,} is anchored: {made.anchor.hash}.")
    if made is not None and made.remark:
        terminal.remark(made.remark)
    if output is not None:
        try:
            shutil.copyfile(file, output)
        except OSError as error:
            raise CallerError(f"{output}: the anchors cannot be written ({error.strerror}).") from error
    terminal.line(f"All anchors stand in {output or file}: keep a copy where nobody of this desk can write.")
    terminal.document(
        {
            "file": str(output or file),
            "written": 0 if made is None else made.written,
            "sequence": last and last.sequence,
            "hash": last and last.hash,
            "stamped": bool(last and last.stamp),
            "remark": "" if made is None else made.remark,
        }
    )


def tell(terminal: Terminal, found: "Verification") -> None:
    """Say what a verification found, and what it cannot tell."""
    for fault in found.faults:
        terminal.remark(fault)
    for remark in found.remarks:
        terminal.line(remark)
    if not found.faults:
        compared = f", compared with {found.anchors:,} anchors" if found.anchors else ""
        terminal.line("Every entry is as it was written.")
        terminal.line(f"{found.rows:,} rows and {found.links:,} links were checked{compared}.")


def document(found: "Verification") -> dict[str, object]:
    """Return a verification as plain values."""
    return {
        "verified": not found.faults,
        "faults": list(found.faults),
        "rows": found.rows,
        "links": found.links,
        "anchors": found.anchors,
        "anchored": found.anchored and found.anchored.isoformat(),
        "stamps": found.stamps,
        "remarks": list(found.remarks),
    }
