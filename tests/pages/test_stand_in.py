"""The model in use edited by hand: it never serves, another that was in use does, and every page says so."""

import shutil
from pathlib import Path

import pytest
import streamlit as st
from safetensors.numpy import load_file, save_file

from finrec_core.settings import settings
from finrec_core.store import Store
from tests import desk
from tests.desk import Open
from tests.pages.deciding import CLIENT, decide, stored, texts

NEXT = "20260302-091200-000"


def edit_weights(folder: Path) -> None:
    arrays = load_file(folder / "model.safetensors")
    save_file({name: array * 2 for name, array in arrays.items()}, folder / "model.safetensors")


def edit_header(folder: Path) -> None:
    """Edit the weights and list them as they are now, so that the folder fits itself."""
    from finrec_core.terms import manifest

    before = manifest.digest(folder / "model.safetensors")
    edit_weights(folder)
    text = (folder / "run.json").read_text()
    (folder / "run.json").write_text(text.replace(before, manifest.digest(folder / "model.safetensors")))


@pytest.fixture
def two(tmp_path: Path, trained: Path) -> Path:
    """A data folder in which a second model is in use after the first; returns its folder."""
    shutil.copytree(trained, tmp_path / "data")
    with Store(tmp_path / "data" / "finrec.duckdb") as store:
        desk.again(store, NEXT)
    return tmp_path / "data" / "runs" / NEXT


@pytest.mark.parametrize("edit", [edit_weights, edit_header])
def test_the_one_before_is_shown_and_decided_with(open_desk: Open, two: Path, edit) -> None:
    page = "pages/recommendations/page.py"
    app = open_desk(page, client=CLIENT)
    assert not app.warning
    edit(two)
    app = open_desk(page, client=CLIENT)
    (warning,) = app.warning
    assert "is not what was trained" in warning.value
    assert "You see the model trained 1 Mar" in warning.value
    decide(app, "later", "talk")
    assert stored().decisions()[0].run == desk.RUN
    assert stored().active_run().run == NEXT  # who publishes decides
    for other in ("today", "rules"):
        app = open_desk(f"pages/{other}/page.py")
        assert not app.exception
        assert any("is not what was trained" in one.value for one in app.warning), other


def test_where_no_other_was_in_use_nothing_is_recommended(
    open_desk: Open, tmp_path: Path, trained: Path
) -> None:
    shutil.copytree(trained, tmp_path / "data")
    edit_weights(tmp_path / "data" / "runs" / desk.RUN)
    st.cache_resource.clear()
    app = open_desk("pages/recommendations/page.py", client=CLIENT)
    assert "No other model was in use before" in app.warning[0].value
    assert "is not what was trained" in app.error[0].value
    assert CLIENT not in texts(app)
    assert settings().data == tmp_path / "data"
