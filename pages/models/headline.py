"""The headline: the model in use, its own test figures, what it learned from, and its card to download."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from finrec_core.run_folder import RunFolderError
from finrec_core.store import DatasetVersion, RunRow, StoreError
from finrec_core.terms import wording
from finrec_core.terms.file_name import file_name
from finrec_core.terms.names import COVERAGE, METRIC
from finrec_core.terms.user import name_of
from finrec_core.views.markdown import escaped, in_markdown
from finrec_core.views.model import figures
from finrec_core.views.model.model_card import ModelCard
from pages.frame import desk, gate, models
from pages.models import drivers, segments
from pages.models.monitoring import counted
from pages.shared import publication

CATALOGUE = "Share of the catalogue in the first twenty of the clients that were tested."


def show(run: RunRow, runs: Sequence[RunRow]) -> None:
    """Show the model in use, and how its figures changed since the training before it."""
    version, before, minutes = _version(run), figures.before(run, runs), models.crowded()
    broken = _broken(run)
    with st.container(border=True, key="headline"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                st.subheader(f"Model of {models.when(run.created, minutes)}", anchor=False, width="content")
                st.badge("In use", icon=":material/check:", color="green")
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                if not broken:
                    _card_button(run)
                last = desk.store().run_before()
                if (
                    last is not None
                    and desk.may("publish")
                    and st.button(
                        f"Roll back to {_told(last, run, minutes)}", icon=":material/undo:", key="roll-back"
                    )
                ):
                    publication.roll_back(last, run)
                if desk.may("train"):
                    st.page_link(
                        "pages/train/page.py", label="Train or publish", icon=":material/arrow_forward:"
                    )
        with st.grid(5, min_column_width=126):
            for metric in (METRIC, "recall@20"):
                change = figures.change(run, before, metric)
                since = f"{change} since {models.when(before.created, minutes)}" if before and change else ""
                _metric(figures.NAMES[metric], figures.figure(run, metric), since)
            _metric("Catalogue in tests", *_catalogue(run, version), CATALOGUE)
            size = wording.NONE if version is None else wording.plain(version.interactions)
            _metric("Trained on", size, f"{wording.name(run.dataset, '', 20)}, version {run.version}")
            _metric("Training took", wording.duration(run.seconds), f"seed {run.seed}")
        st.caption(escaped(_since(run)))
        if before is not None and not before.missing:
            st.caption(escaped(_about_change(run, before, minutes)))
        if broken:
            # Advisers see no list until another one is published.
            title = "The model in use cannot be loaded"
            st.error(in_markdown(broken, 300), title=title, icon=":material/error:")


def _version(run: RunRow) -> DatasetVersion | None:
    """Return the version a run learned from, None where it has been removed."""
    try:
        return desk.store().version(run.dataset, run.version)
    except StoreError:
        return None


def _broken(run: RunRow) -> str:
    """Return the sentence that says why a model cannot be loaded, "" where it can."""
    try:
        desk.model(run.run)
    except (StoreError, RunFolderError) as error:
        return str(error)
    return ""


def _card_button(run: RunRow) -> None:
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
            gate.later(lambda: _card(run, datetime.now(zone)).html()),
            file_name=file_name(f"model-card-{run.run}.html"),
            mime="text/html",
            icon=":material/print:",
            on_click="ignore",
            key=f"card-html-{run.run}",
        )
        st.download_button(
            "As JSON",
            gate.later(
                lambda: json.dumps(_card(run, datetime.now(zone)).document, ensure_ascii=False, indent=1)
            ),
            file_name=file_name(f"model-card-{run.run}.json"),
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
        practice=counted(row.run, lambda when: when.astimezone(made.tzinfo))
        if desk.may("see decisions")
        else None,
    )


def _told(run: RunRow, active: RunRow, minutes: frozenset[str]) -> str:
    """Return the model to go back to on a button: when it was trained, and what other data on."""
    other = "" if run.dataset == active.dataset else f", {escaped(wording.name(run.dataset, '', 20))}"
    return f"{models.when(run.created, minutes)}{other}"


def _metric(title: str, value: str, beside: str, about: str | None = None) -> None:
    st.metric(title, value, escaped(beside) or None, delta_color="off", delta_arrow="off", help=about)


def _catalogue(run: RunRow, version: DatasetVersion | None) -> tuple[str, str]:
    """Return which share of the catalogue the lists of all tested clients show, and how many of how many."""
    share = figures.value(run, COVERAGE)
    if share is None:
        return wording.NONE, ""
    shown = "" if version is None else f"{round(share * version.products):,} of {version.products:,}"
    return wording.percent(share, 0), shown


def _since(run: RunRow) -> str:
    """Return since when the model is in use, by whom and why."""
    one = next((one for one in desk.store().activations() if one.run == run.run), None)
    if one is None:
        return ""
    by = f" by {wording.name(name_of(one.user), '', 40)}" if one.user else ""
    return f"In use since {desk.when(one.created)}{by}: {wording.name(one.reason, 'no reason given', 200)}."


def _about_change(run: RunRow, before: RunRow, minutes: frozenset[str]) -> str:
    """Return what is settled between the model and the training before it."""
    found = publication.pairing(run, before)
    when = models.when(before.created, minutes)
    if isinstance(found, str):
        return f"Against the model of {when}: {found}"
    figure = found.figure(METRIC)
    if figure is None or figure.ci95 is None:
        return f"The model before, of {when}, was tested on other clients: figures do not compare."
    told = "the products asked for differ" if found.basis == "different" else figure.result
    change, span = wording.signed(figure.difference, 3), wording.span(*figure.ci95, 3)
    return f"NDCG@20 against the model of {when}: {change}, 95 % interval {span}: {told}."
