"""Bad state in a folder, on the disk or of the clock: one part fails and says so, the rest works."""

import errno
import json
import os
import resource
import shutil
import signal
from datetime import UTC, datetime, timedelta

import pytest

from finrec_core import jobs, run_folder
from finrec_core.cli import application
from finrec_core.dataset import Dataset
from finrec_core.jobs import queue, record, state
from finrec_core.jobs.usage import latest
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, Store, StoreError, datasets
from finrec_core.views.model import figures, orders
from pages.frame import desk as frame
from tests import desk, tied
from tests.store.conftest import make_bank

WRONG = [None, "x", -1, 1e308, [], ["x"], {}, {"x": None}, True]
DEEP = "[" * 200_000
GOOD, BAD = "20260301-000000-000", "20260302-000000-000"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
ORDER = {
    **{"kind": "train", "run": BAD, "created": NOW.isoformat(), "user": "ana", "dataset": "d", "version": 1},
    **{"content_hash": "ab", "seed": 0, "encoder": "tf-idf", "thorough": False, "compare": True},
    **{"switches": {"ties": False}, "source": {"name": "d"}, "k": 3, "reasons": True, "arms": ["ease"]},
    **{"erasures": [], "model": GOOD, "format": "csv"},
}
RESULT = {
    **{"run": BAD, "dataset": "d", "version": 1, "content_hash": "ab", "created": NOW.isoformat()},
    **{"seconds": 1.0, "encoder": "tf-idf", "seed": 0, "metrics": {}, "constants": {}, "user": "ana"},
    **{"file": "lists.csv", "rows": 1, "clients": 1, "protocols": {}, "done": {}, "left": {}},
}
LINE = {"stage": "a", "share": 0.5, "seconds": 1.0, "seconds_left": 2.0, "at": 1.0}
CHECK = {"network": 1, "stage": 0, "step": 5, "figure": 0.2}
PROCESS = {"pid": 1, "started": "x", "boot": ""}
USAGE = {
    **{"clients": 1, "products": 1, "interactions": 1, "tokens": 1, "thorough": False},
    **{"seconds": {}, "memory": 1},
}
FILES = {
    "job.json": ORDER,
    "result.json": RESULT,
    "process.json": PROCESS,
    "usage.json": USAGE,
    "progress.jsonl": LINE,
}


def looked_at(runs):
    """Look at all jobs as the pages do, and return how each stands."""
    jobs.current(runs), jobs.waiting(runs), jobs.failed(runs), list(latest(runs))
    found = {}
    for job in jobs.jobs(runs):
        found[job.run] = job.state()
        assert job.curve() is None or job.curve().checks
        job.listing(), job.created, job.log(), state.result(job.folder)
        assert all(words(job.order) for words in (orders.what, orders.running, orders.data, orders.settings))
    return found


@pytest.fixture
def runs(tmp_path):
    """Two jobs: a training that was cancelled, which has to stay readable, and one to be harmed."""
    for run in (GOOD, BAD):
        folder = tmp_path / "runs" / run
        folder.mkdir(parents=True)
        for name, values in FILES.items():
            (folder / name).write_text(json.dumps(values) + "\n")
    (folder.with_name(GOOD) / "result.json").unlink()
    (folder.with_name(GOOD) / "cancelled").touch()
    return tmp_path / "runs"


@pytest.mark.parametrize("kind", ["train", "compare", "batch", "erase"])
@pytest.mark.parametrize("name", FILES)
def test_a_value_of_another_type_harms_no_other_job(runs, name, kind):
    file = runs / BAD / name
    (runs / BAD / "job.json").write_text(json.dumps(ORDER | {"kind": kind}))
    values = FILES[name] | ({"kind": kind} if name == "job.json" else {})
    for key in values:
        for wrong in WRONG:
            harmed = values | {key: wrong}
            file.write_text(json.dumps(harmed) + "\n" + json.dumps(CHECK | {"step": wrong}) + "\n")
            if name != "progress.jsonl":
                file.write_text(json.dumps(harmed))
            found = looked_at(runs)
            assert found[GOOD].status == "cancelled", (key, wrong)
            bad = found.get(BAD)
            assert bad is None or bad.status != "failed" or bad.message.endswith("."), (key, wrong)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"x"', "NaN", DEEP, "\x00\xff", None])
