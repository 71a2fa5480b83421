"""What drives the model in use: kinds of evidence, strongest words, which products it shows, and to whom."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from finrec_core.advice import drivers as advice_drivers
from finrec_core.advice import vocabulary as advice_words
from finrec_core.advice.drivers import Drivers
from finrec_core.advice.exposure import Exposure
from finrec_core.advice.vocabulary import Vocabulary
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, StoreError
from finrec_core.terms import wording
from finrec_core.terms.names import LensName
from finrec_core.terms.progress import Progress
from finrec_core.views.charts import strips
from finrec_core.views.markdown import escaped, in_markdown
from finrec_core.views.model import drivers, exposure, vocabulary
from pages.frame import chart, desk, memory, table
from pages.models import segments

MOST = 8  # results of runs, drivers or words, that stay in memory
SHOWN = 200  # products in the table; the download has all


def show(run: RunRow) -> None:
    """Show what drives a run's model over all its clients."""
    if run.missing:
        st.caption("The folder of this model is gone, so nothing can be worked out of it.")
        return
    try:
        found = drivers_of(run.run)
    except (StoreError, RunFolderError) as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
        return
    _evidence(found)
    _words(run)
    _exposure(run, found.exposure)
    segments.show_groups(run)


def drivers_of(run: str, *, shown: bool = True) -> Drivers:
    """Return what drives a run's model; outside of a page's own run no progress can be shown."""
    return _once(
        "drivers", run, lambda progress: advice_drivers.drivers(desk.model(run), progress), shown=shown
    )


def _once(what: str, run: str, work: Callable[[Progress], Any], *, shown: bool = True) -> Any:  # noqa: ANN401 - as above
    if (found := known(what, run)) is not None:
        return found
    place = st.empty() if shown else None

    def report(stage: str, share: float) -> None:
        if place is not None:
            place.progress(min(1.0, share), text=wording.capital(stage))

    report("waiting for other work", 0.0)
    # The work of two sessions at once would take both twice as long.
    found = memory.shelf("driving", MOST).renewed(
        (what, run), lambda other: work(report) if other is None else other
    )
    if place is not None:
        place.empty()
    return found


def known(what: str, run: str) -> Any:  # noqa: ANN401 - what is kept under its name
    """Return the "drivers" or the "words" of a run where they are worked out already, else None."""
    return memory.shelf("driving", MOST).get((what, run))


def _evidence(found: Drivers) -> None:
    """Show the kinds of evidence, one lens at a time."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("What do its lists rest on?", anchor=False, width="content")
        name: LensName = st.segmented_control(
            "Seen from",
            list(drivers.LENSES),
            default="client",
            required=True,
            format_func=drivers.LENSES.__getitem__,
            label_visibility="collapsed",
            key="drivers-lens",
        )
    lens = found.lenses.get(name)
    if lens is None:
        st.caption("No client of this data has a list with reasons: nothing is known of any of them.")
        return
    st.markdown(escaped(drivers.sentence(lens, name)))
    rows = drivers.strips(lens, name)
    said = f"Mean points of the first ten products by kind of evidence. {strips.alternative(rows)}"
    table.beside(
        strips.strips(rows, chart.colours()),
        drivers.table(lens, name),
        keys=("drivers-bars", "drivers-table"),
        alts=(said, "The kinds of evidence, points and shares"),
    )
    st.caption(escaped(f"{drivers.about(found)} {drivers.DEFINITION}"))


def _words(run: RunRow) -> None:
    """Show the strongest words, once they are asked for: a language model takes a while to read."""
    st.space("small")
    st.subheader("Which words are strongest?", anchor=False)
    asked, place = f"words-asked-{run.run}", st.empty()
    if known("words", run.run) is None and not st.session_state.get(asked):
        with place.container():
            st.caption("The texts with most influence are read again word by word, which can take a minute.")
            if not st.button("Read the strongest texts", icon=":material/text_fields:", key="read-words"):
                return
        st.session_state[asked] = True
        place.empty()
    found = vocabulary_of(run.run)
    if found.words:
        rows = vocabulary.strips(found)
        said = f"Words by the points that they add where they stand. {strips.alternative(rows)}"
        table.beside(
            strips.strips(rows, chart.colours()),
            vocabulary.table(found),
            keys=("words-bars", "words-table"),
            alts=(said, "All words that may be shown"),
        )
    elif found.texts:
        st.caption("No word stands in the texts of five clients or five products.")
    st.caption(in_markdown(vocabulary.about(found), 1000))


def vocabulary_of(run: str) -> Vocabulary:
    """Return the strongest words of a run's model."""
    found = drivers_of(run)
    return _once("words", run, lambda progress: advice_words.vocabulary(desk.model(run), found, progress))


def _exposure(run: RunRow, found: Exposure) -> None:
    """Show how the places of all lists fall on the catalogue."""
    st.space("small")
    st.subheader("Which products does it show?", anchor=False)
    st.markdown(escaped(exposure.bias(found)))
    with st.grid(4, min_column_width=150):
        st.metric("Catalogue in top 10", wording.percent(found.coverage10, 0))
        st.metric("Catalogue in top 20", wording.percent(found.coverage20, 0))
        st.metric("In no top 20", f"{len(found.never):,}", border=False)
        st.metric(
            "Gini of places",
            wording.plain(found.gini, 2),
            f"{wording.plain(found.gini_interactions, 2)} of interactions",
            delta_color="off",
            delta_arrow="off",
            help="0 where every product has as many places as any other, near 1 where one has all.",
        )
    table.beside(
        exposure.figure(found, chart.colours()),
        exposure.table(found),
        keys=("tenths", "tenths-table"),
        alts=(exposure.alternative(found), "Tenths of the catalogue"),
    )
    st.caption(
        f"The lists of all clients and the {wording.counted(found.offered, 'product')} that the bank offers, "
        "cut into tenths by how many clients have them."
    )
    _never(run, found)


def _never(run: RunRow, found: Exposure) -> None:
    """Show the products that stand on no list, the first as a table and all as a file."""
    if not len(found.never):
        return
    never = exposure.never_shown(found, desk.model(run.run).dataset)
    with st.expander(f"{wording.capital(wording.counted(len(never), 'product'))} in no client's top 20"):
        st.dataframe(
            never.slice(0, SHOWN).to_pandas(),
            hide_index=True,
            height="content" if len(never) <= 10 else 400,
            key="never-shown",
            alt="Products that stand in no client's top 20",
        )
        table.download("Download as CSV", lambda: never, f"never-shown-{run.run}", "never-shown-csv")
