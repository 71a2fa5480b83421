"""The versions of all datasets, and one in detail: its origin, its report, what hangs on it, its removal."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core.store import DatasetVersion, Dependents, StoreError
from finrec_core.terms import wording
from finrec_core.terms.user import name_of
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, table
from pages.shared.upload import report

SHORT = 12  # characters of a hash that a person compares


def choose(versions: Sequence[DatasetVersion]) -> DatasetVersion:
    """Show all versions, newest first, and return the chosen one."""
    active = desk.store().active_run()
    used = None if active is None else active.label
    frame = pd.DataFrame(
        {
            "version": [version.version for version in versions],
            "name": [wording.name(version.name) for version in versions],
            "clients": [version.clients for version in versions],
            "products": [version.products for version in versions],
            "interactions": [version.interactions for version in versions],
            "ties": [version.ties for version in versions],
            "how": [_came_by(version) for version in versions],
            "created": [desk.when(version.created) for version in versions],
            "user": [wording.name(name_of(version.user), "") for version in versions],
            "state": [["In use" if version.label == used else "Kept"] for version in versions],
        }
    )
    row = table.choose(
        frame,
        height="content" if len(frame) <= 8 else 320,
        columns={
            "version": st.column_config.NumberColumn("#", width=40),
            "name": st.column_config.TextColumn("Name", width=150),
            "clients": st.column_config.NumberColumn("Clients", format="%,d", width=76),
            "products": st.column_config.NumberColumn("Products", format="%,d", width=76),
            "interactions": st.column_config.NumberColumn("Interactions", format="%,d", width=90),
            "ties": st.column_config.NumberColumn("Ties", format="%,d", width=66),
            "how": st.column_config.TextColumn("Came by", width=100),
            "created": st.column_config.TextColumn("Saved", width=110),
            "user": st.column_config.TextColumn("By", width=80),
            "state": st.column_config.MultiselectColumn(
                "State", options=["In use", "Kept"], color=["green", "gray"], width=80
            ),
        },
        key="versions",
        alt="Versions of all datasets, newest first",
    )
    return versions[row]


def _came_by(version: DatasetVersion) -> str:
    """Return how a version came, as "Append to 2"."""
    return f"Append to {version.parent}" if version.how == "append" else version.how.capitalize()


def show(version: DatasetVersion) -> None:
    """Show what is known of a version, and offer to remove it."""
    with st.container(border=True, key="version"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(
                f"**{in_markdown(version.name)}, version {version.version}**, from "
                f"{in_markdown(version.source or 'an unnamed source', 120)}",
                width="content",
            )
            if desk.may("import") and st.button(
                "Remove", icon=":material/delete:", type="tertiary", key="remove"
            ):
                _remove(version)
        with st.grid(4, min_column_width=180):
            for title, value in _facts(version):
                st.markdown(f":gray[{title}]  \n{value}")
        st.caption(
            f"{wording.capital(wording.counted(version.repaired, 'repair'))}, "
            f"{wording.counted(version.rejected, 'row')} rejected. "
            "Saving a version does not change what advisers see until a model trained on it is published."
        )
    if version.rejected or version.repaired:
        with st.expander("What was rejected and repaired"):
            rejects, repairs = desk.store().report(version.name, version.version)
            report.rows(rejects, repairs, f"{version.name}-{version.version}", version.label)


@st.dialog("Remove this version?")
def _remove(version: DatasetVersion) -> None:
    """Name what hangs on a version before it goes; all of that stays."""
    store = desk.store()
    hanging = store.dependents(version.name, version.version)
    st.markdown(f"{in_markdown(version.name)}, version {version.version}, will be gone with its report.")
    if said := _hanging(hanging):
        st.markdown("What hangs on it, and stays:\n\n" + "\n".join(f"- {one}" for one in said))
    else:
        st.caption("Nothing hangs on it.")
    with st.container(horizontal=True):
        if st.button("Remove", icon=":material/delete:", key="remove-yes"):
            try:
                store.remove_dataset(version.name, version.version)
            except StoreError as error:  # another session removed it meanwhile
                st.error(in_markdown(str(error), 300), icon=":material/error:")
                return
            st.rerun()
        if st.button("Keep", key="remove-no"):
            st.rerun()


def _hanging(hanging: Dependents) -> list[str]:
    """Return what hangs on a version, a line each."""
    said = []
    if hanging.runs:
        use = ", the one in use among them" if hanging.active else ""
        said.append(f"{wording.counted(len(hanging.runs), 'model')} trained on it{use}")
    if hanging.comparisons:
        said.append(f"{wording.counted(hanging.comparisons, 'comparison')} made on it")
    if hanging.decisions:
        said.append(f"{wording.counted(hanging.decisions, 'decision')} made with these models")
    if hanging.children:
        numbers = wording.joined([str(number) for number in hanging.children])
        said.append(f"later versions that came from it: {numbers}")
    return said


def _facts(version: DatasetVersion) -> list[tuple[str, str]]:
    """Return what a version is, each as a title and a value in Markdown."""
    by = f" by {in_markdown(name_of(version.user), 40)}" if version.user else ""
    limit = "None" if version.rating_limit is None else f"Below {version.rating_limit:g}"
    facts = [
        ("Came by", _came_by(version)),
        ("Saved", f"{desk.when(version.created)}{by}"),
        ("Parent", "None" if version.parent is None else f"Version {version.parent}"),
        ("Content", f"`{version.content_hash[:SHORT]}`"),
        ("A client", f"{in_markdown(version.verb, 40)} a product"),
        ("Low ratings", limit),
    ]
    if version.erased is not None:
        facts.append(("A client's data erased", desk.when(version.erased)))
    return facts
