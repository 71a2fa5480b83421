"""The portrait of a product: what it is, what is like it, and what was written about it."""

import pandas as pd
import streamlit as st

from finrec_core.recommender import FusedRecommender
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation.product import (
    REVIEWS,
    ProductView,
    held_together,
    reads_alike,
    review_table,
)
from pages.frame import table
from pages.shared import products


def about(view: ProductView) -> None:
    """Show facts and text of a product."""
    st.subheader("What it is", anchor=False)
    facts = [f":gray[{label}] **{in_markdown(value)}**" for label, value in view.facts]
    st.markdown("  \n".join([f":gray[Number] **{in_markdown(view.product_id)}**", *facts]))
    if view.text:
        st.text(view.text)
    else:
        st.caption("The data holds no description of this product.")


def alike(model: FusedRecommender, product: str) -> None:
    """Show similar products, each a button that opens it, with the reason beside it."""
    dataset, evidence = model.dataset, model.model.evidence
    st.subheader("Similar products", anchor=False)
    found = {
        "Reads like it": reads_alike(dataset, evidence, product),
        "The same clients": held_together(dataset, evidence, product),
    }
    for title, frame in found.items():
        if len(frame):
            st.markdown(f":gray[{title}]")
            lines(frame, title)
    if not any(map(len, found.values())):
        st.caption("No product reads like it, and none is shared by at least five of its clients.")


def lines(frame: pd.DataFrame, key: str) -> None:
    """Show one button a line and why beside it."""
    rows = st.container(gap=None)
    for row in frame.to_dict("records"):
        with rows.container(horizontal=True, vertical_alignment="center", gap="small"):
            label = in_markdown(row["Product"], 60)
            if st.button(label, type="tertiary", key=f"{key}-{row['id']}"):
                products.open_product(row["id"])
                st.rerun()
            st.caption(in_markdown(row["Why"], 200), width="content")


def reviews(view: ProductView) -> None:
    """Show the list of reviews, and the chosen one whole."""
    st.subheader("What was written about it", anchor=False)
    count = wording.counted(view.written, "review")
    st.caption(count if view.written <= REVIEWS else f"The longest {REVIEWS} of {count}.")
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        row = table.choose(
            review_table(view),
            height="content" if len(view.reviews) <= 6 else 245,
            columns={"Review": st.column_config.TextColumn(width=90)},
            key=f"reviews-{view.product_id}",
            alt="Reviews of the product, the longest first",
        )
    one = view.reviews[row]
    with panes.cell(), st.container(border=True, height=245, key="review"):
        st.text(one.text)
