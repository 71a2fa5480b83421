"""The model card of a run as two downloads, made when they are asked for."""

import json
from datetime import UTC, datetime

import streamlit as st

from finrec_core.store import RunRow
from finrec_core.views.model.model_card import ModelCard
from pages.frame import desk
from pages.models import drivers, segments
from pages.models.monitoring import counted


def button(run: RunRow) -> None:
    """Offer the card of a run as a page that prints and as JSON; nothing where the run's folder is gone."""
    if run.missing:
        return
    with st.popover("Model card", icon=":material/description:"):
        st.caption(
            "What the model learned from, every test with its interval, what drives it, its limits and known "
            "failures."
        )
        zone = desk.local(datetime.now(UTC)).tzinfo  # the download is made outside of the page's own run
        st.download_button(
            "As a page that prints",
            lambda: _card(run, datetime.now(zone)).html(),
            file_name=f"model-card-{run.run}.html",
            mime="text/html",
            icon=":material/print:",
            on_click="ignore",
            key=f"card-html-{run.run}",
        )
        st.download_button(
            "As JSON",
            lambda: json.dumps(_card(run, datetime.now(zone)).document, ensure_ascii=False, indent=1),
            file_name=f"model-card-{run.run}.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
            key=f"card-json-{run.run}",
        )


def _card(run: RunRow, made: datetime) -> ModelCard:
    """Return the card; what drives the model is worked out for it, its words only where they are already."""
    store = desk.store()
    row = store.run(run.run)
    return ModelCard(
        row=row,
        recommender=desk.model(row.run),
        made=made,
        in_use=row.active,
        activations=store.activations(),
        comparison=store.latest_comparison(row.dataset, row.version),
        drivers=drivers.drivers_of(row.run, shown=False),
        words=drivers.known("words", row.run),
        segments=segments.tested(row.run, "segment") or (),
        practice=counted(row.run, lambda when: when.astimezone(made.tzinfo)),
    )
