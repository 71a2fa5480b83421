"""A run without one client: it loads, its lenses add up, and nothing in its folder names the client."""

import errno
import json
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from finrec_core import erasure, run_folder
from finrec_core.dataset import Dataset, csv_report
from finrec_core.erasure import DRAFT, erase, holds, recover
from finrec_core.model.closed_form import solve
from finrec_core.recommender import FusedRecommender
from finrec_core.terms import swap
from tests.test_recommender import clients_with_products, exact
from tests.test_run_folder import by_tf_idf  # noqa: F401 - the fixture

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
WORD = "zyzzyva"  # stands in one review only


@pytest.fixture
def saved(by_tf_idf, tmp_path):  # noqa: F811 - the fixture
    folder = tmp_path / "20260301-091200-000"
    by_tf_idf.run = folder.name
    by_tf_idf.save(folder)
    return folder


@pytest.fixture
def client(by_tf_idf):  # noqa: F811
    """A client with products, a review and a tie."""
    data = by_tf_idf.dataset
    tied = set(data.ties["client_id"].to_pylist())
    rows = data.interactions.to_pylist()
    return next(row["client_id"] for row in rows if row["review"] and row["client_id"] in tied)


def test_the_run_loads_and_both_lenses_add_up(saved, client):
    old = FusedRecommender.load(saved)
    assert holds(saved, client)
    erase(saved, client, WHEN)
    assert not holds(saved, client)
    new = FusedRecommender.load(saved)
    assert client not in new.dataset.client_rows
    assert len(new.dataset.clients) == len(old.dataset.clients) - 1
    for _, other in clients_with_products(new, 6):
        for product in [new.recommend(other, k=1)[0].product, new.held(other)[0]]:
            found = new.explain(other, product, words=2)
            assert exact(found.client_lens)
            assert exact(found.product_lens)
            people = {part.id for part in found.product_lens.contributions if part.kind == "client"}
            assert client not in people
            for lens in (found.client_lens, found.product_lens):
                assert all(not part.words or part.word_error <= 1e-4 for part in lens.contributions)


def test_closed_form_weights_are_those_of_the_data_without_the_client(saved, client):
    erase(saved, client, WHEN)
    model = FusedRecommender.load(saved).model
    anew = solve(model.evidence, model.constants.closed_form)
    assert np.allclose(model.view("closed_form").form.inverse.matrix, anew.inverse.matrix, atol=1e-12)


def test_run_json_says_when_and_keeps_what_it_said(saved, client):
    before = json.loads((saved / "run.json").read_text("utf-8"))
    (saved / "run.json").write_text(json.dumps(before | {"created": "2026-01-01T00:00:00+00:00"}), "utf-8")
    (saved / "result.json").write_text("{}")
    erase(saved, client, WHEN)
    after = json.loads((saved / "run.json").read_text("utf-8"))
    assert after["erased"] == ["2026-03-01T00:00:00+00:00"]
    assert after["created"] == "2026-01-01T00:00:00+00:00"
    assert after["dataset"]["content_hash"] == Dataset.load(saved / "dataset").content_hash
    assert (saved / "result.json").read_text() == "{}"
    assert sorted(path.name for path in saved.parent.iterdir()) == [saved.name]


def test_tables_by_client_and_lists_lose_its_rows_only(saved, client):
    rows = pa.table({"client_id": [client, "other"], "ndcg@20": [0.1, 0.2]})
    pq.write_table(rows, saved / "per_client.parquet")
    lists = pa.table({"client": [client, "a,b", client], "product": ["=1", "p\n2", "p3"]})
    (saved / "lists.csv").write_bytes(csv_report(lists))
    erase(saved, client, WHEN)
    assert pq.read_table(saved / "per_client.parquet")["client_id"].to_pylist() == ["other"]
    text = (saved / "lists.csv").read_bytes()
    assert text == csv_report(lists.filter(pa.array([False, True, False])))


