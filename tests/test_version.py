"""One version, wherever it is shown; the tests of the package and of the run folder hold the rest."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from finrec_core import __version__
from finrec_core.settings import settings
from tests.cli.conftest import run
from tests.requirements import REPOSITORY, project


def test_the_version_stands_in_the_package_alone() -> None:
    assert project()["project"]["dynamic"] == ["version"]
    assert project()["tool"]["setuptools"]["dynamic"] == {"version": {"attr": "finrec_core.__version__"}}


def test_the_command_line_says_the_version() -> None:
    ended = run("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"finrec {__version__}\n", "")


def test_the_desk_says_the_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: dict[str, object] = {}
    monkeypatch.setattr(st, "set_page_config", lambda **options: shown.update(options))
    monkeypatch.setenv("FINREC_DATA", str(tmp_path))
    settings.cache_clear()
    AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120).run()
    st.cache_resource.clear()  # closes the store
    settings.cache_clear()
    assert str(shown["menu_items"]).startswith(f"{{'About': \"finrec {__version__}: ")
