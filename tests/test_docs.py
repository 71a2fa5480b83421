"""README against the code, both ways round: settings, columns, commands, pages, floors, requirements."""

import ast
import re
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from typer.main import get_command

from finrec_core.cli.application import app
from finrec_core.dataset import TABLES
from finrec_core.settings import Settings
from tests.conftest import REPOSITORY
from tests.test_floors import FLOORS, repository_sources

README = (REPOSITORY / "README.md").read_text("utf-8")
EVERYWHERE = {"--json", "--store", "--help", "-h"}  # said once for all commands


def section(title: str) -> str:
    """Return the text under a heading, up to the next one of its rank or above."""
    rank = README.split(title)[0].rpartition("\n")[2].strip()
    assert rank, f"README has no heading {title!r}"
    body = README.split(f"{rank} {title}\n")[1]
    return re.split(rf"^#{{1,{len(rank)}}} ", body, flags=re.MULTILINE)[0]


def rows(title: str) -> list[list[str]]:
    """Return the cells of the table in a section, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_setting_stands_in_readme_with_its_default_and_meaning() -> None:
    described = {
        name.strip("`"): (default.strip("`"), meaning) for name, default, meaning in rows("Settings")
    }
    assert described == {
        f"FINREC_{name.upper()}": (str(field.default), field.description)
        for name, field in Settings.model_fields.items()
    }


def test_every_column_stands_in_readme_and_the_required_ones_are_marked() -> None:
    described = {file.strip("`"): re.findall(r"`(\w+)`(\*?)", columns) for file, columns in rows("Files")}
    assert described == {
        table: [(column.name, "*" if column.required else "") for column in columns]
        for table, columns in TABLES.items()
    }


def documented_commands() -> dict[str, set[str]]:
    """Return the commands of README's first block with the options that stand behind each."""
    block = section("Command line").split("```")[1]
    calls = re.split(r"python -m finrec_core ", block)[1:]
    return {call.split()[0]: set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", call)) for call in calls}


def real_commands() -> dict[str, set[str]]:
    """Return the commands that there are, with their options and those of their sub-commands."""
    found = {}
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        commands = [command, *getattr(command, "commands", {}).values()]
        options = {
            flag
            for one in commands
            for parameter in one.params
            for flag in [*parameter.opts, *parameter.secondary_opts]
            if flag.startswith("-")
        }
        found[name] = options - EVERYWHERE
    return found


def test_every_command_stands_in_readme_with_its_options() -> None:
    assert documented_commands() == real_commands()


def test_every_command_takes_json_and_all_but_demo_a_store() -> None:
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        options = {flag for parameter in command.params for flag in parameter.opts}
        assert "--json" in options
        assert ("--store" in options) == (name != "demo")


def test_every_page_stands_in_readme() -> None:
    described = {page.strip("`") for page, _ in rows("How to add")}
    calls = ast.walk(ast.parse((REPOSITORY / "app.py").read_text("utf-8")))
    shown = {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "st.Page"
        and isinstance(node.args[0], ast.Constant)
    }
    assert described == shown
    assert all((REPOSITORY / str(page)).is_file() for page in shown)


def test_the_floors_of_readme_are_those_that_are_checked() -> None:
    for floor, places, *_ in rows("The house")[: len(FLOORS)]:
        named = {place.removesuffix(".py").rstrip("/") for place in re.findall(r"`([^`]+)`", places)}
        checked = {place for room in FLOORS[int(floor)] for place in room} - {"finrec_core/__main__"}
        assert named == checked, f"floor {floor}"


def test_every_file_that_readme_names_is_there() -> None:
    named = re.findall(r"`((?:finrec_core|tests|pages|assets)/[\w./-]+)`", README)
    linked = re.findall(r"\]\(([\w./-]+)\)", README)
    assert len(named) > 10
    assert [path for path in [*named, *linked] if not (REPOSITORY / path).exists()] == []


def test_every_make_target_that_readme_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"^make (\w+)", README, flags=re.MULTILINE)) | set(
        re.findall(r"`make (\w+)`", README)
    )
    assert {"run", "test"} <= named <= targets


def pins(file: str) -> dict[str, str]:
    """Return the packages of a requirements file with the version that each is pinned to."""
    lines = (REPOSITORY / file).read_text("utf-8").splitlines()
    pinned = [line.split("==") for line in lines if line and not line.startswith("#")]
    assert all(len(pin) == 2 for pin in pinned), f"{file}: every package is pinned with =="
    return {normal(name): number for name, number in pinned}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(paths: tuple[str, ...]) -> set[str]:
    """Return the distributions whose modules the files under these paths import."""
    owners = packages_distributions()
    found = set()
    for path, text in repository_sources().items():
        if not path.startswith(paths):
            continue
        for node in ast.walk(ast.parse(text)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for top in {name.partition(".")[0] for name in names} - sys.stdlib_module_names:
                found |= {normal(owner) for owner in owners.get(top, ())}
    return found


def test_what_the_app_imports_is_pinned() -> None:
    assert imported(("finrec_core/", "pages/", "app")) <= pins("requirements.txt").keys()


def test_what_the_tests_import_is_pinned() -> None:
    both = pins("requirements.txt") | pins("tests/requirements.txt")
    assert imported(("tests/",)) <= both.keys()
    assert pins("requirements.txt").keys().isdisjoint(pins("tests/requirements.txt"))


@pytest.mark.parametrize("file", ["requirements.txt", "tests/requirements.txt"])
def test_the_pins_are_what_is_installed(file: str) -> None:
    installed = {name: version(name).partition("+")[0] for name in pins(file)}
    assert installed == pins(file)


def test_readme_begins_with_the_two_commands() -> None:
    first = README.split("```")[1].split("\n")
    assert [line.split("#")[0].strip() for line in first if line] == ["make run", "make test"]
    assert README.index("make test") < README.index("![") < README.index("## The house")


def test_nothing_names_the_machine_it_was_written_on() -> None:
    files = [
        REPOSITORY / name for name in ("README.md", "CHANGELOG.md", "Makefile", ".ci/run", "pyproject.toml")
    ]
    home = re.compile(r"/(?:home|root|work|Users)/")
    assert [str(file) for file in files if home.search(Path(file).read_text("utf-8"))] == []