@pytest.mark.parametrize("name", [*FILES, "log.txt", "error.txt"])
def test_half_a_file_or_a_folder_in_its_place_harms_no_other_job(runs, name, content):
    (runs / BAD / name).unlink(missing_ok=True)
    if content is None:
        (runs / BAD / name).mkdir()
    else:
        (runs / BAD / name).write_text(content)
    assert looked_at(runs)[GOOD].status == "cancelled"
    jobs.sweep(runs)


def test_a_process_with_an_impossible_number_is_none(runs):
    (runs / BAD / "result.json").unlink()
    for pid in (-1, 0, 2**70, True, "1"):
        (runs / BAD / "process.json").write_text(json.dumps(PROCESS | {"pid": pid}))
        assert looked_at(runs)[BAD].status in ("failed", "running")


def test_figures_of_another_shape_are_none():
    for wrong in WRONG:
        row = RunRow(
            run="r", dataset="d", version=1, content_hash="", created=NOW, seconds=1.0, encoder="e", seed=0,
            metrics={"protocols": wrong, "caveats": wrong},
        )  # fmt: skip
        deeper = RunRow(**vars(row) | {"metrics": {"protocols": {"per-client": {"arms": {"fused": wrong}}}}})
        for one in (row, deeper):
            assert figures.figure(one, "ndcg@20") == figures.with_interval(one, "ndcg@20") == "–"
            assert isinstance(figures.caveats(one), list)


@pytest.fixture(scope="module")
def saved(tmp_path_factory, recommender):
    folder = tmp_path_factory.mktemp("saved") / desk.RUN
    recommender.run = desk.RUN
    recommender.save(folder)
    return folder


def refusal(folder):
    """Return whether a run is refused, in a sentence that names its folder."""
    try:
        run_folder.load(folder)
    except RunFolderError as error:
        said = str(error)
    else:
        return False
    assert said.endswith(".")
    assert str(folder) in said
    return True


@pytest.mark.parametrize("name", ["run.json", "metrics.json"])
def test_a_run_with_a_value_of_another_type_loads_or_is_refused_in_a_sentence(saved, tmp_path, name):
    folder = tmp_path / desk.RUN
    shutil.copytree(saved, folder)
    values = json.loads((saved / name).read_text())
    refused = 0
    for key in values:
        for wrong in (None, "x", -1, [], {"x": None}):
            (folder / name).write_text(json.dumps(values | {key: wrong}))
            refused += refusal(folder)
        (folder / name).write_text(json.dumps({other: values[other] for other in values if other != key}))
        refused += refusal(folder)
    for content in ("", "{", "[]", DEEP):
        (folder / name).write_text(content)
        with pytest.raises(RunFolderError):
            run_folder.load(folder)
    assert name == "metrics.json" or refused > 30


def test_the_newest_version_is_that_with_the_highest_number_whatever_the_clock_says(tmp_path, monkeypatch):
    with Store(tmp_path / "finrec.duckdb") as store:
        for days in (0, -400, -200):
            monkeypatch.setattr(datasets, "now", lambda days=days: NOW + timedelta(days=days))
            store.add_dataset(make_bank())
        assert store.version().version == 3
        assert store.version("demo").version == 3
        assert [version.version for version in store.datasets()] == [3, 2, 1]
        other = Dataset(**{name: getattr(make_bank(), name) for name in datasets.TABLES}, name="other")
        monkeypatch.setattr(datasets, "now", lambda: NOW - timedelta(days=900))
        store.add_dataset(other)
        assert store.version().name == "other"


def test_a_job_of_a_clock_set_back_stands_behind_those_before_it(tmp_path, monkeypatch):
    ahead = (datetime.now(UTC) + timedelta(days=400)).strftime(queue.STAMP) + "-000"
    (tmp_path / ahead).mkdir()
    run, created, draft = queue._draft(tmp_path)
    assert run > ahead
    assert created < datetime.now(UTC) + timedelta(days=1)  # what it says of itself is the clock's
    (tmp_path / run).mkdir()
    record.write(tmp_path / run / "job.json", {"kind": "train"})
    os.utime(tmp_path / run / "job.json", (2e9, 2e9))  # made in what is the future now
    assert not state.running(tmp_path / run)
    draft.rmdir()


