"""The walk: each step names something, and the module that holds it; both are there."""

import ast
import re

import pytest

from tests.conftest import REPOSITORY
from tests.docs.pages import headings, section

PAGE = "docs/walk.md"
WALKS = ("A row of a CSV file", "A click", "A decision", "A training")
STEP = re.compile(r"^\d+\. (.+?)(?=^\d+\. |\Z)", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`([\w.]+)` in\s+`([\w/]+\.py)`")


def defined(path: str) -> set[str]:
    """Return the names that a module defines, of a class's methods too, as `Class.method`."""
    names = set()
    for node in ast.parse((REPOSITORY / path).read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def test_the_walks_are_told() -> None:
    assert set(WALKS) <= set(headings((REPOSITORY / PAGE).read_text("utf-8")))


@pytest.mark.parametrize("walk", WALKS)
def test_each_step_names_what_does_it_and_where_that_is(walk: str) -> None:
    steps = STEP.findall(section(PAGE, walk))
    assert len(steps) > 4
    for step in steps:
        named = NAMED.findall(step)
        assert named, f"{walk}: this step names no module: {step}"
        for name, path in named:
            assert (REPOSITORY / path).is_file(), f"{walk}: there is no {path}"
            assert name in defined(path), f"{walk}: {path} has no {name}"
