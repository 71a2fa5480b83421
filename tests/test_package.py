"""The package as somebody installs it: a wheel in an environment of its own, far from the checkout.

That environment sees the packages of this one, so nothing is fetched and nothing is installed twice.
"""

import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from finrec_core import __version__
from finrec_core.terms import privacy
from tests.requirements import REPOSITORY, project
from tests.terms.test_privacy import open_to_others

OFFLINE = ("--no-index", "--no-deps", "--disable-pip-version-check", "--quiet")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of a copy of the checkout, which a build would leave its own folders in."""
    folder = tmp_path_factory.mktemp("build")
    shutil.copytree(REPOSITORY / "finrec_core", folder / "source" / "finrec_core")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, folder / "source")
    build = ("--no-build-isolation", "--wheel-dir", ".", "./source")
    called(folder, sys.executable, "-m", "pip", "wheel", *OFFLINE, *build)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `env`, an environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "env", symlinks=True)
    inside = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "env")}))
    (inside / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = (sys.executable, "-m", "pip", "--python", folder / "env")
    called(folder, *pip, "install", *OFFLINE, wheel)
    return folder


def called(folder: Path, *command: object) -> str:
    """Run a command in a folder, without anything that leads to the checkout, and return what it says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FINREC_"))}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=kept | {"FINREC_DATA": str(folder / "data"), "FINREC_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def finrec(place: Path, *arguments: object) -> Any:
    return json.loads(called(place, place / "env" / "bin" / "finrec", *arguments, "--json"))


def test_the_wheel_holds_all_of_the_package_and_nothing_else(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (REPOSITORY / "finrec_core").rglob("*")
    there = {file.relative_to(REPOSITORY).as_posix() for file in files if file.is_file()}
    assert held == {name for name in there if "__pycache__" not in name}
    assert {Path(name).suffix for name in held} >= {".py", ".toml", ".j2"}


def test_the_wheel_says_what_it_is_and_what_it_needs(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    about, whole = message_from_bytes(archive.read(metadata)), project()["project"]
    assert (about["Name"], about["Version"]) == ("finrec", __version__)
    assert about["License-Expression"] == "MIT"
    assert any(name.endswith("/LICENSE") for name in archive.namelist())
    assert sorted(about.get_all("Provides-Extra", [])) == ["desk", "gguf", "postgres"]
    needed = [line for line in about.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert needed == whole["dependencies"]


def test_the_package_is_that_of_the_environment(place: Path) -> None:
    code = "import finrec_core, sys; print(finrec_core.__file__, *sys.path, sep='\\n')"
    file, *path = called(place, place / "env" / "bin" / "python", "-I", "-c", code).splitlines()
    assert Path(file).is_relative_to(place / "env")
    assert str(REPOSITORY) not in path


def test_the_script_goes_by_its_own_name(place: Path) -> None:
    script = place / "env" / "bin" / "finrec"
    assert called(place, script, "--version") == f"finrec {__version__}\n"
    assert called(place, script, "--help").startswith("Usage: finrec [OPTIONS] COMMAND")
    python = place / "env" / "bin" / "python"
    assert called(place, python, "-m", "finrec_core", "--help").startswith("Usage: python -m finrec_core ")


def test_a_bank_goes_from_files_to_a_printed_reason(place: Path) -> None:
    made = finrec(place, "demo", "bank", "--clients", 40, "--products", 20, "--seed", 3)
    imported = finrec(place, "import", "bank", "--name", "small")
    assert (imported["dataset"], imported["interactions"]) == ("small@1", made["interactions"])
    trained = finrec(place, "train", "--encoder", "tf-idf")
    assert Path(trained["folder"]).is_relative_to(place / "data")
    client = (place / "bank" / "clients.csv").read_text("utf-8-sig").splitlines()[1].split(",")[0]
    listed = finrec(place, "recommend", client, "-k", 3)
    assert len(listed["items"]) == 3
    finrec(place, "report", client, listed["items"][0]["product"], "--output", "record.html")
    assert "<h1" in (place / "record.html").read_text("utf-8")
    finrec(place, "backup", "kept.zip")
    finrec(place, "restore", "kept.zip", "--yes")
    assert open_to_others(place / "data") == []
    written = ("bank", "record.html", "kept.zip")
    assert all(not stat.S_IMODE((place / name).stat().st_mode) & privacy.OTHERS for name in written)
