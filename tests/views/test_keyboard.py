"""The script that hears the keys: what Streamlit and the policy of the page let through."""

import re

from finrec_core.views.keyboard import HEARD
from pages.frame import server
from tests.conftest import REPOSITORY


def test_the_policy_of_the_page_names_the_script_as_it_is() -> None:
    from finrec_core.views.recommendation.drawing import hashed

    assert hashed(HEARD) in server.scripts()
    assert hashed(HEARD + " ") not in server.scripts()


def test_nothing_in_it_is_taken_for_markup() -> None:
    # Guards: Streamlit drops a script whole that holds what looks like the beginning of an element.
    assert re.search(r"<[/\w!]", HEARD) is None


def test_it_presses_only_buttons_that_the_pages_have() -> None:
    pages = "".join(path.read_text("utf-8") for path in (REPOSITORY / "pages").rglob("*.py"))
    pressed = set(re.findall(r'one\(["`]([a-z-]+)', HEARD))
    assert {"search-open", "keys-open", "match-", "decide-"} <= pressed
    assert [key for key in pressed if f'"{key}' not in pages] == []
