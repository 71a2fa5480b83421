"""The pages of the documentation: what they are called, their headings, sections, tables and links."""

import re
from collections.abc import Mapping

from tests.conftest import REPOSITORY

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,4} (.+)$", re.MULTILINE)

# Every page by its path: what a newcomer reads, and what README and docs/ lead to.
PAGES: Mapping[str, str] = {
    path.relative_to(REPOSITORY).as_posix(): path.read_text("utf-8")
    for path in [
        *(REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted((REPOSITORY / "docs").rglob("*.md")),
    ]
}


def headings(text: str) -> list[str]:
    """Return the headings of a page, none that stands in a block of code."""
    return HEADING.findall(FENCED.sub("", text))


def section(page: str, title: str) -> str:
    """Return the text under a heading, up to the next one of its rank or above."""
    found = re.search(rf"^(#+) {re.escape(title)}\n", PAGES[page], flags=re.MULTILINE)
    assert found, f"{page} has no heading {title!r}"
    return re.split(rf"^#{{1,{len(found[1])}}} ", PAGES[page][found.end() :], flags=re.MULTILINE)[0]


def rows(page: str, title: str) -> list[list[str]]:
    """Return the cells of the table in a section, without its head."""
    lines = [line for line in section(page, title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def links(text: str) -> list[str]:
    """Return where the links and pictures of a page lead, those to other sites left out."""
    found = re.findall(r"\]\(([^)\s]+)\)", FENCED.sub("", text))
    return [target for target in found if "://" not in target]


def anchor(heading: str) -> str:
    """Return the anchor that a heading has on GitHub."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
