"""The landing: whether an import becomes a dataset of its own, a next version, or is appended to one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from finrec_core.dataset import TABLES, Intake
from finrec_core.store import DatasetVersion
from pages.frame import desk

NEW, NEXT, APPEND = "New dataset", "Next version", "Append"
WAYS: Mapping[str, str] = {
    NEW: "A dataset of its own, under a new name.",
    NEXT: "These rows alone take the place of an older version, which is kept.",
    APPEND: "A version of a dataset with these rows added, under its verb and its limit for ratings.",
}
VERBS = ["has", "bought", "uses", "wrote about", "listens to", "watched"]


@dataclass(frozen=True)
class Answers:
    """How an import is to be kept: the name, the verb, and the version it is appended to if any."""

    name: str
    verb: str
    append_to: DatasetVersion | None


def questions(intake: Intake, files: Sequence[str], upload: int) -> Answers:
    """Ask how the import is kept, what to call it and what its clients do with products."""
    versions = desk.store().datasets()
    way = NEW
    if versions:
        way = st.segmented_control(
            "How to keep it", list(WAYS), default=NEXT, required=True, key=f"way-{upload}"
        )
        st.caption(WAYS[way])
    with st.grid(3, min_column_width=220):
        if way == APPEND:
            into = st.selectbox("Append to", versions, format_func=_title, key=f"append-{upload}")
            return Answers(into.name, into.verb, into)
        if way == NEXT:
            names = list(dict.fromkeys(version.name for version in versions))
            name = st.selectbox("Dataset", names, key=f"next-{upload}")
        else:
            proposed = files[0].partition(".")[0]
            # What a file holds is no name for the bank it comes from.
            proposed = "Bank" if proposed in TABLES else proposed
            name = st.text_input("Name", proposed, max_chars=200, key=f"name-{upload}")
        verb = st.selectbox(
            "What a client does with a product",
            VERBS,
            accept_new_options=True,
            help="Used in every sentence: a client has, bought or listens to a product.",
            key=f"verb-{upload}",
        )
        if intake.rating_proposal is not None:
            st.session_state.setdefault(f"limit-{upload}", intake.rating_proposal.limit)
            st.number_input(
                "Ratings below this count as low",
                value=None,
                step=0.5,
                placeholder="No limit",
                help=f"{intake.rating_proposal} Empty the field where no rating is low.",
                key=f"limit-{upload}",
            )
    return Answers(name.strip(), (verb or VERBS[0]).strip(), None)


def _title(version: DatasetVersion) -> str:
    return f"{version.name}, version {version.version}"
