"""What is gone while its page is open: a run, its folder, a client; and a client that has very much."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest
import streamlit as st

from finrec_core import FusedRecommender
from finrec_core.dataset import Dataset
from finrec_core.model import Constants, NetworkConstants, fit
from tests import desk
from tests.desk import Open
from tests.pages.deciding import CLIENT, stored, texts
from tests.planted import table

NEXT = "20260302-091200-000"
PAGES = ("recommendations", "product", "story")


@pytest.mark.parametrize("page", PAGES)
def test_a_run_that_is_gone_is_one_sentence(open_page: Open, tmp_path: Path, page: str) -> None:
    app = open_page(page, client=CLIENT, product="P002")
    shutil.rmtree(tmp_path / "data" / "runs" / desk.RUN)
    app.run()
    assert not app.exception  # the model is still in memory, and so is the page
    st.cache_resource.clear()  # as a new process finds it
    app.run()
    assert not app.exception
    assert "is gone: publish another run, or train again" in app.error[0].value


@pytest.mark.parametrize("page", PAGES)
def test_a_client_that_a_newer_model_does_not_know_is_said(
    open_page: Open, tmp_path: Path, page: str
) -> None:
    app = open_page(page, client=CLIENT, product="P002")
    _publish_without(CLIENT, tmp_path / "data")
    app.run()
    assert not app.exception
    assert not app.warning or "There is no client" not in app.warning[0].value  # it still shows its own model
    app.query_params["run"] = NEXT
    app.run()
    assert not app.exception
    if page != "product":  # which speaks of no client
        assert f'There is no client "{CLIENT}"' in app.warning[0].value.replace("\\", "")


def _publish_without(client: str, data: Path) -> None:
    """Store a version of the data without a client, and put a model of it in use."""
    store = stored()
    bank = store.dataset()
    left = {
        name: getattr(bank, name).filter(pc.not_equal(getattr(bank, name)["client_id"], client))
        for name in ("clients", "interactions", "ties")
    }
    left["ties"] = left["ties"].filter(pc.not_equal(left["ties"]["other_client_id"], client))
    version = store.add_dataset(replace(bank, **left), source="a test")
    constants = Constants(network=NetworkConstants(dim=4, text_dim=2, steps=(2, 1), seeds=1))
    recommender = _learned(replace(bank, **left), constants)
    recommender.run = NEXT
    (data / "runs" / NEXT).mkdir()
    recommender.save(data / "runs" / NEXT)
    row = replace(store.run(desk.RUN), run=NEXT, version=version.version, content_hash=version.content_hash)
    store.publish(replace(row, created=datetime.now(UTC), active=False))


def _learned(dataset: Dataset, constants: Constants) -> FusedRecommender:
    recommender = FusedRecommender(compare=False)
    recommender._dataset, recommender._model = dataset, fit(dataset, None, constants, seed=0)
    return recommender


def test_a_client_with_five_thousand_products_has_a_whole_page(open_desk: Open, tmp_path: Path) -> None:
    rng, products, few = np.random.default_rng(0), 5_040, 40
    pairs = [("all", i) for i in range(5_000)]
    pairs += [(f"c{u}", int(i)) for u in range(few) for i in rng.choice(products, 30, replace=False)]
    dataset = Dataset(
        clients=table("clients", client_id=["all", *(f"c{u}" for u in range(few))]),
        products=table("products", product_id=[f"p{i}" for i in range(products)]),
        interactions=table(
            "interactions", client_id=[u for u, _ in pairs], product_id=[f"p{i}" for _, i in pairs]
        ),
        ties=table("ties", client_id=[]),
        name="much",
    )
    constants = Constants(network=NetworkConstants(dim=4, text_dim=2, steps=(2, 1), seeds=1))
    desk.placed(tmp_path / "data", _learned(dataset, constants))
    app = open_desk("pages/recommendations/page.py", client="all")
    assert "5,000 products" in texts(app)
    assert "smaller reasons" in " ".join(one.label for one in app.expander)
    pills = next(one for one in app.button_group if one.key == "without-client")
    assert len(pills.options) == 7  # six, and all others together
