"""Product: what it is, what was written about it, what is like it, and for whom it stands highest."""

import streamlit as st

from finrec_core.recommender import FusedRecommender
from finrec_core.settings import settings
from finrec_core.store import RunRow
from finrec_core.terms import wording
from finrec_core.views.recommendation import catalogue
from finrec_core.views.recommendation.product import product_view
from pages.frame import desk, models, selection
from pages.product import clients_for, gathering, portrait
from pages.shared import products


def nothing(run: RunRow, model: FusedRecommender) -> None:
    """Show which products one can look at, where none was chosen yet, and which stand highest."""
    products.heading(model.dataset, "Product", [])
    st.space("small")
    st.subheader("Which product?", anchor=False)
    count = wording.counted(len(model.dataset.products), "product")
    st.markdown(f"Find one of {count} by name or number, or begin with one that many clients have.")
    if products.offer(catalogue.widespread(model.dataset, 12), products.open_product, "find-product"):
        st.rerun()
    st.space("small")
    gathering.show(run)


def something(run: RunRow, model: FusedRecommender, product: str) -> None:
    """Show all about one product."""
    view = product_view(
        model.dataset,
        product,
        show_writers=settings().show_writers and desk.scope().rows(model.dataset) is None,
    )
    badges = [view.standing] if view.offered else [view.standing, "Not offered any more"]
    products.heading(model.dataset, view.name, badges)
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell(), st.container(border=True, height="stretch", key="about"):
        portrait.about(view)
    with panes.cell(), st.container(border=True, height="stretch", key="similar"):
        portrait.alike(model, product)
    if view.reviews:
        portrait.reviews(view)
    clients_for.show(run, product)


if found := models.loaded("Product"):
    run, model = found
    product = selection.known("product", model.product_row)
    if product is None:
        nothing(run, model)
    else:
        something(run, model, product)
