"""Two versions compared: what was added, removed and changed, in counts, rows and as a file."""

import pandas as pd
import streamlit as st

from finrec_core.dataset import Difference
from finrec_core.store import DatasetVersion
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, memory, table

SHOWN = 200
CHANGES = {"added": "Added", "removed": "Removed", "changed": "Changed", "same": "As before"}


def show(version: DatasetVersion) -> None:
    """Show how a version differs from another one, its parent unless another is chosen."""
    others = [one for one in desk.store().datasets() if one.label != version.label]
    if not others:
        st.caption("There is no other version to compare with yet.")
        return
    parents = (k for k, one in enumerate(others) if (one.name, one.version) == (version.name, version.parent))
    other = st.selectbox(
        "Compare with",
        others,
        index=next(parents, 0),
        format_func=lambda one: f"{wording.name(one.name)}, version {one.version}",
        width=320,
        key=f"compare-{version.label}",
    )
    found = _difference(other.label, other.content_hash, version.label, version.content_hash)
    if found.nothing:
        st.info("Both hold the same.", icon=":material/check:")
        return
    counts = found.counts()
    st.dataframe(
        pd.DataFrame(
            [
                {"": kept.capitalize()} | {title: counts[kept][kind] for kind, title in CHANGES.items()}
                for kept in ("clients", "products", "interactions", "ties")
            ]
        ),
        hide_index=True,
        height="content",
        column_config={title: st.column_config.NumberColumn(format="%,d") for title in CHANGES.values()},
        key="difference",
        alt=f"Rows that version {version.version} holds otherwise than version {other.version}",
    )
    for name, (before, after) in found.settings.items():
        told = [in_markdown("none" if value is None else str(value), 60) for value in (before, after)]
        st.caption(f"{name.replace('_', ' ').capitalize()}: {told[0]} became {told[1]}.")
    _rows(found, f"{other.name}-{other.version}-{version.name}-{version.version}")


@memory.remembered(max_entries=2, show_spinner="Comparing", needs="read data")
def _difference(old: str, old_hash: str, new: str, new_hash: str) -> Difference:
    # The hashes are part of the key only: an erasure changes what a version holds.
    return Difference.between(desk.whole_store().dataset(old), desk.whole_store().dataset(new))


def _rows(found: Difference, name: str) -> None:
    """Show the first rows of a difference, and offer all as a file."""
    rows = found.rows()
    if not len(rows):
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(f"The first {SHOWN} of {len(rows):,}; the file holds all." if len(rows) > SHOWN else "")
        table.download(f"All {wording.plain(len(rows))} as CSV", lambda: rows, name, "difference-csv")
    st.dataframe(
        rows.slice(0, SHOWN).to_pandas().fillna(""),
        hide_index=True,
        height="content" if len(rows) <= 8 else 360,
        column_config={
            "table": st.column_config.TextColumn("Table", width=110),
            "change": st.column_config.TextColumn("Change", width=90),
            "id": st.column_config.TextColumn("Row", width=140),
            "other_id": st.column_config.TextColumn("With", width=140),
            "column": st.column_config.TextColumn("Column", width=120),
            "before": st.column_config.TextColumn("Before", width=180),
            "after": st.column_config.TextColumn("After", width=180),
        },
        key="difference-rows",
        alt="Rows added, removed and changed",
    )