def on_a_full_disk(work):
    """Do something in a process whose files may not grow, and return what it said."""
    out, into = os.pipe()
    parent, child = os.getpid(), os.fork()
    if child == 0:
        try:
            tied.tie(parent)
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            os.write(into, work().encode())
        finally:
            os._exit(0)
    os.close(into)
    with os.fdopen(out) as said:
        found = said.read()
    os.waitpid(child, 0)
    return found


def test_on_a_full_disk_a_row_is_whole_or_absent_and_the_lock_is_released(tmp_path):
    file = tmp_path / "finrec.duckdb"

    def work():
        store = Store(file)
        store.log_shown(client="c", run="r", content={"n": 0})
        size = max(path.stat().st_size for path in tmp_path.glob("finrec.duckdb.wal"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 500, resource.RLIM_INFINITY))
        said = []
        for _ in range(3):
            try:
                store.log_shown(client="c", run="r", content={"text": "x" * 100_000})
            except StoreError as error:
                said.append(str(error))
        said.append(f"{len(store.shown())} rows")  # reading goes on
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        store.log_shown(client="c", run="r", content={"n": 1})
        store.close()
        return "\n".join(said)

    *refused, counted = on_a_full_disk(work).split("\n")
    assert len(refused) == 3
    assert all("the store failed" in said and said.endswith(".") for said in refused)
    assert counted == "1 rows"
    with Store(file) as store:  # which the other process has let go
        assert store.verify() == ()
        assert [row.content for row in store.shown()] == [{"n": 1}, {"n": 0}]


def test_on_a_full_disk_the_store_opens_and_closes_without_the_words_about_its_owner(tmp_path, monkeypatch):
    file = tmp_path / "finrec.duckdb"
    Store(file).close()

    def work():
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        with Store(file) as store:
            return f"{len(store.datasets())} datasets"

    assert on_a_full_disk(work) == "0 datasets"
    Store(file).close()


@pytest.mark.parametrize("code", sorted(application.MACHINES))
def test_what_a_disk_refuses_is_no_fault_of_finrec(code, monkeypatch, capsys):
    def refuse(**_):
        raise OSError(code, os.strerror(code), "a/file")

    monkeypatch.setattr(application, "get_command", lambda _: refuse)
    with pytest.raises(SystemExit) as end:
        application.main(["demo"])
    said = capsys.readouterr().err
    assert end.value.code == application.CALLERS_FAULT
    assert said.count("\n") == 1
    assert said.startswith("a/file: ")
    assert "fault of finrec" not in said


@pytest.mark.parametrize("part", ["collect", "settle_erasures", "watch"])
def test_a_part_of_a_page_run_that_fails_says_so_and_the_others_go_on(tmp_path, part, monkeypatch):
    called = []
    with Store(tmp_path / "finrec.duckdb") as store:
        monkeypatch.setattr(frame, "store", lambda: store)
        for name in ("collect", "settle_erasures", "watch"):

            def work(*_, name=name, **__):
                called.append(name)
                if name == part:
                    raise OSError(errno.EROFS, "Read-only file system")

            monkeypatch.setattr(jobs, name, work)
        said = frame.collect()
    assert called == ["collect", "settle_erasures", "watch"]
    assert said == ["The folder of runs cannot be used (Read-only file system)."]


def test_a_read_only_disk_keeps_no_desk_from_opening(runs, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    (runs / BAD / "result.json").unlink()
    monkeypatch.setattr(record, "write_text", refuse)
    monkeypatch.setattr("finrec_core.jobs.slot.take", refuse)
    assert jobs.sweep(runs) == []
    with pytest.raises(jobs.JobError, match="Read-only"):
        jobs.Job(runs / BAD).dismiss()
    assert looked_at(runs)[BAD].status == "failed"
