"""Where an import goes: a dataset of its own, an append or a next version, as proposed and as chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from finrec_core.dataset import TABLES, Dataset
from finrec_core.intake import Intake
from finrec_core.store import DatasetVersion, Placement, placed, proposed
from finrec_core.store.placement import Kind
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, memory
from pages.shared.upload import session

NEW, NEXT, APPEND = "New dataset", "Next version", "Append"
WAYS: Mapping[str, str] = {
    NEW: "A dataset of its own, under a new name.",
    NEXT: "These rows alone take the place of an older version, which is kept.",
    APPEND: "A version of a dataset with these rows added, under its verb and its limit for ratings.",
}
KINDS = {"new": NEW, "replace": NEXT, "append": APPEND}
VERBS = ["has", "bought", "uses", "wrote about", "listens to", "watched"]


@dataclass(frozen=True)
class Answers:
    """How an import is kept: name, verb, limit for ratings, and the version it is appended to if any.

    `before` is the version that it follows, None for a new name; `placement` what that means in numbers,
    None where nothing is stored yet or nothing was read.
    """

    name: str
    verb: str
    limit: float | None
    append_to: DatasetVersion | None
    before: DatasetVersion | None
    placement: Placement | None

    @property
    def button(self) -> str:
        """What the button says that saves it."""
        return "Save" if self.placement is None else self.placement.button


def kept(upload: int) -> dict[str, Any]:
    """Return what was said of the dataset that the import is appended to; nothing for any other way."""
    into: DatasetVersion | None = st.session_state.get(f"append-{upload}")
    if st.session_state.get(f"way-{upload}") != APPEND or into is None:
        return {}
    return dict(into.answers)


def ask(intake: Intake, files: Sequence[str], upload: int) -> Answers:
    """Ask how the import is kept, what to call it and what its clients do with products."""
    versions = desk.store().datasets()
    way, limit = NEW, intake.dataset.rating_limit if intake.dataset else None
    first = _first(intake.dataset, upload) if versions and intake.dataset else None
    if versions:
        way = st.segmented_control(
            "How to keep it",
            list(WAYS),
            default=KINDS[first.kind] if first else NEXT,
            required=True,
            label_visibility="collapsed",
            key=f"way-{upload}",
        )
        st.caption(WAYS[way])
    with st.grid(3, min_column_width=220):
        if way == APPEND:
            into = st.selectbox(
                "Append to",
                versions,
                index=_place([version.label for version in versions], first, lambda near: near.label),
                format_func=lambda version: f"{wording.name(version.name)}, version {version.version}",
                key=f"append-{upload}",
            )
            return _answers(intake.dataset, into.name, into.verb, limit, append_to=into)
        if way == NEXT:
            names = list(dict.fromkeys(version.name for version in versions))
            place = _place(names, first, lambda near: near.name)
            name = st.selectbox("Dataset", names, index=place, format_func=wording.name, key=f"next-{upload}")
        else:
            stem = files[0].partition(".")[0]
            # What a file holds is no name for the bank it comes from.
            stem = "Bank" if stem in TABLES else stem
            name = st.text_input("Name", stem, max_chars=200, key=f"name-{upload}")
        verb = st.selectbox(
            "What a client does with a product",
            VERBS,
            accept_new_options=True,
            help="Used in every sentence: a client has, bought or listens to a product.",
            key=f"verb-{upload}",
        )
        if intake.rating_proposal is not None:
            key = f"limit-{upload}-{intake.rating_proposal.limit:g}"  # another proposal, another field
            st.session_state.setdefault(key, intake.rating_proposal.limit)
            limit = st.number_input(
                "Ratings below this count as low",
                value=None,
                step=0.5,
                placeholder="No limit",
                help=f"{intake.rating_proposal} Empty the field where no rating is low.",
                key=key,
            )
    return _answers(intake.dataset, name.strip(), (verb or VERBS[0]).strip(), limit)


def say(answers: Answers) -> None:
    """Say what the place means in numbers, as a warning where it removes much or fits nothing there."""
    placement = answers.placement
    if placement is None:
        return
    if placement.removes_much or placement.strange:
        st.warning(in_markdown(placement.sentence, 400), icon=":material/warning:")
    else:
        st.caption(f":material/conversion_path: {in_markdown(placement.sentence, 400)}")


def _first(dataset: Dataset, upload: int) -> Placement:
    """Return where the import was proposed to go when it was first read."""
    key = f"placement-{upload}"
    if key not in st.session_state:
        st.session_state[key] = proposed(desk.store(), dataset)
    return st.session_state[key]


def _place(names: Sequence[str], first: Placement | None, name: Any) -> int:  # noqa: ANN401
    near = first.version if first else None
    return names.index(name(near)) if near is not None and name(near) in names else 0


def _answers(
    dataset: Dataset | None,
    name: str,
    verb: str,
    limit: float | None,
    *,
    append_to: DatasetVersion | None = None,
) -> Answers:
    versions = desk.store().datasets()
    before = append_to or next((version for version in versions if version.name == name), None)
    found = None
    if before is not None and dataset is not None:
        kind: Kind = "replace" if append_to is None else "append"
        found = _placed(session.reading(), before.label, before.content_hash, kind, _dataset=dataset)
    elif versions and dataset is not None:
        found = Placement("new", None, len(dataset.clients), len(dataset.products))
    return Answers(name, verb, limit, append_to, before, found)


@memory.own(max_entries=4, _dataset="reading", needs="import")
def _placed(reading: str, label: str, content: str, kind: Kind, *, _dataset: Dataset) -> Placement:
    # The reading and the content are part of the key only: they name what is compared.
    name, _, number = label.rpartition("@")
    return placed(desk.whole_store(), _dataset, desk.whole_store().version(name, int(number)), kind)
