"""The terminal: results go to standard output, progress and remarks to standard error."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import Any

from finrec_core.cli import core

WIDTH = 140  # columns of a table that is written to a file or a pipe


class CallerError(ValueError):
    """The caller can put it right; the message is one sentence that says how."""


class Terminal:
    """Where one command speaks; with `as_json` its only word on standard output is one JSON document."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def remark(self, sentence: str) -> None:
        """Say a sentence beside the result."""
        print(plain(sentence), file=sys.stderr)  # noqa: T201 - this is what the module is for

    def line(self, sentence: str) -> None:
        """Say a line of the result, if a person reads it."""
        if not self.as_json:
            print(plain(sentence))  # noqa: T201

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> None:
        """Show rows of the result, if a person reads it; numbers stand to the right, None is a dash."""
        if self.as_json or not rows:
            return
        # Cells come from files: nothing in them is markup, an emoji code or a control character.
        console = core.Console(markup=False, emoji=False, highlight=False)
        if not console.is_terminal:
            console = core.Console(markup=False, emoji=False, highlight=False, width=WIDTH)
        table = core.Table(
            title=plain(title) or None, title_justify="left", box=core.box.SIMPLE_HEAD, pad_edge=False
        )
        for place, name in enumerate(columns):
            numbers = all(isinstance(row[place], int | float | None) for row in rows)
            table.add_column(name, justify="right" if numbers else "left", no_wrap=numbers)
        for row in rows:
            table.add_row(*(plain(_cell(value)) for value in row))
        console.print(table)

    def document(self, document: Mapping[str, Any]) -> None:
        """Print the result as JSON, if a program reads it."""
        if self.as_json:
            print(as_json(document))  # noqa: T201

    @contextmanager
    def progress(self) -> Iterator["core.Progress"]:
        """Lend a progress that shows a bar in a terminal, and a line for each stage anywhere else.

        What libraries print meanwhile goes to standard error.
        """
        console = core.Console(stderr=True, markup=False, emoji=False, highlight=False)
        with redirect_stdout(sys.stderr):
            if not console.is_terminal:
                yield self._by_lines()
                return
            columns = (
                core.BarColumn(),
                core.TaskProgressColumn(),
                core.TimeElapsedColumn(),
                core.TextColumn("{task.description}", markup=False),
            )
            with core.Bar(*columns, console=console, transient=True) as bar:
                task = bar.add_task("", total=1.0)
                yield lambda stage, share: bar.update(task, description=plain(stage), completed=share)

    def _by_lines(self) -> "core.Progress":
        last = ""

        def report(stage: str, share: float) -> None:
            nonlocal last
            if stage != last:
                self.remark(f"{share:4.0%}  {stage}")
                last = stage

        return report


def as_json(document: Mapping[str, Any]) -> str:
    """Return a document as JSON in plain ASCII, which survives every locale and terminal."""
    return json.dumps(document, indent=2, allow_nan=False)


def plain(text: str) -> str:
    """Return the text with every control character replaced, so that data cannot steer the terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        f"{value:,}" if isinstance(value, int) else f"{value:.4g}" if isinstance(value, float) else str(value)
    )
