"""Reading the logs: by query, page by page, in brief, by id; and writing them from many threads at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from finrec_core.store import LogQuery, Store, StoreError
from finrec_core.store.log import START
from tests.store.conftest import HOSTILE


def decide(store, number=0, **changes):
    values = {"kind": "accept", "client": "c1", "product": "p1", "run": "r1", "user": "ana"} | changes
    return store.add_decision(
        content={"decision": {"note": HOSTILE, "rank": number}, "snapshot": {}}, **values
    )


def places(rows):
    return [row.sequence for row in rows]


def test_a_query_asks_for_any_of_its_fields(store):
    for changes in (
        {},
        {"client": "c2"},
        {"product": "p2"},
        {"kind": "reject"},
        {"user": "bo"},
        {"run": "r2"},
    ):
        decide(store, **changes)
    for number, asked in enumerate(
        [{"client": "c2"}, {"product": "p2"}, {"kind": "reject"}, {"user": "bo"}, {"run": "r2"}], start=2
    ):
        assert places(store.decisions(query=LogQuery(**asked))) == [number]
    assert places(store.decisions(query=LogQuery(client="c1", kind="accept", user="ana", run="r1"))) == [3, 1]
    assert store.decisions(query=LogQuery(client="' OR 1=1 --")) == []
    assert len(store.decisions(query=LogQuery())) == 6


def test_a_query_for_a_time_counts_its_beginning_in_and_its_end_out(store):
    rows = [decide(store, number) for number in range(3)]
    when = rows[1].created
    assert places(store.decisions(query=LogQuery(since=when))) == [3, 2]
    assert places(store.decisions(query=LogQuery(until=when))) == [1]
    elsewhere = when.astimezone(timezone(timedelta(hours=5)))
    assert places(store.decisions(query=LogQuery(since=elsewhere, until=elsewhere))) == []
    with pytest.raises(ValueError, match="zone"):
        store.decisions(query=LogQuery(since=datetime(2026, 1, 1)))
    assert store.decisions(query=LogQuery(since=datetime(2200, 1, 1, tzinfo=UTC))) == []


def test_pages_follow_each_other(store):
    for number in range(7):
        decide(store, number)
    first = store.decisions(query=LogQuery(client="c1"), limit=3)
    second = store.decisions(query=replace(LogQuery(client="c1"), before=first[-1].sequence), limit=3)
    assert places(first + second) == [7, 6, 5, 4, 3, 2]


def test_one_row_by_its_id(store):
    rows = [decide(store, number) for number in range(2)]
    assert store.decision(rows[0].id) == rows[0]
    with pytest.raises(StoreError, match='no entry "nothing"'):
        store.decision("nothing")


def test_rows_in_brief_hold_the_decision_alone(store):
    rows = [decide(store, number) for number in range(3)]
    brief = store.decisions_in_brief()
    assert [row.content for row in brief] == [row.content["decision"] for row in rows]
    assert brief == [replace(row, content=row.content["decision"], stored="") for row in rows]
    assert places(store.decisions_in_brief(after=2)) == [3]
    store.add_decision(kind="old", client="c", product="p", run="r", content={"rank": 1})
    assert store.decisions_in_brief(after=3)[0].content == {}


def test_the_last_list_of_each_client(store):
    for client in ("c1", "c2", "c1", "c3", "c2"):
        store.log_shown(client=client, run="r1", content={"for": client})
    assert [(row.sequence, row.client) for row in store.last_shown(10)] == [(5, "c2"), (4, "c3"), (3, "c1")]
    assert places(store.last_shown(2)) == [5, 4]
    assert places(store.shown("c1", limit=1)) == [3]


def test_the_newest_hash_of_each_log(store):
    assert store.heads() == {"decisions": START, "shown": START}
    row = decide(store)
    assert store.heads() == {"decisions": row.hash, "shown": START}
    assert store.heads()["decisions"] != decide(store).hash


def test_a_check_sees_what_was_decided_on_the_same_client_and_product_and_can_refuse(store):
    decide(store, 1)
    decide(store, 2, client="c2")
    decide(store, 3)
    seen = []

    def refuse(rows):
        seen.extend(places(rows))
        raise KeyError("no")

    before = store.heads()
    with pytest.raises(KeyError):
        decide(store, check=refuse)
    assert seen == [1, 3]
    assert store.heads() == before
    assert decide(store, check=lambda rows: None).sequence == 4


def test_many_threads_append_to_one_chain(tmp_path):
    with Store(tmp_path / "s.duckdb") as store:

        def work(thread):
            for number in range(10):
                decide(store, number, user=f"u{thread}")
                store.log_shown(client=f"c{thread}", run="r", content={"n": number})

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(work, range(8)))
        assert places(store.decisions()) == list(range(80, 0, -1))
        assert len({row.previous for row in store.decisions()}) == 80
        assert store.verify() == ()
        for thread in range(8):
            mine = store.decisions(query=LogQuery(user=f"u{thread}"))
            assert [row.content["decision"]["rank"] for row in mine] == list(range(9, -1, -1))


def test_of_two_threads_that_may_write_once_only_one_does(store):
    def once(rows):
        if rows:
            raise KeyError("there is one already")

    def work(_):
        try:
            return decide(store, check=once)
        except KeyError:
            return None

    with ThreadPoolExecutor(8) as threads:
        written = [row for row in threads.map(work, range(8)) if row]
    assert len(written) == 1
    assert store.decisions() == written


def test_rows_stay_readable_when_their_dataset_is_gone(store, bank):
    version = store.add_dataset(bank)
    row = decide(store)
    store.remove_dataset(version.name, version.version)
    assert store.decision(row.id) == row
    assert store.verify() == ()


def test_the_ranks_shown_are_read_without_the_rest(store):
    ids = [
        store.add_decision(
            kind="accept",
            client="c1",
            product=f"p{k}",
            run="r1",
            content={"decision": {"note": HOSTILE}} | ({} if shown is None else {"snapshot": shown}),
        ).id
        for k, shown in enumerate([{"rank": 7}, {"rank": None}, {"rank": "seven"}, None])
    ]
    assert store.decision_ranks() == {ids[0]: 7, ids[1]: None, ids[2]: None}


def test_lists_shown_in_brief_are_all_there_without_what_stood_on_them(store):
    rows = [
        store.log_shown(client=f"c{k}", run="r1", content={"snapshot": {"big": "x" * 100}}) for k in range(3)
    ]
    brief = store.shown_in_brief()
    assert [(row.id, row.client, row.created) for row in brief] == [
        (row.id, row.client, row.created) for row in rows
    ]
    assert all(not row.content for row in brief)
    assert [row.sequence for row in store.shown_in_brief(after=2)] == [3]
