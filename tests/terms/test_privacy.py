import os
import stat
import subprocess
import sys
from pathlib import Path

from finrec_core.terms import privacy
from tests.conftest import REPOSITORY

# A process begins as a person's shell begins it, open to all, and makes files in every way that finrec does.
MAKES = """
import os, shutil, sys, zipfile
os.umask(0o022)
from finrec_core.terms import privacy
privacy.keep()
import duckdb, pyarrow as pa, pyarrow.parquet as pq, numpy as np, safetensors.numpy
duckdb.connect("store.duckdb").execute("CREATE TABLE one AS SELECT 1")
pq.write_table(pa.table({"one": [1]}), "one.parquet")
safetensors.numpy.save_file({"one": np.ones(1)}, "one.safetensors")
os.makedirs("a/b")
open("a/b/text", "w").close()
with zipfile.ZipFile("pack.zip", "w") as pack:
    pack.write("a/b/text")
    pack.write("one.parquet")
with zipfile.ZipFile("pack.zip") as pack:
    pack.extractall("unpacked")
shutil.copytree("a", "copied")
os.close(os.open("lock", os.O_CREAT | os.O_RDWR, 0o644))
"""


def open_to_others(folder: Path) -> list[str]:
    """Return what lies in a folder and may be touched by anybody but its user."""
    found = [path for path in folder.rglob("*") if stat.S_IMODE(path.lstat().st_mode) & privacy.OTHERS]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def test_a_process_that_keeps_its_files_private_makes_none_open(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", MAKES],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        check=True,
    )
    assert (tmp_path / "unpacked" / "a" / "b" / "text").exists()
    assert open_to_others(tmp_path) == []


def test_what_was_open_is_closed_and_the_rest_stays(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs").chmod(0o755)  # whatever a command of a test before has left as this process's mask
    told, script, foreign = tmp_path / "runs" / "run.json", tmp_path / "runs" / "do", tmp_path / "foreign"
    for path, mode in ((told, 0o644), (script, 0o755), (foreign, 0o644)):
        path.touch()
        path.chmod(mode)
    (tmp_path / "runs" / "link").symlink_to(foreign)
    assert privacy.close([tmp_path / "runs", tmp_path / "none"]) == 3
    assert open_to_others(tmp_path) == ["foreign", "runs/link"]  # the modes of links say nothing
    assert [stat.S_IMODE(path.stat().st_mode) for path in (told, script, foreign)] == [0o600, 0o700, 0o644]
    assert privacy.close([tmp_path / "runs"]) == 0