def test_words_that_the_client_alone_wrote_are_gone(by_tf_idf, client):  # noqa: F811
    encoder = by_tf_idf._encoder
    text = next(text for text in by_tf_idf.dataset.review_texts if text)
    narrowed = encoder.narrowed([text])
    assert narrowed.dim == encoder.dim
    assert len(narrowed._rows) < len(encoder._rows)
    assert np.array_equal(narrowed.pool([text]).vectors, encoder.pool([text]).vectors)


def test_a_folder_that_holds_data_only_is_rewritten_too(saved, client):
    for path in saved.iterdir():
        if path.name != "dataset":
            path.unlink()
    (saved / "job.json").write_text("{}")
    erase(saved, client, WHEN)
    assert client not in Dataset.load(saved / "dataset").client_rows
    assert (saved / "job.json").exists()


def test_of_a_damaged_run_nothing_stays_that_could_tell(saved, client):
    (saved / "model.safetensors").write_bytes(b"damaged")
    erase(saved, client, WHEN)
    left = sorted(path.name for path in saved.iterdir() if path.suffix in (".safetensors", ".parquet"))
    assert left == ["per_client.parquet"]  # figures by client, without this one's
    assert client not in pq.read_table(saved / left[0])["client_id"].to_pylist()
    assert not (saved / "run.json").exists()
    assert client not in Dataset.load(saved / "dataset").client_rows
    (saved / "dataset" / "clients.parquet").write_bytes(b"damaged")
    assert holds(saved, client)
    erase(saved, client, WHEN)
    assert not (saved / "dataset").exists()


@pytest.mark.parametrize("step", ["before the swap", "between the names", "after the swap"])
def test_a_sudden_end_leaves_the_old_folder_or_the_new_one(saved, client, step, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(erasure.shutil, "rmtree", lambda *_, **__: None)  # nothing is tidied up after a kill
        if step == "before the swap":
            patch.setattr(erasure, "_erase_run", killed)
        elif step == "between the names":  # on a disk that knows no exchange
            rename = type(saved).rename

            def once(self, to):
                if self.name.startswith(DRAFT):
                    raise Killed
                return rename(self, to)

            patch.setattr(type(saved), "rename", once)
            patch.setattr(swap, "_exchange", lambda *_: errno.EINVAL)
        else:
            exchange = swap.swap

            def then_killed(made, place):
                exchange(made, place)
                raise Killed

            patch.setattr(erasure.swap, "swap", then_killed)
        with pytest.raises(Killed):
            erase(saved, client, WHEN)
    recover(saved.parent)
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
    assert holds(saved, client) == (step != "after the swap")
    FusedRecommender.load(saved)


def test_a_model_that_the_machine_cannot_read_just_now_stays(saved, client, monkeypatch):
    def too_many(*_):
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(run_folder.pq, "read_table", too_many)
        with pytest.raises(OSError, match="Too many"):
            erase(saved, client, WHEN)
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
    assert holds(saved, client)
    FusedRecommender.load(saved)


def test_what_is_noted_while_a_folder_is_written_anew_stays(saved, client, monkeypatch):
    write = erasure._write

    def then_dismissed(*arguments):
        write(*arguments)
        (saved / "dismissed").touch()

    monkeypatch.setattr(erasure, "_write", then_dismissed)
    erase(saved, client, WHEN)
    assert (saved / "dismissed").exists()
    assert not holds(saved, client)


def test_whoever_loads_a_model_while_it_is_swapped_gets_one_of_the_two(saved, client, monkeypatch):
    """The folder is put in place after half of its files were read."""
    read = run_folder.pq.read_table
    done = []

    def then_erased(path):
        if not done:
            done.append(1)
            erase(saved, client, WHEN)
        return read(path)

    monkeypatch.setattr(run_folder.pq, "read_table", then_erased)
    assert client not in FusedRecommender.load(saved).dataset.client_rows
