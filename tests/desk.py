"""A data folder as the desk finds it after a first training, and the desk over it without a browser."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from finrec_core.dataset import Dataset
from finrec_core.recommender import FusedRecommender
from finrec_core.settings import settings
from finrec_core.store import RunRow, Store
from tests.conftest import REPOSITORY

RUN = "20260301-091200-000"
Open = Callable[..., AppTest]


@contextmanager
def opened(data: Path) -> Iterator[Open]:
    """Lend a function that opens the desk over a data folder in this process; its store is closed after that.

    It takes the path of a page ("" for the one that the desk begins with), a data folder to copy where
    there is none yet, and what the address asks for.
    """

    def start(page: str = "", source: Path | None = None, **query: str) -> AppTest:
        if source is not None and not data.exists():
            shutil.copytree(source, data)
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
        if page:
            app.run()  # only then it knows its pages
        for name, value in query.items():
            app.query_params[name] = value
        if page:
            app.switch_page(page)
        app.run()
        assert not app.exception
        return app

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FINREC_DATA", str(data))
        settings.cache_clear()
        st.cache_resource.clear()
        try:
            yield start
        finally:
            st.cache_resource.clear()
            settings.cache_clear()


def trained(data: Path, dataset: Dataset) -> Path:
    """Store a dataset in an empty data folder, with a model that has learned it and is in use; return it."""
    placed(data, FusedRecommender(seed=0, vectors=data / "vectors").fit(dataset))
    return data


def placed(data: Path, recommender: FusedRecommender) -> None:
    """Store what a recommender has learned from in an empty data folder, and put it in use."""
    with Store(data / "finrec.duckdb") as store:
        version = store.add_dataset(recommender.dataset, source="a test")
        folder = data / "runs" / RUN
        recommender.run = RUN
        folder.mkdir(parents=True)
        recommender.save(folder)
        store.add_run(
            RunRow(
                run=RUN,
                dataset=version.name,
                version=version.version,
                content_hash=version.content_hash,
                created=datetime(2026, 3, 1, 9, 12, tzinfo=UTC),
                seconds=10.0,
                encoder=recommender.encoder_name,
                seed=0,
                metrics=recommender.metrics,
                constants=recommender.constants.to_json(),
            )
        )


def again(store: Store, run: str, *, in_use: bool = True) -> None:
    """Store the model that is in use a second time, under the name and the time of another run."""
    shutil.copytree(store.runs_folder / RUN, store.runs_folder / run)
    created = datetime.strptime(run[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    row = replace(store.run(RUN), run=run, created=created, active=False)
    if in_use:
        store.publish(row)
    else:
        store.add_run(row)
