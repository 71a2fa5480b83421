"""The page of the command line against the commands: it is what they tell of themselves."""

import re

from typer.main import get_command

from finrec_core.cli.application import app
from tests.command_line import GENERATED, PAGE, renewed
from tests.docs.pages import PAGES, headings


def test_the_reference_is_what_the_commands_tell() -> None:
    page = PAGE.read_text("utf-8")
    assert renewed(page) == page, "run `make docs`"


def test_an_option_that_is_gone_or_new_is_seen() -> None:
    page = PAGE.read_text("utf-8")
    changed = page.replace("--all-clients  ", "--everybody    ")
    assert changed != page
    assert renewed(changed) == page


def test_every_command_and_sub_command_has_its_heading() -> None:
    own = headings(PAGES["docs/command-line.md"])
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        assert f"finrec {name}" in own
        assert {f"finrec {name} {one}" for one in getattr(command, "commands", ())} <= set(own)


def test_the_reference_tells_of_no_folder_of_a_machine() -> None:
    found = GENERATED.search(PAGE.read_text("utf-8"))
    assert found
    assert re.findall(r"/(?:home|root|tmp|usr)/", found[0]) == []
