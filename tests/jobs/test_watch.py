"""The watch: what waits starts though nobody who is told of the end of the job before is left."""

from finrec_core import jobs
from finrec_core.jobs import Training, slot
from finrec_core.jobs.queue import _watched


def test_what_waits_starts_when_another_desks_job_has_ended(store, fake, until):
    # A job that a desk before this one started: it holds the slot, and this process hears of no end.
    with slot.take(store.runs_folder) as held:
        assert held is not None
        line = [jobs.enqueue(store, Training(seed=seed, encoder="quick")) for seed in (1, 2)]
        for _ in range(3):
            jobs.watch(store.runs_folder)
        assert [job.state().status for job in line] == ["queued", "queued"]
        assert _watched == {store.runs_folder}
    until(lambda: not jobs.waiting(store.runs_folder))
    assert until(lambda: [job.state().status for job in line] == ["finished", "finished"])
    assert until(lambda: not _watched)


def test_nothing_is_watched_where_nothing_waits(store):
    jobs.watch(store.runs_folder)
    assert _watched == set()
