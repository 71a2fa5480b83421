"""The rules of the house, read from the source: floors, owners, sizes and names."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from finrec_core.first_use import places
from tests.conftest import REPOSITORY

# Each floor's packages; the modules of one package are siblings and may import each other.
FLOORS: dict[int, list[tuple[str, ...]]] = {
    1: [("finrec_core/settings", "finrec_core/terms"), ("finrec_core/first_use",)],
    2: [("finrec_core/metrics",), ("finrec_core/dataset",)],
    3: [("finrec_core/intake",), ("finrec_core/demo",), ("finrec_core/text",)],
    4: [("finrec_core/model",)],
    5: [("finrec_core/explain",), ("finrec_core/evaluation",)],
    6: [("finrec_core/narrative",)],
    7: [
        (
            "finrec_core/recommender",
            "finrec_core/ranking",
            "finrec_core/run_folder",
            "finrec_core/erasure",
        )
    ],
    8: [("finrec_core/access",), ("finrec_core/advice",)],
    9: [("finrec_core/store",)],
    10: [("finrec_core/jobs",), ("finrec_core/views",)],
    11: [("finrec_core/cli", "finrec_core/__main__")],
    12: [("app", "pages")],
}
# The store stands high but knows little: a store of another kind must be able to take its place.
NARROW = {"finrec_core/store": ("finrec_core/settings", "finrec_core/terms", "finrec_core/dataset")}
# Who alone may import what. The screen is the whole of floor 12.
SCREEN = ("app", "pages/")
CLI = ("finrec_core/cli/", "finrec_core/__main__")
WEIGHTS = ("finrec_core/model/", "finrec_core/text/")
TABLES = ("finrec_core/dataset/", "finrec_core/intake/")  # what writes CSV, and what reads it
OWNERS = {
    "pydantic_settings": ("finrec_core/settings",),
    **dict.fromkeys(("csv", "pyarrow.csv"), TABLES),
    **dict.fromkeys(("transformers", "tokenizers"), ("finrec_core/text/",)),
    "safetensors": WEIGHTS,
    "dgl": ("finrec_core/model/graph",),
    "duckdb": ("finrec_core/store/", "finrec_core/intake/database"),  # the latter reads alone
    **dict.fromkeys(("sqlite3", "psycopg"), ("finrec_core/intake/database",)),
    "python_calamine": ("finrec_core/intake/sheet",),
    "subprocess": ("finrec_core/jobs/",),
    **dict.fromkeys(("multiprocessing", "psutil"), ("finrec_core/jobs/",)),
    **dict.fromkeys(("plotly", "pyvis", "jinja2"), ("finrec_core/views/",)),
    "cryptography": ("finrec_core/store/",),  # keys, seals and signatures
    "rfc3161_client": ("finrec_core/store/stamp",),
    **{"rapidfuzz": ("finrec_core/terms/spelling",), "sklearn": ("finrec_core/text/stop_words",)},
    **dict.fromkeys(("typer", "rich"), CLI),
    "streamlit": SCREEN,
    "prometheus_client": ("pages/frame/metrics",),
    **dict.fromkeys(("pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"), ()),
}
READERS = {"torch.load", "numpy.load", "np.load", "pandas.read_pickle", "pd.read_pickle"}
PARSERS = {"pandas.read_csv", "pd.read_csv"}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv"}
LONGEST = 300  # lines of a module
VAGUE = {"utils", "util", "helpers", "helper", "manager", "misc"}
# Names that the package hands out on first use, and the modules they come from.
HANDED_OUT = {name: source for name, (source, _) in places("finrec_core").items()}

Sources = Mapping[str, str]  # path without .py, as finrec_core/store/runs, to its text


def package_of(module: str) -> tuple[int, tuple[str, ...]] | None:
    """Return floor and package of a module, given as path or dotted name."""
    path = module.replace(".", "/")
    for floor, packages in FLOORS.items():
        for package in packages:
            if any(path == place or path.startswith(place + "/") for place in package):
                return floor, package
    return None


def imports(tree: ast.Module, path: str, known: Sources) -> Iterator[tuple[int, str]]:
    """Yield line and dotted module of every import, those inside functions too."""

    def resolved(base: str, name: str) -> str:
        if base == "finrec_core":
            base = HANDED_OUT.get(name, base)
        whole = f"{base}.{name}"
        inside = whole.replace(".", "/")
        is_module = inside in known or f"{inside}/__init__" in known
        is_place = base == "finrec_core" and package_of(whole)
        return whole if is_module or is_place or whole in OWNERS else base

    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.split("/")[: -node.level] if node.level else []
            base = ".".join([*above, *(node.module or "").split(".")]).strip(".")
            yield from ((node.lineno, resolved(base, alias.name)) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant):
                yield node.lineno, str(first.value)


def floor_faults(path: str, line: int, module: str) -> Iterator[str]:
    """Yield a sentence where an import does not go down, nor to a sibling in the same folder."""
    here, there = package_of(path), package_of(module)
    if here and there and here != there and there[0] >= here[0]:
        why = f"floor {here[0]} imports {module} from floor {there[0]}, which is not below it."
        yield f"{path}, line {line}: {why}"
    for place, below in NARROW.items():
        if (
            there
            and path.startswith(place + "/")
            and not module.replace(".", "/").startswith((place, *below))
        ):
            yield f"{path}, line {line}: {place} may import {', '.join(below)} alone, not {module}."


def page_faults(path: str, line: int, module: str) -> Iterator[str]:
    """Yield a sentence where a page uses what belongs to another page, or the frame what pages share."""
    if not path.startswith("pages/") or not module.startswith("pages."):
        return
    here, there = path.split("/")[1], module.split(".")[1]
    below = {"frame": ()}.get(here, ("frame",) if here == "shared" else ("frame", "shared"))
    if there not in (here, *below):
        yield f"{path}, line {line}: pages/{here} uses pages/{there}; what pages share lies in pages/shared."


def owner_faults(path: str, line: int, module: str) -> Iterator[str]:
    """Yield a sentence where a library is imported outside the place that owns it."""
    for library, owners in OWNERS.items():
        if (module == library or module.startswith(library + ".")) and not path.startswith(owners or "\0"):
            yield f"{path}, line {line}: {library} belongs to {' and '.join(owners) or 'nobody'}."


def name_faults(tree: ast.Module, path: str) -> Iterator[str]:
    """Yield a sentence for each name that reads the environment, unpickles, or parses CSV out of place."""
    from_os = {
        alias.asname or alias.name: f"os.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "os"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        name = from_os.get(ast.unparse(node), ast.unparse(node))
        if name in ENVIRONMENT and path != "finrec_core/settings":
            yield f"{path}, line {node.lineno}: {name} belongs to finrec_core/settings."
        if name in READERS:
            yield f"{path}, line {node.lineno}: {name} can run code from a file; use safetensors or Parquet."
        if name in PARSERS and not path.startswith("finrec_core/intake/"):
            yield f"{path}, line {node.lineno}: {name} belongs to finrec_core/intake/."


def size_faults(path: str, text: str) -> Iterator[str]:
    """Yield a sentence for a module that is too long or vaguely named."""
    lines = text.count("\n")
    if lines > LONGEST:
        yield f"{path}: {lines} lines, more than {LONGEST}."
    if Path(path).name.lower() in VAGUE:
        yield f"{path}: a module is named after the noun it holds."


def circles(edges: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield a sentence for each import that closes a circle."""
    done: set[str] = set()

    def walk(module: str, trail: tuple[str, ...]) -> Iterator[str]:
        if module in trail:
            circle = " -> ".join([*trail[trail.index(module) :], module])
            yield f"{circle}: these import each other in a circle."
        elif module not in done:
            for other in sorted(edges.get(module, ())):
                yield from walk(other, (*trail, module))
            done.add(module)

    for module in sorted(edges):
        yield from walk(module, ())


