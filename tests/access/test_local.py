"""The local command: the table holds it as it holds the pages, with and without sign-in."""

import pytest

from finrec_core.access import AccessError, local
from finrec_core.access.table import ACCOUNT, STORE
from finrec_core.store.counter import COPY, READING

OPEN = {"verify", "verification", "ledger", COPY}


@pytest.mark.parametrize("name", sorted({*READING, COPY}))
def test_without_sign_in_the_one_person_of_the_desk_reads_all(name):
    local.check(name, signing_in=False)


def test_where_people_sign_in_a_command_looks_after_the_desk_and_sees_no_client():
    asked = set()
    for name in {*READING, COPY}:
        try:
            local.check(name, signing_in=True)
        except AccessError as error:
            assert "People sign in at this desk, so no command may " in str(error)  # noqa: PT017
            assert "\n" not in str(error)  # noqa: PT017
        else:
            asked.add(name)
    assert asked == OPEN | {name for name in READING if name in STORE and STORE[name] is None}
    assert not asked & {
        "decisions",
        "shown",
        "search_clients",
        "traces",
        "erasures",
        "snapshot",
        "last_shown",
    }
    assert {"operate", "verify"} == ACCOUNT


@pytest.mark.parametrize("signing_in", [True, False])
def test_what_the_table_lacks_is_nobodys(signing_in):
    with pytest.raises(AccessError, match="No command may ask"):
        local.check("close", signing_in=signing_in)
