"""The application: every command by its name, and what its end means for the caller."""

import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Annotated, NoReturn

import typer
from typer.main import get_command

from finrec_core import __version__
from finrec_core.cli import (
    advice,
    card,
    core,
    data,
    datasets,
    decisions,
    explanation,
    lists,
    record,
    runs,
    safekeeping,
    training,
)
from finrec_core.cli.terminal import plain
from finrec_core.terms import privacy

SCRIPT, PROGRAM = "finrec", "python -m finrec_core"  # two names of one program
# What a disk or a machine refuses is no fault of finrec: no room, no right, a damaged disk, too many files.
MACHINES = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM),
    *(errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE),
}
DONE, OUR_FAULT, CALLERS_FAULT = 0, 1, 2

app = typer.Typer(
    help="finrec: explained product recommendations. Exit codes: 0 done, 1 our fault, 2 the caller's.",
    add_completion=False,
    rich_markup_mode=None,  # plain help takes half the time
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"finrec {__version__}")  # noqa: T201 - all that `--version` is for
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_version, help="Show the version and exit."),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


app.command("demo")(data.demo)
app.command("import")(data.import_files)
app.add_typer(datasets.datasets, name="datasets")
app.command("train")(training.train)
app.command("evaluate")(training.evaluate)
app.add_typer(runs.runs, name="runs")
app.command("recommend")(advice.recommend)
app.command("clients-for")(lists.clients_for)
app.command("explain")(explanation.explain)
app.command("decisions")(decisions.decisions)
app.command("report")(record.report)
app.command("backup")(safekeeping.backup)
app.command("restore")(safekeeping.restore)
app.command("card")(card.card)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command that the arguments name and leave with its exit code.

    The errors that finrec raises itself carry a sentence for the caller. Anything else is a fault of
    finrec: `sys.excepthook` says so, keeps the traceback in a file, and Python leaves with 1.
    """
    sys.excepthook = report_fault
    privacy.keep()
    words = list(sys.argv[1:] if arguments is None else arguments)
    program = SCRIPT if Path(sys.argv[0]).stem == SCRIPT else PROGRAM
    try:
        code = get_command(app)(args=words or ["--help"], prog_name=program, standalone_mode=False)
    except typer.TyperException as error:
        fail(f"{error.format_message().rstrip('.')}. See {program} --help.")
    except (ValueError, RuntimeError) as error:
        fail(_sentence(error))
    except MemoryError:
        fail("There is not enough memory for this: close other programs, or use a machine with more.")
    except OSError as error:
        if error.errno not in MACHINES:
            raise
        place = f"{error.filename}: " if error.filename else ""
        fail(f"{place}the machine refuses ({os.strerror(error.errno)}).")
    except typer.Abort:
        fail("Stopped.")
    if code == 130:  # what typer makes of Ctrl-C
        fail("Stopped.")
    sys.exit(code if isinstance(code, int) else DONE)


def _sentence(error: ValueError | RuntimeError) -> str:
    """Return the sentence of an error that is the caller's; raises it again if it is ours."""
    if type(error).__module__.startswith("finrec_core."):
        return str(error)
    if isinstance(error, core.ValidationError) and error.title == "Settings":
        fault = error.errors()[0]
        return f'FINREC_{str(fault["loc"][0]).upper()} "{fault["input"]}": {fault["msg"]}.'
    raise error


def fail(sentence: str) -> NoReturn:
    """Say what the caller can put right and leave with 2."""
    print(plain(sentence), file=sys.stderr)  # noqa: T201 - the one line on standard error
    sys.exit(CALLERS_FAULT)


def report_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say in one sentence that finrec failed and where the traceback lies."""
    try:
        handle, log = tempfile.mkstemp(prefix="finrec-", suffix=".log", text=True)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            traceback.print_exception(kind, error, trace, file=file)
    except OSError:  # no room for a file
        traceback.print_exception(kind, error, trace)
        log = "the lines above"
    sentence = f"finrec failed ({kind.__name__}); this is a fault of finrec, and {log} says where."
    print(plain(sentence), file=sys.stderr)  # noqa: T201
