"""What if: the bars of one lens, what can be left out or added, and what that changes."""

from dataclasses import replace

import streamlit as st

from finrec_core.explain import Labels, wording
from finrec_core.explain import what_if as asked
from finrec_core.explain.points import Shown
from finrec_core.explain.sentence import other_view, pieces
from finrec_core.explain.what_if import WhatIf
from finrec_core.views.markdown import escaped, sentence
from pages.advise import changes, levers, sums
from pages.advise.choice import Choice


@st.fragment
def show(choice: Choice) -> None:
    """Show the bars of a choice and what can be changed; a change shows this part anew, and no more."""
    view, found = choice.view, changes.changed(choice)
    names = _labels(choice, found)
    now = view
    if view is not None:
        if found is not None:
            now = asked.shown_after(found, view, choice.ranking.scale, choice.lens)
        _sum(choice, view, now or view, found, names)
        levers.leave_out(choice, view.parts, names)
    levers.add(choice, names)
    if found is not None:
        _changed(choice, found, names, now)


def _sum(choice: Choice, before: Shown, view: Shown, found: WhatIf | None, names: Labels) -> None:
    """Show the bars of the lens as it now is, rows that were left out as outlines."""
    lens, gone = choice.reasons(), []
    if found is not None:
        lens = found.after.lens(choice.lens)
        out = {(part.kind, part.id) for part in found.gone(choice.lens)}
        gone = [row for row in before.rows if (row.part.kind, row.part.id) in out]
    sums.show(view, names, "bars", left_out=gone)
    start = f" Starting point: {lens.base_note}." if lens.base_note else ""
    missed = f"; they miss it by {abs(lens.error):.0e}" if lens.error else " exactly"
    checked = f"Checked: start and reasons add up to the score{missed}."
    st.caption(f"{escaped(other_view(view, choice.lens) + start)} {checked}")


def _changed(choice: Choice, found: WhatIf, names: Labels, view: Shown | None) -> None:
    """Say what the change does, and why the product stands where it then stands."""
    with st.container(key="what-if"):
        total = None if view is None else view.total
        st.markdown(sentence(asked.pieces(found, choice.ranking.scale, names, total)))
        then = pieces(found.after, view, names, choice.lens)
        st.markdown(f":gray[Then:] {sentence(then)}")
        apart = f"differ by {abs(found.error):.0e}" if found.error else "agree exactly"
        st.caption(
            "Worked out again from the changed evidence, by code that knows no reasons; the model stays as "
            f"it is. The two {apart}."
        )


def _labels(choice: Choice, found: WhatIf | None) -> Labels:
    """Return the names of the choice, and those of added products."""
    names = choice.labels()
    if found is None or not found.added:
        return names
    table, rows = choice.dataset.products, choice.dataset.product_rows
    added = {key: wording.name(table["name"][rows[key]].as_py(), key) for key in found.added}
    return replace(names, products={**names.products, **added})