def faults(sources: Sources) -> list[str]:
    """Return a sentence for every breach of the house rules in the sources."""
    found: list[str] = []
    edges: dict[str, set[str]] = {}
    for path, text in sources.items():
        found += size_faults(path, text)
        if path.startswith("tests/"):  # tests look into every package
            continue
        tree = ast.parse(text)
        found += name_faults(tree, path)
        if path == "finrec_core/__init__":  # it hands out names on first use and is no floor
            continue
        if package_of(path) is None:
            found.append(f"{path}: this place is on no floor.")
        for line, module in imports(tree, path, sources):
            found += floor_faults(path, line, module)
            found += owner_faults(path, line, module)
            found += page_faults(path, line, module)
            inside = module.replace(".", "/")
            edges.setdefault(path, set()).update({inside, f"{inside}/__init__"} & sources.keys())
    return [*found, *circles(edges)]


def repository_sources() -> dict[str, str]:
    """Return all Python files of the repository, without virtual environments and caches."""
    files = [
        REPOSITORY / "app.py",
        *(file for top in ("finrec_core", "pages", "tests") for file in (REPOSITORY / top).rglob("*.py")),
    ]
    return {
        file.relative_to(REPOSITORY).with_suffix("").as_posix(): file.read_text("utf-8")
        for file in files
        if file.exists()
    }


def test_the_house_stands() -> None:
    sources = repository_sources()
    assert len(sources) > 20
    assert faults(sources) == []


