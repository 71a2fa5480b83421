"""The run folder: words that TF-IDF read after loading, figures by client, and what is broken."""

import hashlib
import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import load_file, save_file

from finrec_core import __version__
from finrec_core.demo.bank import demo_bank
from finrec_core.erasure import erase
from finrec_core.model import Constants, NetworkConstants
from finrec_core.recommender import FusedRecommender
from finrec_core.run_folder import PER_CLIENT, RunFolderError, check_files, pair_runs, per_client
from finrec_core.text import TfIdf
from finrec_core.text.tf_idf import FILES
from tests.test_recommender import clients_with_products, exact


@pytest.fixture(scope="module")
def by_tf_idf(tmp_path_factory):
    bank = demo_bank(clients=120, products=40, seed=5)
    quick = FusedRecommender(seed=0, encoder="tf-idf", vectors=tmp_path_factory.mktemp("no vectors"))
    constants = Constants(network=NetworkConstants(dim=16, seeds=1, steps=(5, 3)))
    with pytest.MonkeyPatch.context() as patch:  # the search has its own tests
        chosen = SimpleNamespace(constants=constants, curve=())
        patch.setattr("finrec_core.evaluation.three_fits.choose", lambda *_args, **_more: chosen)
        return quick.fit(bank.dataset)


class TestTfIdf:
    def test_lenses_and_words_are_exact_before_and_after_loading(self, by_tf_idf, tmp_path):
        by_tf_idf.save(tmp_path)
        loaded = FusedRecommender.load(tmp_path)
        assert loaded.encoder_name == "tf-idf"
        for _, client in clients_with_products(by_tf_idf, 4):
            product = by_tf_idf.recommend(client, k=1)[0].product
            before, after = (one.explain(client, product, words=4) for one in (by_tf_idf, loaded))
            told = 0
            for lens in (before.client_lens, before.product_lens):
                assert exact(lens)
                for part in lens.contributions:
                    assert abs(sum(word.value for word in part.words) - part.text_value) <= 1e-6
                    assert (part.word_error or 0.0) <= 1e-4
                    told += len(part.words) > 1
            assert told
            assert before == after

    def test_it_stands_in_no_cache(self, by_tf_idf):
        assert not list(by_tf_idf.vectors.iterdir())

    @pytest.mark.parametrize("file", FILES)
    def test_a_damaged_or_missing_file_is_named_in_one_sentence(self, by_tf_idf, tmp_path, file):
        by_tf_idf.save(tmp_path)
        (tmp_path / file).write_bytes(b"\x00\x01 not this")
        with pytest.raises(RunFolderError, match=file) as caught:
            FusedRecommender.load(tmp_path)
        assert "\n" not in str(caught.value)
        (tmp_path / file).unlink()
        with pytest.raises(RunFolderError, match=file):
            FusedRecommender.load(tmp_path)

    def test_another_runs_files_are_refused(self, by_tf_idf, tmp_path):
        by_tf_idf.save(tmp_path)
        TfIdf.fit(["another text"]).save(tmp_path)
        unlisted(tmp_path)
        with pytest.raises(RunFolderError, match="another run's"):
            FusedRecommender.load(tmp_path)


def unlisted(folder):
    """Make a run one of those from before `run.json` listed the files beside it."""
    values = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({key: values[key] for key in values if key != "files"}))


