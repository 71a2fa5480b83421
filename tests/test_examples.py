"""The examples in docstrings: they run as a reader would run them, without the store and the screen."""

import doctest
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import finrec_core
from finrec_core.demo.bank import demo_bank
from finrec_core.recommender import FusedRecommender
from finrec_core.settings import settings
from tests.conftest import REPOSITORY

# What somebody in a notebook works with; the floors above it serve the store and the screen.
PACKAGES = ("dataset", "intake", "demo", "text", "model", "explain", "narrative", "evaluation", "advice")
PUBLIC = [
    *(("finrec_core", name) for name in finrec_core.__all__),
    *(
        (f"finrec_core.{package}", name)
        for package in PACKAGES
        for name in import_module(f"finrec_core.{package}").__all__
    ),
    *(("finrec_core.recommender", name) for name in import_module("finrec_core.recommender").__all__),
    *(("finrec_core.metrics", name) for name in ("target_ranks", "metrics_of_ranks", "rank_metrics", "top")),
]


def modules() -> Iterator[ModuleType]:
    """Yield every module of the packages."""
    yield finrec_core
    for found in pkgutil.walk_packages(finrec_core.__path__, "finrec_core."):
        if found.name.split(".")[1] in (
            *PACKAGES,
            "terms",
            "metrics",
            "ranking",
            "recommender",
            "run_folder",
        ):
            yield import_module(found.name)


def examples() -> list[doctest.DocTest]:
    """Return the docstrings with an example, by module."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    return [test for module in modules() for test in finder.find(module) if test.examples]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Yield what the examples may take for given, as the package's docstring says; files go elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FINREC_DATA", str(tmp_path_factory.mktemp("data")))
        patch.chdir(tmp_path_factory.mktemp("notebook"))
        settings.cache_clear()
        bank = demo_bank(60, 30, seed=1).dataset
        yield {"bank": bank, "recommender": FusedRecommender(encoder="tf-idf", compare=False).fit(bank)}
    settings.cache_clear()


@pytest.mark.parametrize("example", examples(), ids=lambda test: test.name)
def test_an_example_gives_what_it_says(example: doctest.DocTest, names: dict[str, Any]) -> None:
    said: list[str] = []
    example.globs.update(names)
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize(("package", "name"), PUBLIC, ids=lambda part: part)
def test_every_public_name_has_an_example(package: str, name: str) -> None:
    thing = getattr(import_module(package), name)
    if not (inspect.isclass(thing) or inspect.isfunction(thing)):
        return
    if inspect.isclass(thing) and (issubclass(thing, Exception) or getattr(thing, "_is_protocol", False)):
        return  # raised, or implemented elsewhere
    told = [thing.__doc__, *(getattr(part, "__doc__", "") for part in vars(thing).values())]
    assert any(">>>" in (text or "") for text in told), f"{package}.{name} has no example"


def test_the_code_in_readme_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text("utf-8"), re.DOTALL)
    assert blocks
    known: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FINREC_DATA", str(tmp_path))
        patch.chdir(REPOSITORY)
        settings.cache_clear()
        for block in blocks:
            exec(block, known)
    settings.cache_clear()
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert known["figures"]["ease"]["ndcg@20"]["value"] > 0


WITHOUT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("streamlit", "duckdb", "plotly", "pyvis"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
from finrec_core import *
bank = demo_bank(30, 15, seed=1).dataset
recommender = FusedRecommender(encoder="tf-idf", compare=False).fit(bank)
client = bank.clients["client_id"][0].as_py()
explanation = recommender.explain(client, recommender.recommend(client, k=1)[0].product, words=1)
print(abs(explanation.client_lens.error) < 1e-9, abs(explanation.product_lens.error) < 1e-9)
"""


def test_the_public_names_work_without_store_and_screen(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("FINREC_DATA", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, timeout=120, check=False
    )
    assert (said.stdout.strip(), said.returncode) == ("True True", 0), said.stderr
