"""The table of who may do what in docs/security.md, which is the one that is checked."""

from finrec_core.access import ACTIONS, PAGES
from finrec_core.access.table import ROLES
from tests.docs.pages import rows


def test_the_table_of_actions_is_the_one_that_is_checked() -> None:
    told = {
        words: tuple(mark == "yes" for mark in marks) for words, *marks in rows("docs/security.md", "Actions")
    }
    assert told == {one.words: tuple(role in one.roles for role in ROLES) for one in ACTIONS.values()}


def test_the_table_of_pages_is_the_one_that_is_checked() -> None:
    told = {page.strip("`"): words for page, words in rows("docs/security.md", "Pages")}
    assert told == {
        page: "any role" if action is None else ACTIONS[action].words for page, action in PAGES.items()
    }
