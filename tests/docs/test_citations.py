"""Citations of docs/ in code: `docs/<page>.md, <Heading>` leads to a page and a heading that are there."""

import re
from collections.abc import Iterator

import pytest

from tests.conftest import REPOSITORY
from tests.docs.pages import PAGES, headings
from tests.test_floors import repository_sources

CITED = re.compile(r"\bdocs/((?:[\w-]+/)*[\w-]+\.md)(?:, (.{1,100}))?")
EQUATION = re.compile(r", (\([A-Z]\d+\))")
NUMBERED = re.compile(r"\bdesign,? (?:section )?\d", re.IGNORECASE)  # a document that is not in the project
OTHER_FILES = ("pyproject.toml", "Makefile", ".ci/run", ".pre-commit-config.yaml")


def one_line(text: str) -> str:
    """Return code as one line, so that a citation may be broken where the line ends."""
    return re.sub(r"\s*\n\s*(?:#:? )?", " ", text)


def faults(text: str) -> Iterator[str]:
    """Yield a sentence for each citation that leads nowhere.

    After the page and a comma stands a heading, whole or up to its colon, and then perhaps the number of an
    equation. What begins with a small letter is no heading but the sentence going on.
    """
    for page, rest in CITED.findall(one_line(text)):
        path = f"docs/{page}"
        if path not in PAGES:
            yield f"there is no {path}."
        elif rest[:1].isupper():
            names = {name for whole in headings(PAGES[path]) for name in (whole, whole.partition(":")[0])}
            fits = [name for name in names if re.match(rf"{re.escape(name)}(?!\w)", rest)]
            if not fits:
                yield f'{path} has no heading "{rest}".'
                continue
            equation = EQUATION.match(rest[len(max(fits, key=len)) :])
            if equation and equation[1] not in PAGES[path]:
                yield f"{path} has no equation {equation[1]}."


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
    assert [path for path, text in sources().items() if NUMBERED.search(one_line(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "as docs/model.md, View A: the network, says",
        "(docs/model.md, View A).",
        "docs/model.md, View B, (B1)",
        "docs/model.md, What was tried\n    and measured",
        "# docs/model.md, What was tried\n# and measured",
        "docs/explanations.md, What stays frozen; and so on",
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
        "docs/model.md, Graphs",
        "docs/model.md, View B, (B99)",
        "docs/model.md, What stays\n    frozen",
        "docs/nothing/model.md",
    ],
)
def test_a_wrong_citation_is_found(text: str) -> None:
    assert len(list(faults(text))) == 1
