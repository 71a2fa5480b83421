"""The documentation against the code, both ways round: settings, columns, commands, pages, floors, files."""

import ast
import re
import sys
from importlib.metadata import packages_distributions, version

import pytest
import yaml
from typer.main import get_command

from finrec_core import __version__
from finrec_core.cli.application import app
from finrec_core.dataset import TABLES
from finrec_core.settings import Settings
from finrec_core.store.migrations import MIGRATIONS
from tests.conftest import REPOSITORY
from tests.docs.pages import PAGES, rows, section
from tests.test_floors import FLOORS, repository_sources

README = PAGES["README.md"]
EVERYWHERE = {"--json", "--store", "--help", "-h"}  # said once for all commands
TOLD = {page: text for page, text in PAGES.items() if page != "CHANGELOG.md"}  # that one tells of what was


def test_every_setting_is_told_with_its_default_and_meaning() -> None:
    described = {
        name.strip("`"): (default.strip("`"), meaning)
        for name, default, meaning in rows("docs/operations.md", "Settings")
    }
    assert described == {
        f"FINREC_{name.upper()}": (str(field.default), field.description)
        for name, field in Settings.model_fields.items()
    }


def test_every_column_is_told_and_the_required_ones_are_marked() -> None:
    table = rows("docs/data.md", "Columns")
    described = {file.strip("`"): re.findall(r"`(\w+)`(\*?)", columns) for file, columns in table}
    assert described == {
        table: [(column.name, "*" if column.required else "") for column in columns]
        for table, columns in TABLES.items()
    }


def test_the_values_of_every_column_with_bounds_are_told() -> None:
    told = dict(rows("docs/data.md", "Values"))
    bounded = [column for columns in TABLES.values() for column in columns if column.values or column.low]
    assert len(bounded) > 4
    for column in bounded:
        (meaning,) = [text for names, text in told.items() if f"`{column.name}`" in names]
        said = column.values or [f"{column.low:g}", f"{column.high:g}"]
        assert all(value in meaning for value in said), column.name


def documented_commands() -> dict[str, set[str]]:
    """Return the commands of the reference, with the options that stand in the help of each."""
    found: dict[str, set[str]] = {}
    for part in section("docs/command-line.md", "Reference").split("\n### finrec ")[1:]:
        name = part.split()[0]
        listed = re.findall(r"^  (-.+?)(?:  |$)", part, flags=re.MULTILINE)
        flags = {flag for one in listed for flag in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", one)}
        found.setdefault(name, set()).update(flags - EVERYWHERE)
    return found


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


def test_every_command_is_told_with_its_options() -> None:
    assert documented_commands() == real_commands()


def test_every_command_takes_json_and_all_but_demo_a_store() -> None:
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        options = {flag for parameter in command.params for flag in parameter.opts}
        assert "--json" in options
        assert ("--store" in options) == (name != "demo")


def test_every_page_of_the_desk_is_told() -> None:
    described = {page.strip("`") for page, _ in rows("docs/operations.md", "Pages")}
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
    told = rows("README.md", "The house")
    assert [int(floor) for floor, *_ in told] == list(FLOORS)
    for floor, places, *_ in told:
        named = {place.removesuffix(".py").rstrip("/") for place in re.findall(r"`([^`]+)`", places)}
        checked = {place for package in FLOORS[int(floor)] for place in package} - {"finrec_core/__main__"}
        assert named == checked, f"floor {floor}"


def test_every_table_and_every_step_of_the_store_is_told() -> None:
    made = re.findall(
        r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", repository_sources()["finrec_core/store/migrations"]
    )
    told = [name for names, *_ in rows("docs/store.md", "Tables") for name in re.findall(r"`(\w+)`", names)]
    assert sorted(told) == sorted(made)
    steps = [name.strip("`") for name, _ in rows("docs/store.md", "Migrations")]
    assert steps == [step.__name__ for step in MIGRATIONS]


@pytest.mark.parametrize("page", TOLD)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    named = re.findall(r"`((?:finrec_core|tests|pages|assets|docs|data)/[\w./-]+)`", TOLD[page])
    assert [path for path in named if not (REPOSITORY / path).exists()] == []


def test_the_pages_name_files() -> None:
    named = {
        path for text in TOLD.values() for path in re.findall(r"`((?:finrec_core|tests)/[\w./-]+)`", text)
    }
    assert len(named) > 60


def test_every_make_target_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    named = {
        name
        for text in TOLD.values()
        for pattern in (r"^make (\w+)", r"`make (\w+)")
        for name in re.findall(pattern, text, flags=re.MULTILINE)
    }
    assert {"run", "test", "docs"} <= named <= targets


def test_the_hooks_take_their_tools_from_the_environment() -> None:
    (group,) = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert group["repo"] == "local"  # nothing is fetched
    hooks = {hook["id"]: hook for hook in group["hooks"]}
    assert {"ruff-check", "ruff-format", "mypy", "floors"} <= hooks.keys()
    for hook in hooks.values():
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv/bin/")
        paths = [word for word in hook["entry"].split() if word.startswith("tests/")]
        assert all((REPOSITORY / path).exists() for path in paths)


def test_the_changelog_is_short_and_knows_this_version() -> None:
    parts = PAGES["CHANGELOG.md"].split("\n## ")[1:]
    versions = [part.split()[0] for part in parts]
    assert versions == sorted(versions, reverse=True)
    released, _, draft = __version__.partition(".dev")
    assert released == versions[0]
    assert ("(unreleased)" in parts[0].splitlines()[0]) == bool(draft)
    first = next(part for part in parts if part.startswith("0.1.0"))
    assert first.count("\n") <= 60


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
    extra = {"psycopg"}  # asked for where it is needed, with a sentence on how to install it
    assert imported(("finrec_core/", "pages/", "app")) - extra <= pins("requirements.txt").keys()


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
    others = ("Makefile", ".ci/run", "pyproject.toml", ".pre-commit-config.yaml")
    texts = dict(PAGES) | {name: (REPOSITORY / name).read_text("utf-8") for name in others}
    home = re.compile(r"/(?:home|root|work|Users)/")
    assert [name for name, text in texts.items() if home.search(text)] == []
