"""The command line as its callers meet it, and one small bank that went through all of it."""

import io
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from finrec_core.cli import main
from finrec_core.recommender import FusedRecommender


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def run(*arguments: object) -> Ended:
    """Run a command in this process, as a shell would."""
    out, err, hook = io.StringIO(), io.StringIO(), sys.excepthook
    try:
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
    finally:
        sys.excepthook = hook
    return Ended(int(end.value.code or 0), out.getvalue(), err.getvalue())


def done(*arguments: object) -> Any:
    """Run a command that must succeed and return its document."""
    ended = run(*arguments, "--json")
    assert ended.code == 0, ended.err
    return ended.document


@dataclass(frozen=True)
class Desk:
    """A store in which the small demo bank was imported and trained, with what each command answered."""

    files: Path
    store: Path
    imported: Any
    trained: Any

    @property
    def run(self) -> Path:
        return Path(self.trained["folder"])


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return the small bank after demo, import and train."""
    folder = tmp_path_factory.mktemp("desk")
    files, store = folder / "bank", folder / "finrec.duckdb"
    done("demo", files, "--clients", 60, "--products", 30, "--seed", 3)
    imported = done("import", files, "--name", "small", "--store", store)
    trained = done("train", "--store", store, "--seed", 1)
    return Desk(files, store, imported, trained)


@pytest.fixture(scope="session")
def model(desk: Desk) -> FusedRecommender:
    return FusedRecommender.load(desk.run)


@pytest.fixture(scope="session")
def client(model: FusedRecommender) -> str:
    """A client with products and ties."""
    tied = set(model.dataset.ties["client_id"].to_pylist())
    return next(key for key in model.dataset.interactions["client_id"].to_pylist() if key in tied)


@pytest.fixture(scope="session")
def listed(desk: Desk, client: str) -> Any:
    return done("recommend", client, "-k", 5, "--run", desk.run)


def held(model: FusedRecommender, client: str) -> list[str]:
    pairs = model.dataset.interactions.select(["client_id", "product_id"]).to_pylist()
    return [pair["product_id"] for pair in pairs if pair["client_id"] == client]


def write_files(folder: Path, **tables: Sequence[str]) -> Path:
    """Write CSV files into a folder, each from its lines."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