LONG = "x = 1\n" * 301


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("finrec_core/model/graph", "from finrec_core.store import Store", "floor 4 imports"),
        ("finrec_core/model/graph", "def f():\n    import finrec_core.explain.parts", "line 2: floor 4"),
        ("finrec_core/explain/parts", "from finrec_core.evaluation import evaluate", "floor 5 imports"),
        ("finrec_core/explain/parts", "from finrec_core.narrative.labels import x", "floor 5 imports"),
        ("finrec_core/text/encoder", "from finrec_core import FusedRecommender", "floor 3 imports"),
        ("finrec_core/text/encoder", "from finrec_core import store", "floor 3 imports"),
        ("finrec_core/text/encoder", "from ..model import network", "floor 3 imports"),
        ("finrec_core/metrics", "from finrec_core.dataset import Dataset", "floor 2 imports"),
        ("finrec_core/store/runs", "import_module('finrec_core.jobs')", "floor 9 imports"),
        ("finrec_core/store/runs", "from finrec_core.model import fit", "may import finrec_core/settings"),
        ("finrec_core/store/runs", "import finrec_core.intake.report", "may import finrec_core/settings"),
        ("finrec_core/first_use", "from finrec_core.terms import wording", "floor 1 imports"),
        ("finrec_core/demo/bank", "from finrec_core.intake import read_files", "floor 3 imports"),
        ("finrec_core/spare", "import numpy", "on no floor"),
        ("finrec_core/views/chart", "import streamlit as st", "streamlit belongs to app and pages/"),
        ("finrec_core/recommender", "import duckdb", "duckdb belongs to finrec_core/store/"),
        ("finrec_core/model/network", "import dgl.ops", "dgl belongs to finrec_core/model/graph"),
        ("finrec_core/intake/source", "import psycopg", "psycopg belongs to finrec_core/intake/database"),
        ("pages/product/page", "from plotly import graph_objects", "plotly belongs"),
        ("finrec_core/cli/data", "from pyarrow import csv", "pyarrow.csv belongs"),
        ("finrec_core/store/runs", "import pickle", "pickle belongs to nobody"),
        ("finrec_core/recommender", "import torch\ntorch.load('x')", "line 2: torch.load can run code"),
        ("finrec_core/text/cache", "import os\nos.environ['X'] = '1'", "os.environ belongs"),
        ("finrec_core/text/cache", "from os import getenv as g\ng('X')", "os.getenv belongs"),
        ("finrec_core/evaluation/arm", "import pandas as pd\npd.read_csv('x')", "pd.read_csv belongs"),
        ("pages/product/page", LONG, "301 lines, more than 300"),
        ("finrec_core/store/runs", LONG, "301 lines, more than 300"),
        ("pages/today/page", "from pages.story import scenes", "pages/today uses pages/story"),
        ("pages/shared/choice", "from pages.story.scenes import tell", "pages/shared uses pages/story"),
        ("pages/frame/desk", "from pages.shared import choice", "pages/frame uses pages/shared"),
        ("tests/store/helpers", "x = 1", "named after the noun"),
    ],
)
def test_a_breach_is_found(path: str, text: str, reason: str) -> None:
    found = faults({path: text, "finrec_core/store/__init__": ""})
    assert any(reason in fault and fault.startswith(path) for fault in found), found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("finrec_core/explain/parts", "from finrec_core.model import fit\nfrom finrec_core.explain import x"),
        ("finrec_core/__main__", "from finrec_core.cli import main"),
        ("finrec_core/store/runs", "import duckdb\nimport pyarrow"),
        (
            "finrec_core/store/runs",
            "from finrec_core.dataset import Dataset\nfrom finrec_core.terms import wording",
        ),
        ("finrec_core/cli/data", "from finrec_core import __version__, Dataset"),
        ("finrec_core/settings", "import os\nos.environ.setdefault('X', '1')"),
        ("pages/product/page", "import streamlit as st\nfrom finrec_core.views import bars"),
        ("pages/product/page", LONG[6:]),
        ("pages/product/page", "from pages.product import portrait\nfrom pages.shared import choice"),
        ("pages/shared/choice", "from pages.frame import desk"),
    ],
)
def test_what_is_allowed_passes(path: str, text: str) -> None:
    assert faults({path: text}) == []


def test_siblings_may_import_each_other_but_not_in_a_circle() -> None:
    one = {"finrec_core/store/a": "from finrec_core.store.b import x", "finrec_core/store/b": "import json"}
    assert faults(one) == []
    other = one | {"finrec_core/store/b": "from finrec_core.store import a"}
    assert len(faults(other)) == 1
    assert "finrec_core/store/a -> finrec_core/store/b -> finrec_core/store/a" in faults(other)[0]
    whole = {"finrec_core/store/__init__": "from finrec_core.store.a import x"}
    assert "circle" in faults(whole | {"finrec_core/store/a": "from finrec_core.store import y"})[0]
