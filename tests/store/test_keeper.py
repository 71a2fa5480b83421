"""The keeper: anchors while a store is open, once more at its end, and says what went wrong."""

import time

from finrec_core.store import Store, anchor
from finrec_core.store.keeper import Keeper


def test_it_anchors_from_time_to_time_and_at_the_end(tmp_path):
    with Store(tmp_path / "s.duckdb") as store:
        store.add_rules({}, user="cora")
        keeper = Keeper(store, minutes=0.001)
        end = time.monotonic() + 30
        while store.last_anchor() is None and time.monotonic() < end:
            time.sleep(0.02)
        assert store.last_anchor() is not None
        keeper.close()
        late = Keeper(store, minutes=1000)
        store.add_rules({"more": 1}, user="cora")
        late.close()
        late.close()
        assert len(anchor.read(store.anchors_file).anchors) == 2
        assert store.verify() == ()


def test_none_at_all_where_that_is_set(tmp_path):
    with Store(tmp_path / "s.duckdb") as store:
        store.add_rules({}, user="cora")
        Keeper(store, minutes=0).close()
        assert not store.anchors_file.exists()


def test_what_cannot_be_written_is_told(tmp_path):
    with Store(tmp_path / "s.duckdb") as store:
        store.add_rules({}, user="cora")
        store.anchors_file.mkdir()
        keeper = Keeper(store, minutes=1000)
        keeper.close()
        assert "cannot be read" in keeper.failure
