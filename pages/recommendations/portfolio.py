"""The portfolio below the card: what the client has, what a product would change, what others have."""

import streamlit as st

from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import portfolio
from pages.frame import desk
from pages.shared.choice import Choice


def show(choice: Choice) -> None:
    """Show the holdings as a table and by category, what the product would change, and the gaps."""
    data, client = choice.dataset, choice.client
    table, shares = portfolio.table(data, client), portfolio.shares(data, client)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if len(table):
            st.dataframe(table, hide_index=True, alt=f"What the client has and had: {len(table)} products")
        else:
            st.caption("The client has no products, and had none.")
        if len(shares):
            parts = [name for name in map(str, shares.columns) if name.startswith("Share")]
            bars = st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.0f %%")
            shares[parts] *= 100
            st.dataframe(
                shares,
                hide_index=True,
                column_config=dict.fromkeys(parts, bars),
                alt=f"What the client has by category: {len(shares)} categories",
            )
    with right:
        changes = portfolio.changes(data, client, choice.product)
        if changes:
            st.markdown(f"With **{in_markdown(choice.labels().product)}**")
            st.markdown(
                "\n".join(
                    f"- {one.title}: {in_markdown(one.now)} → **{in_markdown(one.then)}**" for one in changes
                )
            )
        count, gaps = portfolio.gaps(data, client, desk.scope().rows(data))
        if gaps:
            st.markdown(f"Of the {count:,} clients with the most products in common, so many have")
            st.markdown("\n".join(f"- {in_markdown(name)}: {has:,} of {count:,}" for name, has in gaps))
        st.caption("These are categories that this client has not. Counts below five are not shown.")
