"""The log takes nothing about a client whose data was erased, and takes it again once the client is back."""

import pytest

from finrec_core.store import StoreError
from tests.store.conftest import make_bank, make_run

RUN = "20260101-000000-000"


def record(store, client="c1", run=RUN):
    return store.add_decision(kind="accept", client=client, product="p1", run=run, content={})


@pytest.fixture
def learned(store, run_folder):
    store.add_dataset(make_bank())
    run_folder(RUN)
    store.add_run(make_run(RUN))
    return store


def test_nothing_is_recorded_of_a_client_once_it_is_erased(learned):
    assert learned.present("c1", RUN)
    record(learned)
    learned.log_shown(client="c1", run=RUN, content={})
    heads = learned.heads()
    learned.erase_client("c1", reason="asked")
    assert not learned.present("c1", RUN)
    for write in (record, lambda store: store.log_shown(client="c1", run=RUN, content={})):
        with pytest.raises(StoreError, match='data of client "c1" was erased'):
            write(learned)
    with pytest.raises(StoreError, match="was erased"):  # nor with a run that the store does not know
        record(learned, run="elsewhere")
    assert learned.heads() == heads
    record(learned, client="c2")


def test_a_client_that_is_brought_back_counts_with_the_versions_that_hold_it(learned):
    learned.erase_client("c1", reason="asked")
    learned.add_dataset(make_bank())
    with pytest.raises(StoreError, match="was erased"):  # the model of before still shows what was erased
        record(learned)
    assert record(learned, run="elsewhere").sequence == 1


def test_a_client_stays_where_only_a_version_is_removed(learned):
    learned.add_dataset(make_bank(clients=4))
    learned.remove_dataset("demo", 1)
    assert record(learned).sequence == 1
    learned.erase_client("c1", reason="asked")
    assert not learned.present("c1", RUN)


@pytest.mark.parametrize("client", ["c9", "", "'; DROP TABLE clients; --", "c1\u202e"])
def test_a_name_that_was_never_erased_is_no_business_of_it(learned, client):
    learned.erase_client("c1", reason="asked")
    assert learned.present(client, RUN)
