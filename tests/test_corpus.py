"""Damaged files of every kind end in sentences or in a report, and never touch the store."""

import warnings

import pytest

from finrec_core.dataset import IntakeError, Source, read_files, textfile
from finrec_core.store import Store
from tests.cli.conftest import run
from tests.corpus import GOOD, corpus

FILES = list(corpus())
KINDS = sorted({kind for kind, _, _ in FILES})


@pytest.fixture(autouse=True)
def bounded(monkeypatch):
    monkeypatch.setattr(textfile, "UNPACKED_LIMIT", 30_000_000)
    monkeypatch.setattr(textfile, "LINE_LIMIT", 1 << 21)


def test_the_corpus_is_large_enough():
    assert len(FILES) >= 200
    assert len(KINDS) >= 40


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_gives_sentences(kind):
    for name, content in [(name, content) for one, name, content in FILES if one == kind]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                found = read_files([Source(name, content)])
            except IntakeError as error:
                sentence = str(error)
                assert name in sentence, sentence
                assert sentence.endswith("."), sentence
                assert "\n" not in sentence
                assert len(sentence) < 1500, sentence[:200]
                continue
        assert found.rows_read == found.rows_clean + found.rows_repaired + found.rows_rejected
        for row in found.rejects.to_pylist() + found.repairs.to_pylist():
            assert row["file"].startswith(name)
            assert row["line"] >= 1
            assert row["reason"]


def test_the_store_keeps_what_it_had(tmp_path):
    folder = tmp_path / "finrec.duckdb"
    with Store(folder) as store:
        store.add_dataset(read_files([Source("good.csv", GOOD)]), source="good.csv", user="ann")
        before = [(one.label, one.content_hash, one.interactions) for one in store.datasets()]
        for kind in KINDS:
            name, content = next((name, content) for one, name, content in FILES if one == kind)
            try:
                read_files([Source(name, content)])
            except IntakeError:
                continue
        assert [(one.label, one.content_hash, one.interactions) for one in store.datasets()] == before


@pytest.mark.parametrize("kind", ["cut anywhere", "gz of no gz", "zip that climbs out", "empty", "noise"])
def test_the_command_line_says_one_sentence(kind, tmp_path):
    name, content = next((name, content) for one, name, content in FILES if one == kind)
    (tmp_path / name).write_bytes(content)
    outcome = run("import", tmp_path / name, "--store", tmp_path / "store")
    if kind != "cut anywhere":
        assert outcome.code == 2
    assert "Traceback" not in outcome.out + outcome.err
