"""The reference of the commands in docs/command-line.md; `python -m tests.command_line` writes it anew."""

import re
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from finrec_core.cli.application import app
from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "command-line.md"
PROGRAM = "finrec"
WIDTH = 110  # characters of a line of help
GENERATED = re.compile(r"(?<=<!-- generated -->\n).*?(?=<!-- end of what is generated -->)", re.DOTALL)


def reference() -> str:
    """Return the help of the program, and of every command and sub-command, as one text in Markdown."""
    root: Any = get_command(app)
    top = root.context_class(root, info_name=PROGRAM, terminal_width=WIDTH, **root.context_settings)
    lines = ["", "| command | what it does |", "|---|---|"]
    for name, command in root.commands.items():
        lines.append(f"| [`{name}`](#{PROGRAM}-{name}) | {first_sentence(command)} |")
    return "\n".join([*lines, "", *told(root, top)]) + "\n"


def told(command: Any, context: Any) -> Iterator[str]:
    """Yield the heading and the help of a command and of what it holds, without the lists of these."""
    yield from (f"### {context.command_path}", "", "```")
    yield from command.get_help(context).partition("\n\nCommands:")[0].splitlines()
    yield from ("```", "")
    for name, one in getattr(command, "commands", {}).items():
        inside = one.context_class(one, info_name=name, parent=context, terminal_width=WIDTH)
        yield from told(one, inside)


def first_sentence(command: Any) -> str:
    """Return the first sentence of a command's help."""
    return re.split(r"(?<=\.)\s", " ".join(command.help.split()))[0]


def renewed(page: str) -> str:
    """Return the page with the reference as the commands tell it now; what is written by hand stays."""
    return GENERATED.sub(lambda _: reference(), page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), "utf-8")
