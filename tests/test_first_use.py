"""Names on first use: each package and module that hands them out, and what stays unloaded until then."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import finrec_core
from finrec_core.first_use import on_first_use, places

LATE = ["finrec_core", "finrec_core.text", "finrec_core.cli.core", "finrec_core.jobs.core"]
SOURCE = """
from typing import TYPE_CHECKING
from finrec_core.first_use import on_first_use
import json

if TYPE_CHECKING:
    import email.policy as policy
    from email import charset
    from {name}_heavy import Weight as Load, Pound

else:
    __getattr__ = on_first_use(__name__)
"""


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return a module that hands out four names on first use, two of them from a module beside it."""
    name = f"late_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(SOURCE.format(name=name))
    (tmp_path / f"{name}_heavy.py").write_text("class Weight: pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    return import_module(name)


def test_a_name_is_imported_when_it_is_asked_for(late: ModuleType) -> None:
    heavy = f"{late.__name__}_heavy"
    assert heavy not in sys.modules
    assert late.policy is import_module("email.policy")
    assert late.charset is import_module("email.charset")  # a module of a package, not loaded before
    assert heavy not in sys.modules
    assert late.Load is sys.modules[heavy].Weight
    assert set(places(late.__name__)) == {"policy", "charset", "Load", "Pound"}


def test_what_is_not_there_is_said_as_by_any_module(late: ModuleType) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Weight'"):
        late.Weight  # noqa: B018 - reading it is the point
    with pytest.raises(AttributeError, match="has no attribute 'Pound'"):
        late.Pound  # noqa: B018
    with pytest.raises(AttributeError, match="module 'json' has no attribute 'x'"):
        on_first_use("json")("x")


@pytest.mark.parametrize("module", LATE)
def test_every_name_that_is_handed_out_is_there(module: str) -> None:
    found = import_module(module)
    assert places(module)
    assert all(getattr(found, name) is not None for name in places(module))
    assert set(places(module)) <= set(getattr(found, "__all__", places(module)))


def test_the_package_hands_out_what_it_names() -> None:
    assert set(finrec_core.__all__) == set(places("finrec_core"))
