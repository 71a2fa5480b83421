"""Damaged files of every kind end in sentences or in a report, and never touch what the store had."""

import hashlib
import warnings
from pathlib import Path

import pytest

from finrec_core.intake import IntakeError, Source, read_files
from finrec_core.store import Store
from tests.cli.conftest import done, run
from tests.corpus import GOOD, corpus

FILES = list(corpus())
KINDS = sorted({kind for kind, _, _ in FILES})


def of(kind: str) -> list[tuple[str, bytes]]:
    return [(name, content) for one, name, content in FILES if one == kind]


def a_sentence(text: str) -> bool:
    return text.endswith(".") and "\n" not in text and len(text) < 1500 and "Traceback" not in text


def test_the_corpus_is_large_enough():
    assert len(FILES) >= 200
    assert len(KINDS) >= 40
    assert len({hashlib.sha256(content).digest() for _, _, content in FILES}) >= 200


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_gives_sentences(kind):
    for name, content in of(kind):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                found = read_files([Source(name, content)])
            except IntakeError as error:
                said = str(error)
                assert (name in said, a_sentence(said)) == (True, True), said[:200]
                continue
        assert found.rows_read == found.rows_clean + found.rows_repaired + found.rows_rejected
        for row in found.rejects.to_pylist() + found.repairs.to_pylist():
            assert row["file"].startswith(name)
            assert row["line"] >= 1
            assert row["reason"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "good.csv").write_bytes(GOOD)
    done("import", tmp_path / "good.csv", "--store", tmp_path / "finrec.duckdb")
    return tmp_path / "finrec.duckdb"


def versions(store: Path) -> dict[str, str]:
    """Return the content hash of each version, as its rows give it anew."""
    with Store(store) as opened:
        return {one.label: opened.dataset(one.name, one.version).content_hash for one in opened.datasets()}


@pytest.mark.parametrize("kind", KINDS)
def test_the_store_keeps_what_it_had(kind, store):
    before = versions(store)
    for name, content in of(kind):
        file = store.parent / name
        file.write_bytes(content)
        ended = run("import", file, "--store", store)
        now = versions(store)
        assert before.items() <= now.items()
        assert len(now) - len(before) == (ended.code == 0)  # all of it or nothing
        if ended.code:
            assert ended.code == 2
            assert a_sentence(ended.err.splitlines()[-1]), ended.err[:500]
        assert "Traceback" not in ended.out + ended.err
        before = now
