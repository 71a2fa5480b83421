"""The contracts of what others call: each says what it takes, what it returns and what it raises."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest

import finrec_core
from finrec_core import metrics
from finrec_core.evaluation import three_fits
from finrec_core.evaluation.arm import Arm, Task
from finrec_core.evaluation.scorer import Scorer
from finrec_core.model.breakdown import Breakdown, ClientSide, ProductSide, Totals
from finrec_core.model.view import View

PUBLIC = [getattr(finrec_core, name) for name in finrec_core.__all__]
CONTRACTS = [
    Arm,
    Task,
    Scorer,
    View,
    Breakdown,
    ClientSide,
    ProductSide,
    Totals,
]  # what one writes to extend it
SECTION = re.compile(r"^(Args|Returns|Raises):\n((?:(?: {4}.*)?\n?)+)", re.MULTILINE)


def own(module: Any) -> list[Any]:
    """Return the public functions that a module defines."""
    found = [
        one for name, one in vars(module).items() if not name.startswith("_") and inspect.isfunction(one)
    ]
    return [one for one in found if one.__module__ == module.__name__]


def methods(owner: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods of a class, with those of its bases in the package, by their full names."""
    for base in owner.__mro__:
        for name, one in vars(base).items() if base.__module__.startswith("finrec_core") else ():
            function = inspect.unwrap(getattr(one, "__func__", one))
            if not name.startswith("_") and inspect.isfunction(function):
                yield f"{base.__name__}.{name}", function


FUNCTIONS = [one for one in PUBLIC if inspect.isfunction(one)] + own(metrics) + own(three_fits)
CLASSES = [one for one in PUBLIC if inspect.isclass(one)]
CALLED = {one.__qualname__: one for one in FUNCTIONS} | {
    name: one for owner in [*CLASSES, *CONTRACTS] for name, one in methods(owner)
}


def sections(thing: Any) -> dict[str, str]:
    """Return the sections of a docstring by their titles."""
    return {title: textwrap.dedent(body) for title, body in SECTION.findall(f"{inspect.getdoc(thing)}\n")}


def listed(body: str) -> list[str]:
    """Return the names that a section lists, several before one colon too."""
    return [name for line in re.findall(r"^(\w[\w, ]*):", body, re.MULTILINE) for name in line.split(", ")]


def parameters(thing: Any) -> list[str]:
    return [name for name in inspect.signature(thing).parameters if name not in ("self", "cls")]


def faults(function: Any) -> Iterator[str]:
    """Yield a sentence for each thing that the contract of a function leaves out or invents."""
    found, signature = sections(function), inspect.signature(function)
    if listed(found.get("Args", "")) != parameters(function):
        yield f"takes {parameters(function)}, and Args lists {listed(found.get('Args', ''))}"
    if (signature.return_annotation not in (None, "None")) != ("Returns" in found):
        yield "returns something without Returns, or the other way round"
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    raised = {
        ast.unparse(node.exc.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    }
    if lost := raised - set(listed(found.get("Raises", ""))):
        yield f"raises {sorted(lost)} without a word"


@pytest.mark.parametrize("name", CALLED)
def test_what_is_called_says_what_it_takes_returns_and_raises(name: str) -> None:
    assert list(faults(CALLED[name])) == []


@pytest.mark.parametrize("owner", CLASSES, ids=lambda one: one.__name__)
def test_what_is_made_says_what_of(owner: type) -> None:
    assert listed(sections(owner).get("Args", "")) == parameters(owner)


def test_all_of_them_are_walked() -> None:
    assert {"evaluate", "top", "FusedRecommender.explain", "FusedRecommender.load", "Ranker.recommend"} <= {
        *CALLED
    }
    assert {"Arm.fit", "View.rescore", "View.of", "Totals.take", "Dataset.take"} <= {*CALLED}
    assert len(CALLED) > 50


def silent_on_all(one: int) -> int:
    """Double."""
    return 2 * one


def wrong(one: int) -> None:
    """Refuse.

    Args:
        other: Not there.

    Returns:
        Nothing.
    """
    raise ValueError(one)


def right(one: int, two: int) -> int:
    """Add.

    Args:
        one: A number, which
            takes: two lines.
        two: Another.

    Returns:
        The sum.

    Raises:
        KeyError, ValueError: Never.
    """
    if two is one:
        raise ValueError(one)
    return one + two


@pytest.mark.parametrize(("function", "count"), [(silent_on_all, 2), (wrong, 3), (right, 0)])
def test_a_fault_is_found(function: Any, count: int) -> None:
    assert len(list(faults(function))) == count
