"""The application: every command by its name, and what its end means for the caller."""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import NoReturn

import typer
from pydantic import ValidationError
from typer.main import get_command

from finrec_core.cli import advice, data, training
from finrec_core.cli.terminal import plain

PROGRAM = "python -m finrec_core"
DONE, OUR_FAULT, CALLERS_FAULT = 0, 1, 2

app = typer.Typer(
    help="finrec: explained product recommendations. Exit codes: 0 done, 1 our fault, 2 the caller's.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(data.demo)
app.command("import")(data.import_files)
app.command("datasets")(data.datasets)
app.command("train")(training.train)
app.command("evaluate")(training.evaluate)
app.add_typer(training.runs, name="runs")
app.command("recommend")(advice.recommend)
app.command("explain")(advice.explain)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command that the arguments name and leave with its exit code.

    The errors that finrec raises itself carry a sentence for the caller. Anything else is a fault of
    finrec: `sys.excepthook` says so, keeps the traceback in a file, and Python leaves with 1.
    """
    sys.excepthook = report_fault
    try:
        code = get_command(app)(args=arguments, prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        fail(error.format_message())
    except (ValueError, RuntimeError) as error:
        if isinstance(error, ValidationError) and error.title == "Settings":
            fault = error.errors()[0]
            fail(f'FINREC_{str(fault["loc"][0]).upper()} "{fault["input"]}": {fault["msg"]}.')
        if not type(error).__module__.startswith("finrec_core."):
            raise
        fail(str(error))
    except typer.Abort:
        fail("Stopped.")
    if code == 130:  # what typer makes of Ctrl-C
        fail("Stopped.")
    sys.exit(code if isinstance(code, int) else DONE)


def fail(sentence: str) -> NoReturn:
    """Say what the caller can put right and leave with 2."""
    print(plain(sentence), file=sys.stderr)  # noqa: T201 - the one line on standard error
    sys.exit(CALLERS_FAULT)


def report_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say in one sentence that finrec failed and where the traceback lies."""
    handle, log = tempfile.mkstemp(prefix="finrec-", suffix=".log", text=True)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        traceback.print_exception(kind, error, trace, file=file)
    sentence = f"finrec failed ({kind.__name__}); this is a fault of finrec, and {log} says where."
    print(plain(sentence), file=sys.stderr)  # noqa: T201
