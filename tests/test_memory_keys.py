"""What the desk keeps depends on its key alone: every kept function is read for what its key lacks.

A result kept for all sessions that depends on the session, the person, the address, the clock or a row that
may change is shown to the wrong one, or as what it no longer is. The reading follows calls through `pages/`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pages.frame import memory
from tests.conftest import REPOSITORY

KEEPERS = {"memory.remembered", "memory.own", "remembered", "own"}
STORE = "pages.frame.desk.whole_store"  # opened once for the process
# Kept otherwise: the store, and what stands in our own source, which the log looks up where no session is.
APART = {STORE, "pages.frame.log.constants"}
# What a kept function may read of the store, and which word of its key then stands for what is read.
ROWS = {
    "run": "run",  # of a run only what never changes is used: its data, its time, its figures
    "run_folder": "run",  # changed by an erasure alone, which forgets everything
    "rules": "version",  # one version of the rules, which is never changed
    "dataset": "hash",
    "erasures": "erasures",
    "version": "content",
    "last_shown": "head",
}
PERSONAL = {"session_state", "query_params", "context", "user", "secrets", "cookies"}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "perf_counter", "environ", "getenv", "uuid4"}
PEOPLE = {"finrec_core.terms.user.user", "finrec_core.access.here", "finrec_core.access.Person"}


@dataclass
class Module:
    """A module of the desk: its functions by name, what its names are imported from, its variables."""

    name: str
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    nested: set[str] = field(default_factory=set)


def read(name: str, text: str) -> Module:
    module, tree = Module(name), ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module.imports |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            module.imports |= {one.asname or one.name: one.name for one in node.names}
        elif isinstance(node, ast.Global):
            module.variables |= set(node.names)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            module.functions[node.name] = node
            inner = (one for one in ast.walk(node) if isinstance(one, ast.FunctionDef) and one is not node)
            module.nested |= {f"{node.name}.{one.name}" for one in inner if keeper(one)}
        elif isinstance(node, ast.ClassDef):
            methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            module.functions |= {f"{node.name}.{one.name}": one for one in methods}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {one.id for one in targets if isinstance(one, ast.Name)}
            module.variables |= {one for one in names if one != one.upper() and not one[0].isupper()}
    return module


def desk() -> dict[str, Module]:
    files = [REPOSITORY / "app.py", *sorted((REPOSITORY / "pages").rglob("*.py"))]
    names = {file: ".".join(file.relative_to(REPOSITORY).with_suffix("").parts) for file in files}
    return {name: read(name, file.read_text("utf-8")) for file, name in names.items()}


def keeper(function: ast.FunctionDef) -> str:
    """Return what keeps the results of a function, "" where nothing does."""
    for one in function.decorator_list:
        said = ast.unparse(one.func if isinstance(one, ast.Call) else one)
        if said in KEEPERS or "cache" in said:
            return said
    return ""


def kept(modules: dict[str, Module]) -> Iterator[tuple[Module, str, ast.FunctionDef]]:
    for module in modules.values():
        for name, function in module.functions.items():
            if keeper(function):
                yield module, name, function


def faults(modules: dict[str, Module]) -> list[str]:
    """Return a sentence for each thing that the key of a kept function lacks."""
    found = []
    for module, name, function in kept(modules):
        whole, how = f"{module.name}.{name}", keeper(function)
        if whole in APART:
            continue
        if how not in KEEPERS:
            found.append(f"{whole} is kept by {how}: memory.py alone keeps things")
        key = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        words = {one.arg for one in key if not one.arg.startswith("_")}
        if not how.endswith("own") and len(words) < len(key):
            found.append(f"{whole}: an argument is no part of the key")
        found += [f"{whole} {one}" for one in lacks(modules, module, function, words)]
    for module in modules.values():
        found += [f"{module.name}.{one} is kept anew in every call" for one in sorted(module.nested)]
        for name, function in module.functions.items():
            found += [f"{module.name}.{name} {one}" for one in shelved(modules, module, function)]
    return found


def lacks(modules: dict[str, Module], home: Module, function: ast.FunctionDef, key: set[str]) -> list[str]:
    """Return what a function reads, itself or through others of the desk, that is no part of its key."""
    found = []
    for module, one in reached(modules, home, function):
        for node in body(one):
            if isinstance(node, ast.Name) and node.id in module.variables:
                found.append(f"reads the variable {node.id} of {module.name}")
            if isinstance(node, ast.Name) and where(module, node).startswith(tuple(PEOPLE)):
                found.append(f"reads {node.id}: who asks")
            if isinstance(node, ast.Attribute):
                origin = where(module, node)
                if origin.startswith("streamlit."):
                    found.append(f"reads {origin}")
                elif node.attr in CLOCKS and not origin.startswith("pages."):
                    found.append(f"reads {ast.unparse(node)}")
                elif origin.startswith(tuple(PEOPLE)):
                    found.append(f"reads {origin}: who asks")
                elif of_store(module, node) and not any(ROWS.get(node.attr, "?") in one for one in key):
                    found.append(f"reads store().{node.attr}, which its key does not name")
    return found


def body(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of a function, but for names of its own, which mean nothing outside."""
    own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    own |= {
        one.id for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
    own -= {name for one in ast.walk(function) if isinstance(one, ast.Global) for name in one.names}
    for node in (part for statement in function.body for part in ast.walk(statement)):
        if not isinstance(node, ast.Name) or node.id not in own:
            yield node


def shelved(modules: dict[str, Module], home: Module, function: ast.FunctionDef) -> list[str]:
    """Return what a function that fills a shelf reads of the one who asks."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    if home.name == memory.__name__ or not any(
        isinstance(one.func, ast.Attribute) and one.func.attr in {"put", "renewed"} for one in calls
    ):
        return []
    told = lacks(modules, home, function, set(ROWS.values()))
    return [one for one in told if any(f"streamlit.{name}" in one for name in PERSONAL) or "who asks" in one]


def reached(
    modules: dict[str, Module], module: Module, function: ast.FunctionDef
) -> Iterator[tuple[Module, ast.FunctionDef]]:
    """Yield a function and those of the desk that it calls, but for what is kept itself."""
    waiting, seen = [(module, function)], set()
    while waiting:
        home, one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield home, one
        for node in body(one):
            if isinstance(node, ast.Name | ast.Attribute):
                there, _, name = where(home, node).rpartition(".")
                if there in modules and name in modules[there].functions:
                    target = modules[there].functions[name]
                    if not keeper(target):
                        waiting.append((modules[there], target))


def where(module: Module, node: ast.expr) -> str:
    """Return the whole name of what an expression names, "" where it is none that was imported or defined."""
    if isinstance(node, ast.Name):
        own = f"{module.name}.{node.id}" if node.id in module.functions else ""
        return module.imports.get(node.id, own)
    if isinstance(node, ast.Attribute):
        before = where(module, node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def of_store(module: Module, node: ast.Attribute) -> bool:
    """Return whether an expression is an attribute of the store."""
    made = node.value
    return isinstance(made, ast.Call) and where(module, made.func) == STORE


def test_the_key_of_every_kept_function_names_all_that_its_result_depends_on() -> None:
    modules = desk()
    assert len([*kept(modules)]) > 15
    assert faults(modules) == []


DESK = "import streamlit as st\nfrom datetime import date, datetime\nfrom pages.frame import desk, memory\n"
ALL, OWN = "@memory.remembered(max_entries=2)\n", "@memory.own(max_entries=2, _a='b')\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ALL}def f(run): return st.session_state['x']", "reads streamlit.session_state"),
        (f"{ALL}def f(run): return st.query_params.get('x')", "reads streamlit.query_params"),
        (f"{ALL}def f(run): return datetime.now()", "reads datetime.now"),
        (f"{ALL}def f(run): return g()\ndef g(): return h()\ndef h(): return st.context.timezone", "context"),
        (f"{ALL}def f(run): return desk.today()", "reads streamlit.context"),
        (f"{ALL}def f(run): return desk.suitability(run, 'c')", "reads streamlit.context"),
        (f"{ALL}def f(run): return desk.whole_store().rules()", "reads store().rules"),
        (f"{ALL}def f(run): return desk.whole_store().active_run()", "reads store().active_run"),
        (f"{ALL}def f(label): return desk.whole_store().dataset(label)", "reads store().dataset"),
        (f"{ALL}def f(run, _more): return _more", "an argument is no part of the key"),
        (f"latest = []\n{ALL}def f(run): return latest", "reads the variable latest"),
        ("@st.cache_data\ndef f(run): return run", "is kept by st.cache_data"),
        ("@st.cache_resource(scope='session')\ndef f(run): return run", "is kept by st.cache_resource"),
        (f"def g():\n    {ALL}    def f(run): return run", "is kept anew in every call"),
        (
            f"from finrec_core.terms.user import user\n{ALL}def f(run): return user()",
            "reads user: who asks",
        ),
        (
            "def f(run): return memory.shelf('a', 1).put(run, st.session_state['x'])",
            "reads streamlit.session_state",
        ),
    ],
)
def test_a_key_that_lacks_something_is_found(text: str, said: str) -> None:
    found = faults(desk() | {"pages.new": read("pages.new", DESK + text)})
    assert found
    assert all(one.startswith("pages.new.") for one in found)
    assert any(said in one for one in found)


def test_what_is_kept_under_a_whole_key_is_not_found() -> None:
    text = f"{ALL}def f(run, version): return desk.whole_store().rules(version), desk.model(run)\n"
    text += f"{OWN}def g(b, *, _a): return _a"
    assert faults(desk() | {"pages.new": read("pages.new", DESK + text)}) == []


def test_nothing_else_of_the_desk_keeps_results() -> None:
    """Decorators are read above; here every other way, as `functools.cache(f)`."""
    allowed = {f"pages/frame/{name}.py": {"cache_resource"} for name in ("memory", "desk")}
    allowed["pages/frame/log.py"] = {"lru_cache"}
    for file in sorted((REPOSITORY / "pages").rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        names = {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
        names |= {one.name for one in ast.walk(tree) if isinstance(one, ast.alias)}
        keeping = names & {"cache_resource", "cache_data", "cache", "lru_cache", "cached_property"}
        assert keeping <= allowed.get(_path(file), set()), file


def _path(file: Path) -> str:
    return file.relative_to(REPOSITORY).as_posix()