class TestFiles:
    def test_every_file_of_a_model_is_listed_with_its_hash(self, by_tf_idf, tmp_path):
        (tmp_path / "log.txt").write_text("of the job")
        by_tf_idf.save(tmp_path)
        files = json.loads((tmp_path / "run.json").read_text())["files"]
        held = {one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*") if one.is_file()}
        assert files.keys() == held - {"run.json", "log.txt"}
        for name, known in files.items():
            assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == known
        assert check_files(tmp_path)

    def test_weights_edited_by_hand_do_not_load(self, by_tf_idf, tmp_path):
        # A file that is whole, of the right shapes, with one number changed.
        by_tf_idf.save(tmp_path)
        arrays = load_file(tmp_path / "model.safetensors")
        name = max(arrays, key=lambda one: arrays[one].size)
        arrays[name] = arrays[name] * 1.5
        save_file(arrays, tmp_path / "model.safetensors")
        with pytest.raises(
            RunFolderError, match=r"model\.safetensors: this file is not what was trained"
        ) as told:
            FusedRecommender.load(tmp_path)
        assert "\n" not in str(told.value)

    def test_any_file_changed_gone_or_put_in_is_named(self, by_tf_idf, tmp_path):
        by_tf_idf.save(tmp_path)
        for name in json.loads((tmp_path / "run.json").read_text())["files"].keys() - {PER_CLIENT}:
            file = tmp_path / name
            whole = file.read_bytes()
            file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
            with pytest.raises(RunFolderError, match=name):
                FusedRecommender.load(tmp_path)
            file.unlink()
            with pytest.raises(RunFolderError, match=name):
                FusedRecommender.load(tmp_path)
            file.write_bytes(whole)
        assert check_files(tmp_path)
        (tmp_path / "dataset" / "more.parquet").write_bytes(b"")
        with pytest.raises(RunFolderError, match=r"more\.parquet"):
            FusedRecommender.load(tmp_path)

    def test_an_older_run_lists_nothing_and_loads(self, by_tf_idf, tmp_path):
        by_tf_idf.save(tmp_path)
        unlisted(tmp_path)
        assert not check_files(tmp_path)
        assert FusedRecommender.load(tmp_path).encoder_name == "tf-idf"

    @pytest.mark.parametrize("files", ["all", ["a"], {"model.safetensors": 5}, 7])
    def test_a_list_of_another_type_is_one_sentence(self, by_tf_idf, tmp_path, files):
        by_tf_idf.save(tmp_path)
        values = json.loads((tmp_path / "run.json").read_text()) | {"files": files}
        (tmp_path / "run.json").write_text(json.dumps(values))
        with pytest.raises(RunFolderError, match="its list of files is none"):
            FusedRecommender.load(tmp_path)


def test_run_json_names_the_version_that_wrote_it(by_tf_idf, tmp_path):
    by_tf_idf.save(tmp_path)
    assert json.loads((tmp_path / "run.json").read_text())["finrec"] == __version__


class TestPerClient:
    def test_the_figures_of_each_client_come_back(self, by_tf_idf, tmp_path):
        by_tf_idf.save(tmp_path / "a")
        assert len(by_tf_idf.per_client) > 50
        loaded = FusedRecommender.load(tmp_path / "a")
        assert loaded.per_client.equals(by_tf_idf.per_client)
        loaded.save(tmp_path / "b")
        assert per_client(tmp_path / "b").equals(by_tf_idf.per_client)

    def test_an_older_folder_has_none_and_loads(self, by_tf_idf, tmp_path):
        by_tf_idf.save(tmp_path / "a")
        by_tf_idf.save(tmp_path / "b")
        (tmp_path / "a" / PER_CLIENT).unlink()
        assert FusedRecommender.load(tmp_path / "a").per_client is None
        with pytest.raises(RunFolderError, match="before figures were kept client by client: train it again"):
            pair_runs(tmp_path / "a", tmp_path / "b")

    def test_a_damaged_file_is_one_sentence_and_only_when_it_is_read(self, by_tf_idf, tmp_path):
        by_tf_idf.save(tmp_path)
        (tmp_path / PER_CLIENT).write_bytes(b"\x00 not this")
        loaded = FusedRecommender.load(tmp_path)
        with pytest.raises(RunFolderError, match=PER_CLIENT) as caught:
            loaded.per_client  # noqa: B018 - reading it is the point
        assert "\n" not in str(caught.value)
        pq.write_table(pa.table({"client": ["a"], "ndcg@20": [0.5]}), tmp_path / PER_CLIENT)
        with pytest.raises(RunFolderError, match="this file is not what was trained"):
            per_client(tmp_path)
        unlisted(tmp_path)
        with pytest.raises(RunFolderError, match="does not hold figures of clients"):
            per_client(tmp_path)

    def test_two_runs_are_paired_on_what_was_held_back_from_both(self, by_tf_idf, tmp_path):
        by_tf_idf.save(tmp_path / "a")
        by_tf_idf.save(tmp_path / "b")
        same = pair_runs(tmp_path / "a", tmp_path / "b")
        assert (same.basis, same.clients) == ("same", len(by_tf_idf.per_client))
        values = json.loads((tmp_path / "b" / "run.json").read_text())
        (tmp_path / "b" / "run.json").write_text(json.dumps(values | {"seed": 9}))
        # With times the seed moves only equal ones, of which this bank has none.
        assert pair_runs(tmp_path / "a", tmp_path / "b").basis == "same"

    def test_an_erasure_in_one_of_two_folders_leaves_them_tested_on_the_same(self, by_tf_idf, tmp_path):
        for name in ("a", "b"):
            by_tf_idf.save(tmp_path / name)
        asked = by_tf_idf.per_client["client_id"].to_pylist()
        erase(tmp_path / "a", asked[0], datetime(2026, 3, 1, tzinfo=UTC))
        erase(tmp_path / "a", asked[1], datetime(2026, 3, 2, tzinfo=UTC))
        # What was asked is known without holding it back anew: the data need not even be readable.
        for name in ("a", "b"):
            (tmp_path / name / "dataset" / "interactions.parquet").unlink()
        found = pair_runs(tmp_path / "a", tmp_path / "b")
        assert (found.basis, found.clients, found.alone) == ("same", len(asked) - 2, (0, 2))

    def test_a_header_without_what_it_learned_from_is_one_sentence(self, by_tf_idf, tmp_path):
        by_tf_idf.save(tmp_path / "a")
        (tmp_path / "a" / "run.json").write_text("{}")
        with pytest.raises(RunFolderError, match=r"run\.json does not say"):
            pair_runs(tmp_path / "a", tmp_path / "a")
