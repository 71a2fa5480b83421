"""No page can act past the check: what it may import, call and hand out, read from its source."""

import ast
from collections.abc import Iterator

import pytest

from finrec_core import jobs
from finrec_core.jobs.commands import Commands
from finrec_core.jobs.job import Job
from tests.test_floors import repository_sources

# Names of the jobs package that only look; any other is given through `desk.commands()`.
LOOKING = {
    *("Comparing", "Importing", "Job", "JobError", "JobState", "Listing", "Spool", "Training"),
    *("current", "failed", "jobs", "outcome", "runs_with", "tables", "waiting"),
}
ACTING = {"cancel", "remove", "dismiss"}  # methods of a job that change it
# Modules of the jobs that act; no page reaches into them.
MODULES = {"queue", "erasure", "ending", "spool", "commands", "slot", "child", "folders"}
FRAME = (
    "pages/frame/desk",
    "pages/frame/integrity",
    "pages/frame/health",
    "pages/frame/metrics",
    "pages/frame/journal",
    "app",
)  # the frame does for everybody what the desk itself has to do
UNCHECKED = {"whole_store", "spawn", "Store", "Commands", "Guard"}


def needing(node: ast.AST) -> bool:
    """Return whether a node is a kept function that says what one must be allowed to do to be given it."""
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(one, ast.Call) and any(word.arg == "needs" for word in one.keywords)
        for one in node.decorator_list
    )


def faults(path: str, text: str) -> Iterator[str]:
    """Yield a sentence for each way in which a page could act unchecked."""
    if path in FRAME or not path.startswith(("pages/", "app")):
        return
    tree = ast.parse(text)
    allowed = [part for one in ast.walk(tree) if needing(one) for part in ast.walk(one)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("desk.ranked", "desk.judged"):
            yield f"{path}, line {node.lineno}: {node.attr} asks nobody who it is."
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name in UNCHECKED and not (name == "whole_store" and node in allowed):
            yield f"{path}, line {node.lineno}: {name} is not checked."
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("finrec_core.jobs"):
            modules = {*(node.module or "").split(".")[2:3], *(alias.name for alias in node.names)}
            if found := modules & MODULES:
                yield f"{path}, line {node.lineno}: {', '.join(found)} is behind desk.commands()."
            for alias in node.names:
                if alias.name in jobs.__all__ and alias.name not in LOOKING:
                    yield f"{path}, line {node.lineno}: {alias.name} is given by desk.commands()."
        whole = (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "jobs"
        )
        if whole and name not in LOOKING:
            yield f"{path}, line {node.lineno}: jobs.{name} is given by desk.commands()."
        if isinstance(node, ast.Attribute) and node.attr in ACTING:
            whose = ast.unparse(node.value)
            if whose in ("job", "one", "failed") or whose.endswith("job"):
                yield f"{path}, line {node.lineno}: {whose}.{node.attr} is given by desk.commands()."
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("download_button"):
            data = node.args[1]
            if not ast.unparse(data).startswith("gate.later("):
                yield f"{path}, line {node.lineno}: a download asks who it is, by gate.later."


def test_no_page_acts_past_the_check() -> None:
    sources = repository_sources()
    pages = [path for path in sources if path.startswith("pages/")]
    assert len(pages) > 40
    assert [fault for path in pages for fault in faults(path, sources[path])] == []


@pytest.mark.parametrize(
    "text",
    [
        "from finrec_core.store import Store\nStore(file)",
        "desk.whole_store().publish('r')",
        "from finrec_core.jobs import enqueue",
        "from finrec_core.jobs import erase as gone",
        "from finrec_core import jobs\njobs.enqueue(store, asked)",
        "from finrec_core.jobs import queue\nqueue.enqueue(store, asked)",
        "from finrec_core.jobs.erasure import erase",
        "job.cancel()",
        "st.button('x', on_click=failed.dismiss)",
        "st.download_button('x', rows, 'x.csv')",
    ],
)
def test_a_way_past_the_check_is_found(text: str) -> None:
    text = text.replace(
        "from finrec_core.store import Store", "from finrec_core.store import Store\nStore(file)"
    )
    assert list(faults("pages/today/page", text))


def test_every_name_of_the_jobs_is_either_looked_at_or_commanded() -> None:
    commanded = {"enqueue", "start", "erase"}
    desk_alone = {
        "advance",
        "collect",
        "finish_erasures",
        "settle_erasures",
        "sweep",
        "sweep_spools",
        "watch",
    }
    assert set(jobs.__all__) - LOOKING - commanded - desk_alone == set()
    assert commanded | ACTING <= set(vars(Commands))
    assert set(vars(Job)) >= ACTING
