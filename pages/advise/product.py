"""Product: what it is, what was written about it, what is like it, and for whom it stands highest."""

import streamlit as st

from finrec_core.explain import wording
from finrec_core.recommender import FusedRecommender, UnknownIdError
from finrec_core.run_folder import RunFolderError
from finrec_core.settings import settings
from finrec_core.store import RunRow, StoreError
from finrec_core.views import catalogue
from finrec_core.views.markdown import in_markdown
from finrec_core.views.product import product_view
from pages.advise import portrait, products, standing
from pages.frame import desk, model_shown, selection


def chosen(model: FusedRecommender) -> str | None:
    """Return the product that was chosen, None where there is none or no such product."""
    wanted = selection.get("product")
    if wanted is not None:
        try:
            model.product_row(wanted)
        except UnknownIdError as error:
            st.warning(in_markdown(str(error), 300), icon=":material/help:")
            return None
    return wanted


def nothing(model: FusedRecommender) -> None:
    """Show which product one can look at, where none was chosen yet."""
    products.heading(model.dataset, "Product", [])
    st.space("small")
    st.subheader("Which product?", anchor=False)
    count = wording.counted(len(model.dataset.products), "product")
    st.markdown(f"Find one of {count} by name or number, or begin with one that many clients have.")
    if products.offer(catalogue.widespread(model.dataset, 12), products.open_product, "find-product"):
        st.rerun()


def something(run: RunRow, model: FusedRecommender, product: str) -> None:
    """Show all about one product."""
    view = product_view(model.dataset, product, show_writers=settings().show_writers)
    badges = [view.standing] if view.offered else [view.standing, "Not offered any more"]
    products.heading(model.dataset, view.name, badges)
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell(), st.container(border=True, height="stretch", key="about"):
        portrait.about(view)
    with panes.cell(), st.container(border=True, height="stretch", key="similar"):
        portrait.alike(model, product)
    if view.reviews:
        portrait.reviews(view)
    standing.show(run, product)


active = desk.store().active_run()
if active is None:
    model_shown.none("Product")
else:
    run = model_shown.chosen(active)
    try:
        model = desk.model(run.run)
    except (StoreError, RunFolderError) as error:
        model_shown.unreadable(error)
    else:
        st.query_params["run"] = run.run
        product = chosen(model)
        if product is None:
            nothing(model)
        else:
            something(run, model, product)
