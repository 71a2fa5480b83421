"""For whom a product stands highest: the reverse ranking as a table, with reasons and verdicts."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from finrec_core.advice.emptiness import nobody
from finrec_core.advice.reverse import Reverse, reverse
from finrec_core.store import RunRow
from finrec_core.terms import wording
from finrec_core.terms.file_name import file_name
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import audience
from finrec_core.views.recommendation.suitability import VERDICTS
from pages.frame import desk, gate, memory, selection
from pages.product import campaign

LENGTHS = (10, 25, 50, 100)
AT_ONCE = 20_000_000  # scores, clients x products, that are worked out unasked
KEPT = 8  # reverse rankings of all sessions in memory


def show(run: RunRow, product: str) -> None:
    """Show for which clients a product stands highest in their own lists; a click opens the client's card."""
    st.subheader("For whom it stands highest", anchor=False)
    dataset = desk.model(run.run).dataset
    offered = bool(dataset.available[dataset.product_rows[product]])  # else nothing is scored
    cells = len(dataset.clients) * len(dataset.products) * offered
    found = _found(run.run, product, cells)
    if found is None:
        return
    mine = desk.scope().rows(dataset)
    if mine is not None:
        held = desk.model(run.run).model.evidence.held[:, [dataset.product_rows[product]]]
        found = found.among(mine, int(mine[held.tocoo().coords[0]].sum()))
        if found.offered and not len(found.clients):
            st.info("It stands in no list of a client of your branch.", icon=":material/info:")
            return
    if said := nobody(dataset, found):
        st.info(in_markdown(said, 400), icon=":material/info:")
        return
    _list(run.run, found)


def _found(run: str, product: str, cells: int) -> Reverse | None:
    """Return the reverse ranking, worked out once; a large one only when it is asked for."""
    kept = memory.shelf("reverse rankings", KEPT)
    if (found := kept.get((run, product))) is not None:
        return found
    if cells > AT_ONCE:
        st.caption("This looks at the whole list of every client, which takes a while here.")
        if not st.button("Rank for every client", icon=":material/groups:", key="rank-all"):
            return None
    bar = st.progress(0.0, text="Scoring clients")

    def report(_stage: str, share: float) -> None:  # ends the work where the page is left meanwhile
        bar.progress(share, text="Scoring clients")

    found = reverse(desk.model(run), product, report)
    bar.empty()
    return kept.put((run, product), found)


def _list(run: str, found: Reverse) -> None:
    """Show the clients that are wanted, of whom any can be ticked, to be followed up or written to a file."""
    model, (_, rules) = desk.model(run), desk.rules(run)
    chosen = campaign.filtered(run, found, rules)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        most = st.segmented_control(
            "How many",
            LENGTHS,
            default=LENGTHS[0],
            required=True,
            label_visibility="collapsed",
            key="clients",
        )
        with st.container(horizontal=True, width="content"):
            export = partial(audience.export, chosen, model.dataset, rules, desk.today())
            _offer("CSV", partial(export, "csv"), f"clients-for-{found.product}.csv")
            _offer("Parquet", partial(export, "parquet"), f"clients-for-{found.product}.parquet")
    if not len(chosen.clients):
        st.caption("No client is like that.")
        return
    with st.spinner("Reading the reasons"):
        frame = audience.table(
            model,
            chosen,
            most or LENGTHS[0],
            rules,
            desk.today(),
            explain=lambda client, product: desk.explanation(run, client, product, 0),
        )
    ids = frame["id"].tolist()
    picked = st.dataframe(
        frame.drop(columns="id"),
        hide_index=True,
        row_height=62,
        height="content" if len(frame) <= 10 else 62 * 11,
        on_select="rerun",
        selection_mode=("multi-row", "single-cell"),
        column_config={
            "Place": st.column_config.NumberColumn("#", help="Its rank in the client's own list", width=44),
            "Client": st.column_config.TextColumn(width=150),
            "Held before": st.column_config.TextColumn(width=110),
            "Points": st.column_config.NumberColumn(width=64),
            "Verdict": st.column_config.MultiselectColumn(
                options=VERDICTS, color=["green", "yellow", "red"], width=104
            ),
            "Why": st.column_config.TextColumn(width=620),
        },
        key=f"standing-{run}-{found.product}-{most}-{campaign.token(chosen)}",
        alt=f"Clients for whom the product stands highest: {len(frame)} of {len(chosen.clients):,}",
    )
    campaign.follow_up(run, found.product, [ids[row] for row in picked.selection.rows if row < len(ids)])
    st.caption(
        f"On the first ten of {wording.counted(chosen.within(10), 'list')}; "
        f"{wording.counted(found.holders, 'client')} who have it are left out. A click opens the client. "
        "Points order one client's list and do not compare between clients."
    )
    if cells := picked.selection.cells:
        selection.open_card(ids[cells[0][0]], found.product)


def _offer(label: str, data: Callable[[], bytes], name: str) -> None:
    st.download_button(
        label,
        gate.later(data),
        file_name=file_name(name),
        on_click="ignore",
        icon=":material/download:",
        key=f"export-{label}",
    )
