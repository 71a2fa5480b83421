"""The profile of a version: what its data can and cannot carry, drawn, with a forecast that is a guess."""

import shlex

import pandas as pd
import streamlit as st

from finrec_core.dataset import Profile
from finrec_core.evaluation.forecast import (
    ARMS,
    TextForecast,
    TiesForecast,
    latest_text_forecast,
    ties_forecast,
)
from finrec_core.store import DatasetVersion
from finrec_core.terms import wording
from finrec_core.views.data import capacity
from finrec_core.views.data.profile import plots
from finrec_core.views.markdown import escaped
from pages.frame import chart, desk, memory

ICONS = {
    "can": ":green[:material/check_circle:]",
    "mind": ":orange[:material/warning:]",
    "cannot": ":red[:material/block:]",
}


def show(version: DatasetVersion) -> None:
    """Show what a version can carry, in sentences first, then in pictures."""
    found = _profile(version.label, version.content_hash)
    said = capacity.sentences(found)
    st.subheader("What this data can and cannot carry", anchor=False)
    st.markdown("\n".join(f"- {ICONS[one.kind]} {escaped(one.text)}" for one in said))
    _forecast(version, found)
    with st.grid(2, min_column_width=420, gap="medium") as grid:
        for one in plots(found):
            with grid.cell():
                st.markdown(f"**{one.title}**")
                chart.show(
                    one.figure(chart.colours()),
                    key=f"profile-{one.key}",
                    alt=one.alternative,
                )
                with st.expander("As a table"):
                    st.dataframe(
                        one.table,
                        hide_index=True,
                        height="content" if len(one.table) <= 12 else 360,
                        key=f"table-{one.key}",
                        alt=one.title,
                    )


@memory.remembered(show_spinner="Measuring the data", max_entries=8, needs="read data")
def _profile(label: str, content_hash: str) -> Profile:
    """Return the profile of a version."""
    # The hash is part of the key only: an erasure changes what a version holds.
    return Profile.of(desk.whole_store().dataset(label))


def _forecast(version: DatasetVersion, profile: Profile) -> None:
    """Show the forecast for a version; where no comparison tells of text, say how to make one."""
    text, ties = _text(version), ties_forecast(profile)
    with st.container(border=True, key="forecast"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**What text and ties will add**", width="content")
            st.badge("A guess", icon=":material/help:", color="yellow")
        _text_part(version, profile, text)
        _ties_part(ties)
        with st.expander("What it is guessed from"):
            _basis(text)


def _text(version: DatasetVersion) -> TextForecast | None:
    kept = desk.store().comparisons(version.name, version.version)
    return latest_text_forecast(one.document for one in kept)


def _text_part(version: DatasetVersion, profile: Profile, text: TextForecast | None) -> None:
    if text is not None:
        st.markdown(escaped(capacity.text_sentence(text)))
    elif not profile.products_told:
        st.markdown("There is no text, so text adds nothing.")
    else:
        st.markdown(
            "What text will add can be guessed once text alone and the record of interactions alone were "
            "compared on this version."
        )
        with st.popover("Compare them", icon=":material/terminal:", width="content"):
            st.markdown(
                "Close the desk first, since one program at a time may hold the store. Then run this; it "
                "takes minutes, and its result is here when the desk is open again."
            )
            label = shlex.quote(version.label)
            command = f"python -m finrec_core evaluate --dataset {label} --arms {','.join(ARMS)}"
            st.code(command, language=None, wrap_lines=True)


def _ties_part(ties: TiesForecast | None) -> None:
    told = "There are no ties, so ties add nothing." if ties is None else capacity.ties_sentence(ties)
    st.markdown(escaped(told))


def _basis(text: TextForecast | None) -> None:
    """Show the figures that the guess stands on."""
    st.caption(
        "Four measured sets stand behind it (stocknet, gift_cards, lastfm, lastfm with 30 % of its "
        "interactions). Where text alone ranked no slice of products better than the record did, text and "
        "ties added 1 %; where it did, they added 6 % and 15 %. Ties whose clients shared 2.4 times as many "
        "products as chance added 1 % over all clients and 11 % to 89 % for those with few products."
    )
    if text is None or not text.slices:
        return
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "Holders of the product": name,
                    "Clients asked": clients,
                    "Text alone": wording.plain(alone, 3),
                    "Record alone": wording.plain(graph, 3),
                }
                for name, clients, alone, graph in text.slices
            ]
        ),
        hide_index=True,
        height="content",
        key="forecast-slices",
        alt="NDCG@20 of text alone and of the record alone, by holders of the product",
    )
