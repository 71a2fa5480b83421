"""What drives the model in use: kinds of evidence, strongest words, which products it shows, and to whom."""

import streamlit as st

from finrec_core.advice.drivers import Drivers
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, StoreError
from finrec_core.terms.names import LensName
from finrec_core.views import drivers, strips, vocabulary
from finrec_core.views.markdown import escaped, in_markdown
from pages.analyse import against, driving, groups, showing
from pages.frame import chart


def show(run: RunRow) -> None:
    """Show what drives a run's model over all its clients."""
    if run.missing:
        st.caption("The folder of this model is gone, so nothing can be worked out of it.")
        return
    try:
        found = driving.drivers_of(run.run)
    except (StoreError, RunFolderError) as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
        return
    _evidence(found)
    _words(run)
    showing.show(run, found.exposure)
    groups.show(run)


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
    picture, numbers = st.columns([3, 2], gap="large")
    rows = drivers.strips(lens, name)
    with picture:
        chart.show(
            strips.strips(rows, chart.colours()),
            key="drivers-bars",
            alt=f"Mean points of the first ten products by kind of evidence. {strips.alternative(rows)}",
        )
    with numbers:
        against.numbers(
            drivers.table(lens, name), key="drivers-table", alt="The kinds of evidence, points and shares"
        )
    st.caption(escaped(f"{drivers.about(found)} {drivers.DEFINITION}"))


def _words(run: RunRow) -> None:
    """Show the strongest words, once they are asked for: a language model takes a while to read."""
    st.space("small")
    st.subheader("Which words are strongest?", anchor=False)
    asked, place = f"words-asked-{run.run}", st.empty()
    if driving.known("words", run.run) is None and not st.session_state.get(asked):
        with place.container():
            st.caption("The texts with most influence are read again word by word, which can take a minute.")
            if not st.button("Read the strongest texts", icon=":material/text_fields:", key="read-words"):
                return
        st.session_state[asked] = True
        place.empty()
    found = driving.vocabulary_of(run.run)
    if found.words:
        rows = vocabulary.strips(found)
        picture, numbers = st.columns([3, 2], gap="large")
        with picture:
            chart.show(
                strips.strips(rows, chart.colours()),
                key="words-bars",
                alt=f"Words by the points that they add where they stand. {strips.alternative(rows)}",
            )
        with numbers:
            against.numbers(vocabulary.table(found), key="words-table", alt="All words that may be shown")
    elif found.texts:
        st.caption("No word stands in the texts of five clients or five products.")
    st.caption(in_markdown(vocabulary.about(found), 1000))
