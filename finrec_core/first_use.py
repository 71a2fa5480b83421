"""First use: names that a module hands out and that are imported when somebody asks for one of them."""

import ast
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any


def on_first_use(module: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module (PEP 562) that imports what stands under its `if TYPE_CHECKING:`.

    So the imports are written once and as usual, and checkers and editors follow them, while at run time
    each is made when its name is asked for:

        if TYPE_CHECKING:
            from finrec_core.recommender import FusedRecommender
        else:
            __getattr__ = on_first_use(__name__)
    """

    def value(name: str) -> Any:  # noqa: ANN401 - a module hands out whatever it holds
        if name not in places(module):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        source, attribute = places(module)[name]
        if not attribute:
            return import_module(source)
        return getattr(__import__(source, fromlist=[attribute]), attribute)  # a module in a package, too

    return value


@cache
def places(module: str) -> Mapping[str, tuple[str, str]]:
    """Return where each name that a module hands out on first use comes from.

    That is a module and the name in it, "" where the name stands for the module itself.
    """
    loader: Any = sys.modules[module].__loader__  # that of a source file
    found: dict[str, tuple[str, str]] = {}
    for block in ast.parse(loader.get_source(module) or "").body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for line in block.body:
                if isinstance(line, ast.ImportFrom):
                    found |= {one.asname or one.name: (str(line.module), one.name) for one in line.names}
                elif isinstance(line, ast.Import):
                    found |= {one.asname or one.name: (one.name, "") for one in line.names}
    return found
