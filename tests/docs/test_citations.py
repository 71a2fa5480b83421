"""Citations of docs/ in code: `docs/<page>.md, "<Heading>"` leads to a page and a heading that are there."""

import re
from collections.abc import Iterator

import pytest

from tests.conftest import REPOSITORY
from tests.docs.pages import PAGES, headings
from tests.test_floors import repository_sources

CITED = re.compile(r"\bdocs/((?:[\w-]+/)*[\w-]+\.md)(?:, (.{1,160}))?")
QUOTED = re.compile(r'"([^"]+)"(?:,? and |, )?')
EQUATIONS = re.compile(r"(?:,? ?(?:and )?\([A-Z]\d+\))+")
NUMBERED = re.compile(r"\bdesign,? (?:section )?\d", re.IGNORECASE)  # a document that is not in the project
# What still cites it, until the branches that change these modules are merged: this line goes then.
OTHER_FILES = ("pyproject.toml", "Makefile", ".ci/run", ".pre-commit-config.yaml")


def one_line(text: str) -> str:
    """Return code as one line, so that a citation may be broken where the line ends."""
    return re.sub(r"\s*\n\s*(?:#:? )?", " ", text)


def cited(rest: str, names: set[str]) -> tuple[list[str], str]:
    """Return the headings that stand after a page and a comma, and what follows the last of them.

    Headings stand in quotation marks, several with "and" between. Without marks it is the longest of `names`
    that the text begins with, or the text itself where none does. What begins with a small letter is no
    heading: the sentence goes on.
    """
    found, at = [], 0
    while quoted := QUOTED.match(rest, at):
        found.append(quoted[1])
        at = quoted.end()
    if not found and rest[:1].isupper():
        fits = [name for name in names if re.match(rf"{re.escape(name)}(?!\w)", rest)]
        found = [max(fits, key=len, default=rest)]
        at = len(found[0])
    return found, rest[at:]


def faults(text: str) -> Iterator[str]:
    """Yield a sentence for each citation that leads nowhere.

    A heading is cited whole or up to its colon, and after it perhaps the number of an equation.
    """
    for page, rest in CITED.findall(one_line(text)):
        path = f"docs/{page}"
        if path not in PAGES:
            yield f"there is no {path}."
            continue
        names = {name for whole in headings(PAGES[path]) for name in (whole, whole.partition(":")[0])}
        found, after = cited(rest, names)
        yield from (f'{path} has no heading "{heading}".' for heading in found if heading not in names)
        numbers = EQUATIONS.match(after)
        for number in re.findall(r"\(\w+\)", numbers[0]) if numbers else ():
            if number not in PAGES[path]:
                yield f"{path} has no equation {number}."


def sources() -> dict[str, str]:
    """Return all code, and the settings that comment on themselves, without this file's own examples."""
    others = {name: (REPOSITORY / name).read_text("utf-8") for name in OTHER_FILES}
    code = {path: text for path, text in repository_sources().items() if not path.endswith("test_citations")}
    return code | others


def test_every_citation_in_code_resolves() -> None:
    found = sources()
    assert sum(len(CITED.findall(one_line(text))) for text in found.values()) > 10
    assert [f"{path}: {fault}" for path, text in found.items() for fault in faults(text)] == []


def test_no_code_cites_what_is_not_in_the_project() -> None:
    found = [path for path, text in sources().items() if NUMBERED.search(one_line(text))]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        'as docs/model.md, "View A: the network", says',
        "(docs/model.md, View A).",
        '(docs/model.md, "View B" and "View C: the tail").',
        'docs/model.md, "View B", (B1) and (B7)',
        'docs/model.md, "What was tried\n    and measured"; and so on',
        "# docs/model.md, What was tried\n# and measured",
        "docs/data.md, which tells more",
        "docs/data.md",
    ],
)
def test_a_good_citation_passes(text: str) -> None:
    assert list(faults(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "docs/models.md, Graph",
        "docs/model.md, View D",
        'docs/model.md, "View D"',
        'docs/model.md, "View A" and "View D"',
        "docs/model.md, Graphs",
        'docs/model.md, "View B", (B1) and (B99)',
        "docs/model.md, (B99)",
        'docs/model.md, "What stays\n    frozen"',
        "docs/nothing/model.md",
    ],
)
def test_a_wrong_citation_is_found(text: str) -> None:
    assert len(list(faults(text))) == 1
