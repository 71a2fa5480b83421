"""What multiplies along the edges: the rule, the setting, and runs read with another than they learned by."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from finrec_core.erasure import erase
from finrec_core.jobs.order import Training, to_json
from finrec_core.jobs.training import fused
from finrec_core.model import Switches, fit
from finrec_core.model.evidence import Evidence
from finrec_core.model.message_passing import MOST_CSR, MessagePassing
from finrec_core.recommender import FusedRecommender
from finrec_core.run_folder import RunFolderError
from finrec_core.settings import settings


@pytest.fixture
def asking(monkeypatch):
    """Set FINREC_MESSAGE_PASSING for the rest of a test."""

    def ask(value):
        monkeypatch.setenv("FINREC_MESSAGE_PASSING", value)
        settings.cache_clear()

    yield ask
    settings.cache_clear()


@pytest.mark.parametrize(
    ("asked", "edges", "device", "ran"),
    [
        ("auto", 0, "cpu", "csr"),
        ("auto", 71_355, "cpu", "csr"),
        ("auto", MOST_CSR, "cpu", "csr"),
        ("auto", MOST_CSR + 1, "cpu", "dgl"),
        ("auto", MOST_CSR + 1, "cuda", "csr"),
        ("auto", 71_355, "cuda:1", "csr"),
        ("csr", MOST_CSR + 1, "cpu", "csr"),
        ("csr", 10, "cuda", "csr"),
        ("dgl", 10, "cpu", "dgl"),
    ],
)
def test_the_rule(asked, edges, device, ran):
    assert MessagePassing.of(asked, edges=edges, device=device) == MessagePassing(asked, ran)


def test_what_is_not_to_be_had_is_one_sentence():
    with pytest.raises(ValueError, match=r'^messages are passed by auto, csr or dgl, not by "fast"\.$'):
        FusedRecommender(message_passing="fast")
    with pytest.raises(ValueError, match="processor only: take csr or auto on the device 'cuda'"):
        MessagePassing.of("dgl", edges=1, device="cuda")
    with pytest.raises(ValueError, match='by csr or dgl, not by "auto"'):
        MessagePassing("auto", "auto")


def test_a_wrong_setting_is_one_sentence_of_the_command_line(tmp_path, asking):
    asking("fast")
    words = [sys.executable, "-m", "finrec_core", "train", "--store", str(tmp_path)]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert told.stderr.startswith('FINREC_MESSAGE_PASSING "fast": ')
    assert told.stderr.count("\n") == 1


def test_the_setting_reaches_the_evidence_and_the_order_of_a_training(bank, asking):
    assert Evidence.of(bank.dataset, None, Switches()).message_passing == MessagePassing("auto", "csr")
    asking("dgl")
    assert Evidence.of(bank.dataset, None, Switches()).message_passing == MessagePassing("dgl", "dgl")
    assert settings().child_environment()["FINREC_MESSAGE_PASSING"] == "dgl"
    job = to_json(Training(seed=0, encoder="tf-idf"))
    asking("csr")
    assert fused(job).message_passing == "dgl", "a training in line keeps what was asked when it was ordered"
    del job["message_passing"]
    assert fused(job).message_passing == "csr", "an order of an older finrec follows the setting"


@pytest.fixture(scope="module")
def trained(bank, constants):
    """The same bank fitted with each."""
    return {
        one: fit(bank.dataset, bank.texts, constants, seed=1, message_passing=one) for one in ("csr", "dgl")
    }


def test_both_give_the_same_model(trained):
    everybody = np.arange(len(trained["csr"].evidence.counts))
    csr, dgl = (trained[one].scores(everybody) for one in ("csr", "dgl"))
    assert np.abs(csr - dgl).max() < 1e-3


def test_a_run_names_what_was_asked_and_is_read_under_either(bank, trained, tmp_path, asking):
    everybody = np.arange(len(bank.dataset.clients))
    for one, model in trained.items():
        recommender = FusedRecommender(encoder="tf-idf")
        recommender._dataset, recommender._model = bank.dataset, model
        recommender.save(tmp_path / one)
        values = json.loads((tmp_path / one / "run.json").read_text())
        assert (values["message_passing_asked"], values["message_passing"]) == (one, one)
        for asked, ran in (("auto", one), ("csr", "csr"), ("dgl", "dgl")):
            asking(asked)
            loaded = FusedRecommender.load(tmp_path / one)
            assert loaded.model.evidence.message_passing.ran == ran
            assert np.abs(loaded.model.scores(everybody) - model.scores(everybody)).max() < 1e-9
            loaded.save(tmp_path / "copy")
            copied = json.loads((tmp_path / "copy" / "run.json").read_text())
            assert copied["message_passing"] == one, "it names what trained, not what reads"


def test_an_erasure_keeps_what_a_run_was_trained_with(bank, trained, tmp_path, asking):
    recommender = FusedRecommender(encoder="tf-idf")
    recommender._dataset, recommender._model = bank.dataset, trained["dgl"]
    recommender.save(tmp_path / "run")
    asking("csr")
    client = bank.dataset.clients["client_id"][7].as_py()
    erase(tmp_path / "run", client, datetime(2026, 3, 1, tzinfo=UTC))
    values = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (values["message_passing_asked"], values["message_passing"]) == ("dgl", "dgl")
    loaded = FusedRecommender.load(tmp_path / "run")
    assert client not in loaded.dataset.client_rows
    assert loaded.model.evidence.graph.has.rows == len(bank.dataset.clients) - 1


def test_run_json_of_an_older_finrec_and_a_wrong_one(bank, trained, tmp_path):
    recommender = FusedRecommender(encoder="tf-idf")
    recommender._dataset, recommender._model = bank.dataset, trained["csr"]
    recommender.save(tmp_path)
    values = json.loads((tmp_path / "run.json").read_text())
    del values["message_passing_asked"]
    (tmp_path / "run.json").write_text(json.dumps(values))
    found = FusedRecommender.load(tmp_path).model.evidence.message_passing
    assert found == MessagePassing("auto", "csr")
    (tmp_path / "run.json").write_text(json.dumps(values | {"message_passing_asked": "fast"}))
    with pytest.raises(RunFolderError, match=r"run\.json.*not by \"fast\"") as caught:
        FusedRecommender.load(tmp_path)
    assert "\n" not in str(caught.value)


def test_who_reads_a_model_does_not_load_dgl(bank, trained, tmp_path):
    """Guards the start of `recommend` and `explain`: DGL takes most of a second to import."""
    recommender = FusedRecommender(encoder="tf-idf")
    recommender._dataset, recommender._model = bank.dataset, trained["csr"]
    recommender.save(tmp_path)
    script = """if True:
        import sys
        from finrec_core.recommender import FusedRecommender
        loaded = FusedRecommender.load(sys.argv[1])
        client = loaded.dataset.clients["client_id"][7].as_py()
        product = loaded.recommend(client, k=1)[0].product
        loaded.explain(client, product)
        print("dgl" in sys.modules)
    """
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"
