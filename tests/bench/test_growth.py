"""How import and training grow with the data: seconds and peak memory of a process each.

What it printed is kept in tests/bench/results/growth.md.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from finrec_core.dataset import write_csv
from tests.bench.grown import grown
from tests.conftest import REPOSITORY

SIZES = {"100k": (8_500, 1_000), "1M": (82_000, 5_000), "2M": (164_000, 5_000)}  # clients, products
IMPORT_GB = 4.0
TRAINED = ("100k", "1M")  # 2M takes more than a quarter of an hour on two cores

pytestmark = [pytest.mark.bench, pytest.mark.timeout(7200)]


def measured(store: Path, *arguments: str) -> tuple[float, float]:
    """Run a command of finrec and return its seconds and the peak of its memory in GB, children too."""
    ask = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr);"
        "sys.exit(done.returncode)"
    )
    command = [sys.executable, "-m", "finrec_core", *arguments, "--store", str(store)]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "FINREC_DATA": str(store.parent)}
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", ask, *command], env=environment, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - start
    assert done.returncode == 0, done.stderr
    return seconds, int(done.stderr.split()[-1]) * 1024 / 1e9  # Linux counts in KiB


@pytest.mark.parametrize("size", SIZES)
def test_import_and_training_grow_with_the_data(
    size: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = grown(*SIZES[size], reviewed=0.5)
    files, store = tmp_path / "files", tmp_path / "finrec.duckdb"
    write_csv(bank, files)
    megabytes = sum(file.stat().st_size for file in files.iterdir()) / 1e6
    found = {"import": measured(store, "import", str(files), "--name", "bank", "--yes")}
    if size in TRAINED:
        found["train"] = measured(store, "train", "--encoder", "tf-idf")
    told = ", ".join(f"{what} {seconds:.0f} s, {peak:.2f} GB" for what, (seconds, peak) in found.items())
    with capsys.disabled():
        print(f"\n{size}: {len(bank.interactions):,} interactions, {megabytes:.0f} MB: {told}")  # noqa: T201
    assert found["import"][1] < IMPORT_GB
