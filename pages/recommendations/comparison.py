"""Compare with: any other product beside the chosen one, and why one stands before the other."""

import pandas as pd
import streamlit as st

from finrec_core.advice.alternatives import Alternatives
from finrec_core.explain.contrast import Contrast
from finrec_core.narrative import contrast
from finrec_core.narrative.labels import product_titles
from finrec_core.terms import wording
from finrec_core.views.charts.bars import DIFFERENCE
from finrec_core.views.markdown import in_markdown, sentence
from finrec_core.views.recommendation.contrast import ALIKE, side_by_side
from finrec_core.views.recommendation.evidence import check
from pages.frame import desk, turn
from pages.recommendations import reasons
from pages.shared import products
from pages.shared.choice import Choice

FIELD = "compare-with"


@turn.fragment
def show(choice: Choice) -> None:
    """Show the chosen product beside another one, by default the best alternative to it."""
    other, why = _other(choice)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Compare with", anchor=False, width="content")
        text = products.field("Find a product to compare with", FIELD)
    products.matches(
        choice.dataset, text, lambda product: _choose(choice, product), FIELD, without=[choice.product]
    )
    if other is None:
        st.caption("There is no other product on this client's list; look for one by its name or number.")
        return
    if why:
        st.caption(in_markdown(why, 300))
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        _beside(choice, other)
    with panes.cell():
        _why(choice, other)


def _why(choice: Choice, other: str) -> None:
    """Say and draw why one of the two stands before the other."""
    found = Contrast.of(choice.explanation(), desk.explanation(choice.run, choice.client, other, 0))
    names, scale = choice.labels(), choice.ranking.scale
    view = found.shown(scale)
    st.markdown(sentence(contrast.pieces(found, view, names, _name(choice, other))))
    if view is None or found.branch == "popularity":
        return
    reasons.show(view, names, titles=DIFFERENCE)
    said, digits = check(found.lens.error, "the bars", "the difference of the two scores")
    reasons.whole(view, names, "compare-bars", digits, titles=DIFFERENCE)
    st.caption(
        "Each bar: what one product or connection of this client gives the chosen product more, or less, "
        "than the other. Starting points: what the two get from every client alike. "
        f"{said}"
    )


def _beside(choice: Choice, other: str) -> None:
    """Show rank, points, verdict, facts and evidence of both, row by row."""
    model, keys = desk.model(choice.run), (choice.product, other)
    one, two = (model.line(choice.ranking, model.product_row(key)) for key in keys)
    suits, verdicts = choice.suitability, None
    if suits is not None:
        first, second = (suits.verdict(model.product_row(key)).sentence for key in keys)
        verdicts = (first, second)
    st.markdown(_written(side_by_side(choice.dataset, choice.ranking.scale, (one, two), verdicts)))


def _written(frame: pd.DataFrame) -> str:
    """Return a table as Markdown, whose cells wrap."""
    head, *rows = [list(frame.columns), *frame.values.tolist()]
    lines = ["| " + " | ".join([":gray[About]", *(in_markdown(name) for name in head[1:])]) + " |"]
    lines.append("|" + ":--|" * len(head))
    for title, *cells in rows:
        lines.append(
            "| " + " | ".join([f":gray[{title}]", *(in_markdown(cell, 600) for cell in cells)]) + " |"
        )
    return "\n".join(lines)


def _name(choice: Choice, product: str) -> str:
    return product_titles(choice.dataset, [choice.dataset.product_rows[product]])[product]


def _other(choice: Choice) -> tuple[str | None, str]:
    """Return the product to compare with, the chosen one or else the best alternative, and why it."""
    pair, other = st.session_state.get("compared", (None, None))
    if pair == (choice.run, choice.client, choice.product):
        return other, ""
    ids, row = choice.dataset.products["product_id"], choice.dataset.product_rows[choice.product]
    found = Alternatives.of(choice.dataset, choice.ranking, choice.suitability, row)
    if found.rows:
        return ids[found.rows[0]].as_py(), f"{wording.capital(ALIKE[found.alike])}."
    others = choice.ranking.order[choice.ranking.order != row]
    if not len(others):
        return None, found.none
    return ids[int(others[0])].as_py(), f"{found.none} Beside it stands the next product of the list."


def _choose(choice: Choice, product: str) -> None:
    st.session_state["compared"] = ((choice.run, choice.client, choice.product), product)
