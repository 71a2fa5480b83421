import os
import subprocess
import sys

import pytest

from finrec_core.settings import Settings
from finrec_core.terms.threads import EACH, MOST, threads
from tests.conftest import REPOSITORY


@pytest.mark.parametrize(
    ("interactions", "cores", "setting", "expected"),
    [
        (0, 64, 0, 1),
        (EACH - 1, 64, 0, 1),
        (EACH, 64, 0, 2),
        (EACH, 1, 0, 1),
        (100 * EACH, 64, 0, MOST),
        (100 * EACH, 2, 0, 2),
        (0, 64, 3, 3),
    ],
)
def test_threads_follow_the_size_of_the_work(
    interactions: int, cores: int, setting: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    for load in (0.0, 100.0):
        monkeypatch.setattr(os, "getloadavg", lambda load=load: (load, load, load))
        assert threads(interactions, setting) == expected


SETTLED = """
import numpy, torch  # loaded before anything of finrec, as by a program that brings finrec along
from finrec_core.settings import settle
settle()
import pyarrow
print(torch.get_num_threads(), pyarrow.cpu_count(), pyarrow.io_thread_count())
"""


def test_a_server_has_one_thread_whatever_was_loaded_before_and_gives_its_children_theirs() -> None:
    limits = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_IO_THREADS")
    kept = {name: value for name, value in os.environ.items() if name not in limits}
    done = subprocess.run(
        [sys.executable, "-c", SETTLED], env=kept, capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.split() == ["1", "1", "1"]
    given = Settings().child_environment(3)
    assert [given[name] for name in limits] == 4 * ["3"]
    assert given["OMP_WAIT_POLICY"] == "PASSIVE"
