"""From a set of clients: which products stand highest among them."""

import numpy as np
import pandas as pd
import streamlit as st

from finrec_core.advice.campaign import FIELDS, Wanted, categories, choices, wanted_rows
from finrec_core.advice.gathering import Gathering, gathering, listed
from finrec_core.narrative.labels import product_titles
from finrec_core.store import RunRow
from finrec_core.terms import wording
from finrec_core.terms.bounds import TOO_FEW
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, turn
from pages.product.campaign import several

SHOWN = 50  # products
NAMED = 5  # unknown ids


@turn.fragment
def show(run: RunRow) -> None:
    """Show what a set of clients can be made of, and, once asked for, what stands highest among them."""
    data = desk.model(run.run).dataset
    st.subheader("What stands highest among some clients", anchor=False)
    values: dict[str, tuple[str, ...]] = {}
    fields = st.grid(3, min_column_width=200, gap="small")
    for column in FIELDS:
        if options := choices(data, column):
            with fields.cell():
                values[column] = several(wording.capital(column), options, f"among-{column}")
    if shelves := list(categories(data)):
        for name, title in (("has", "Has each of"), ("lacks", "Has none of")):
            with fields.cell():
                values[name] = several(title, shelves, f"among-{name}")
    with st.expander("Or a list of clients", key="among-list"):
        text = st.text_area("Numbers of clients, a line each", height=120, key="among-ids")
        file = st.file_uploader("A file of numbers, a line each", type=["csv", "txt"], key="among-file")
    if file is not None:
        text = f"{text}\n{file.getvalue().decode('utf-8-sig', errors='replace')}"
    seen = desk.scope().rows(data)
    kept = wanted_rows(data, Wanted(**values), verdicts=None)
    if text.strip():
        rows, unknown = listed(data, text, seen)
        chosen = np.zeros(len(kept), dtype=bool)
        chosen[rows] = True
        kept &= chosen
        _say_unknown(unknown)
    rows = np.flatnonzero(kept if seen is None else kept & seen)
    if len(rows) < TOO_FEW:
        st.caption(f"These are fewer than {TOO_FEW} clients: look at their own lists.")
        return
    label = f"Rank for {wording.counted(len(rows), 'client')}"
    if st.button(label, icon=":material/groups:", key="rank-among"):
        bar = st.progress(0.0, text="Scoring clients")

        def report(_stage: str, share: float) -> None:  # ends the work where the page is left meanwhile
            bar.progress(share, text="Scoring clients")

        found = gathering(desk.model(run.run), rows, report)
        bar.empty()
        _table(run, found)


def _table(run: RunRow, found: Gathering) -> None:
    data = desk.model(run.run).dataset
    products = found.products[:SHOWN].tolist()
    ids = data.products["product_id"].take(products).to_pylist()
    names, shelves = product_titles(data, products), data.products["category"].take(products).to_pylist()
    first = found.first[:SHOWN].tolist()
    frame = pd.DataFrame(
        {
            "Product": [wording.name(names[key], key) for key in ids],
            "Category": [shelf or "" for shelf in shelves],
            "On the first ten": [f"fewer than {TOO_FEW}" if n < TOO_FEW else f"{n:,}" for n in first],
            "Mean place": [wording.plain(place, 1) for place in found.places[:SHOWN].tolist()],
        }
    )
    st.dataframe(frame, hide_index=True, height="content" if len(frame) <= 12 else 450, key="among")
    st.caption(
        f"Of the lists of {wording.counted(found.clients, 'client')}: on how many each product stands among "
        "the first ten, and its mean place with those who are offered it."
    )


def _say_unknown(unknown: list[str]) -> None:
    """Say which numbers of a list the data does not hold."""
    if unknown:
        more = f" and {len(unknown) - NAMED:,} more" if len(unknown) > NAMED else ""
        said = f"Not in the data: {', '.join(one[:40] for one in unknown[:NAMED])}{more}."
        st.warning(in_markdown(said, 400), icon=":material/help:")
