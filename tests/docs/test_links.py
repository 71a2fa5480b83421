"""The pages among themselves: every link leads somewhere, and every page is led to from README."""

from pathlib import PurePosixPath

import pytest

from tests.conftest import REPOSITORY
from tests.docs.pages import PAGES, anchor, headings, links

MOST_README = 9_000  # bytes: what a newcomer reads in five minutes
WIDEST = 120  # characters of a line outside tables, links and code


def target_of(page: str, link: str) -> tuple[str, str]:
    """Return the path of the file that a link leads to, and the anchor in it."""
    path, _, place = link.partition("#")
    if not path:
        return page, place
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / path).parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts), place


@pytest.mark.parametrize("page", PAGES)
def test_every_link_resolves(page: str) -> None:
    for link in links(PAGES[page]):
        path, place = target_of(page, link)
        assert (REPOSITORY / path).exists(), f"{page}: {link}"
        if place:
            assert place in map(anchor, headings(PAGES[path])), f"{page}: {link}"


def test_readme_leads_to_every_page() -> None:
    found, ahead = {"README.md"}, ["README.md"]
    while ahead:
        page = ahead.pop()
        for path in {target_of(page, link)[0] for link in links(PAGES[page])} & PAGES.keys() - found:
            found.add(path)
            ahead.append(path)
    assert found == PAGES.keys()


def test_readme_is_read_in_five_minutes() -> None:
    assert len(PAGES["README.md"].encode()) <= MOST_README


@pytest.mark.parametrize("page", PAGES)
def test_lines_are_short_enough_to_read(page: str) -> None:
    plain = [line for line in PAGES[page].splitlines() if not line.startswith(("|", "    ", "!["))]
    assert [line for line in plain if len(line) > WIDEST] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_heading_stands_twice(page: str) -> None:
    own = [one for one in headings(PAGES[page]) if page != "CHANGELOG.md"]
    assert len(own) == len(set(own))


@pytest.mark.parametrize(
    ("page", "link", "target"),
    [
        ("README.md", "docs/model.md#graph", ("docs/model.md", "graph")),
        ("docs/decisions/README.md", "../model.md", ("docs/model.md", "")),
        ("docs/model.md", "#graph", ("docs/model.md", "graph")),
    ],
)
def test_a_link_is_followed_from_its_page(page: str, link: str, target: tuple[str, str]) -> None:
    assert target_of(page, link) == target
