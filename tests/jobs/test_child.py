"""The child's own part, run inside the test: what it reads, what it writes, how it fails."""

import json
import os
import subprocess
import sys
import textwrap

import pytest

from finrec_core.dataset import DatasetError
from finrec_core.jobs import child, memory, record, state
from finrec_core.jobs.order import NOUNS
from finrec_core.jobs.usage import Usage
from finrec_core.text import EncoderError
from tests.conftest import REPOSITORY
from tests.jobs.conftest import Fake
from tests.store.conftest import make_bank

JOB = {
    "run": "r1",
    "dataset": "demo",
    "version": 2,
    "content_hash": "ab",
    "created": "2026-01-01T12:00:00+00:00",
    "seed": 7,
    "encoder": "quick",
    "thorough": False,
    "compare": True,
    "device": "cpu",
    "user": "ana",
}


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    """Keep this process, which stands in for a child's, as important and as open as it was."""
    monkeypatch.setattr(child.os, "nice", lambda by: by)
    monkeypatch.setattr(memory, "FIRST", "0")
    mask = os.umask(0o022)
    os.umask(mask)
    yield
    os.umask(mask)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "r1"
    make_bank().save(folder / "dataset")
    record.write(folder / "job.json", JOB)
    return folder


def test_the_result_holds_what_the_store_keeps_and_comes_last(folder):
    child.run(folder, make=Fake)
    result = json.loads((folder / "result.json").read_text())
    assert 0 <= result.pop("seconds") < 60
    assert result == {
        "run": "r1", "dataset": "demo", "version": 2, "content_hash": "ab", "created": JOB["created"],
        "encoder": "quick", "seed": 7, "user": "ana",
        "metrics": {"ndcg@20": {"value": 0.25, "ci95": [None, 0.5]}, "rows": [1, None]},
        "constants": {"share": 0.2, "steps": [60, 0], "sigma": None},
    }  # fmt: skip
    lines = [json.loads(line) for line in (folder / "progress.jsonl").read_text().splitlines()]
    checks, lines = ([line for line in lines if ("network" in line) == told] for told in (True, False))
    assert [(line["network"], line["step"], line["figure"]) for line in checks] == [(1, 0, 0.1), (1, 5, 0.2)]
    usage = Usage.load(folder)
    assert (usage.clients, usage.tokens, usage.seconds) == (3, 12, {"choose": 1.5})
    assert usage.memory > 10_000_000
    assert [line["stage"] for line in lines] == [
        "Starting",
        "Reading the data",
        "training the network",
        "Saved",
    ]
    assert [line["share"] for line in lines] == [0.0, 0.0, 0.25, 1.0]
    assert record.read(folder / "run.json") == {"run": "r1"}


def test_an_encoder_in_a_folder_is_named_without_its_place(folder, tmp_path):
    (tmp_path / "models" / "quick").mkdir(parents=True)
    record.write(folder / "job.json", JOB | {"encoder": str(tmp_path / "models" / "quick")})
    child.run(folder, make=Fake)
    assert record.read(folder / "result.json")["encoder"] == "quick"


def test_a_failure_writes_no_result(folder):
    record.write(folder / "job.json", JOB | {"encoder": "value"})
    with pytest.raises(ValueError, match="no client with 3 products"):
        child.run(folder, make=Fake)
    assert not (folder / "result.json").exists()


@pytest.mark.parametrize("error", [EncoderError, FloatingPointError, ValueError])
def test_what_a_person_can_mend_ends_as_a_sentence(folder, error):
    """Guards against a training that ends as a traceback where its encoder fails."""

    def broken(job):
        raise error("The texts cannot be read.")

    assert child.main(folder, broken) == 1
    assert (folder / "error.txt").read_text() == "The texts cannot be read."


def test_a_folder_without_a_job_or_data_is_one_sentence(folder, tmp_path):
    with pytest.raises(ValueError, match=r"no readable job\.json"):
        child.run(tmp_path, make=Fake)
    (folder / "dataset" / "ties.parquet").write_bytes(b"PAR1")
    with pytest.raises(DatasetError, match="readable dataset"):
        child.run(folder, make=Fake)


def test_the_jobs_room_does_not_import_torch():
    script = "import sys, finrec_core.jobs, finrec_core.jobs.child; print(sorted(sys.modules))"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "'finrec_core.jobs.child'" in said
    for heavy in ("torch", "dgl", "transformers", "pandas", "streamlit", "finrec_core.recommender"):
        assert f"'{heavy}'" not in said


@pytest.mark.parametrize("kind", NOUNS)
def test_a_job_of_any_kind_works_under_a_limit_of_memory(folder, kind, monkeypatch):
    watched = []

    class Watch(memory.Watch):
        def __enter__(self):
            watched.append((self._limit, self._sentence))
            return self

        def __exit__(self, *_):
            watched.append("closed")

    record.write(folder / "job.json", JOB | {"kind": kind})
    monkeypatch.setattr(memory, "Watch", Watch)
    monkeypatch.setattr(child, "run", lambda *_: watched.append("run"))
    assert child.main(folder) == 0
    (limit, sentence), *rest = watched
    assert rest == ["run", "closed"]
    assert 0 < limit < 10_000
    assert sentence.startswith("Reading these files" if kind == "import" else f"The {NOUNS[kind]} ran out of")
    assert sentence.endswith(".")


def test_a_child_that_takes_more_memory_than_it_may_ends_with_one_sentence(folder):
    script = f"""
        import sys
        from pathlib import Path
        from finrec_core.jobs import memory
        from tests.jobs.conftest import Fake
        import finrec_core.jobs.child as child
        sys.exit(child.main(Path({str(folder)!r}), make=Fake))
    """
    record.write(folder / "job.json", JOB | {"encoder": "slow"})
    environment = os.environ | {"FINREC_JOB_MEMORY": "0.02", "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, env=environment, timeout=120, check=False)
    assert done.returncode == 1
    said = state.read(folder)
    assert said.status == "failed"
    assert said.message == (
        "The training ran out of memory: it took more than the 0.02 GB that it may have. Whoever runs finrec "
        "can change that by FINREC_JOB_MEMORY."
    )
    assert said.advice.startswith("Close other programs")


@pytest.mark.parametrize(
    "error", [MemoryError("no"), RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")]
)
def test_a_library_that_gets_no_memory_is_one_sentence(folder, error, monkeypatch):
    def refuse(*_):
        raise error

    monkeypatch.setattr(child, "run", refuse)
    assert child.main(folder) == 1
    assert (folder / "error.txt").read_text() == "The training ran out of memory or was killed from outside."
