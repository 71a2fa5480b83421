"""Each real data set from its files to an explained recommendation, with the time and memory it takes."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from finrec_core.dataset import Dataset
from tests.conftest import real_folder

SECONDS = {"gift_cards": 60, "stocknet": 180, "lastfm": 180}  # to train, on 2 cores, nothing cached
ENCODED = ("stocknet",)  # where the limit is for what comes after reading the texts
MEMORY = 4  # GB, of the largest process

pytestmark = [pytest.mark.bench, pytest.mark.real, pytest.mark.timeout(1800)]


def finrec(data: Path, *arguments: str) -> tuple[Any, float]:
    """Run a command over a data folder and return its document and the seconds it took."""
    start = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "finrec_core", *arguments, "--json"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"FINREC_DATA": str(data)},
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout), time.monotonic() - start


@pytest.mark.parametrize("name", SECONDS)
def test_import_train_recommend_explain(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported, importing = finrec(tmp_path, "import", str(real_folder(name)))
    trained, training = finrec(tmp_path, "train")
    client = first_client(tmp_path, trained["run"])
    listed, recommending = finrec(tmp_path, "recommend", client)
    explained, explaining = finrec(tmp_path, "explain", client, listed["items"][0]["product"], "--words", "5")
    run = json.loads((tmp_path / "runs" / trained["run"] / "run.json").read_text("utf-8"))
    encoding = run["seconds"]["encode"]
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    figures = trained["metrics"]["protocols"]["per-client"]["arms"]
    with capsys.disabled():
        print(  # noqa: T201 - the result of a benchmark
            f"\n{name}: {imported['interactions']:,} interactions, import {importing:.1f} s, "
            f"train {training:.1f} s ({encoding:.1f} s of them reading texts), "
            f"recommend {recommending:.1f} s, explain {explaining:.1f} s, {memory:.2f} GB at most; NDCG@20 "
            + ", ".join(f"{arm} {figure['ndcg@20']['value']:.4f}" for arm, figure in figures.items())
        )
    for lens in explained["lenses"].values():
        assert abs(lens["error"]) <= 1e-6 * max(1.0, abs(explained["score"]))
    assert training - (encoding if name in ENCODED else 0.0) < SECONDS[name]
    assert memory < MEMORY


def first_client(data: Path, run: str) -> str:
    """Return a client that has something, from the run's own snapshot."""
    return str(Dataset.load(data / "runs" / run / "dataset").interactions["client_id"][0].as_py())
