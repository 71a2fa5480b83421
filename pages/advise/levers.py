"""The levers of a what-if: reasons that can be left out of a score, and products that can be added to it."""

import streamlit as st

from finrec_core.explain import Labels
from finrec_core.explain.points import ShownPart
from finrec_core.views.markdown import in_markdown
from pages.advise import changes, products
from pages.advise.choice import Choice
from pages.frame import desk

MOST = 12  # reasons that can be left out; each is a pill
FIELD = "add-product"
KINDS = {"client": ("interaction", "tie"), "product": ("client",)}


def leave_out(choice: Choice, parts: tuple[ShownPart, ...], names: Labels) -> None:
    """Offer the strongest reasons of the lens to be left out."""
    offered = [part.part for part in parts if part.part.kind in KINDS[choice.lens]]
    if not offered:
        return
    groups = [[part] for part in offered[:MOST]]
    titles = _apart([in_markdown(names.title(part), 40) for [part] in groups])
    if len(offered) > MOST:
        groups.append(offered[MOST:])
        rest = len(offered) - MOST
        titles.append(f"All {rest:,} others" if rest > 1 else "The other one")
    key, kept = f"without-{choice.lens}", changes.kept(choice)
    out = {(kind, one) for kind in KINDS[choice.lens] for one in getattr(kept, kind)}
    st.session_state[key] = [k for k, each in enumerate(groups) if (each[0].kind, each[0].id) in out]

    def keep() -> None:
        chosen = [part for k in st.session_state[key] for part in groups[k]]
        ids = {kind: tuple(part.id for part in chosen if part.kind == kind) for kind in KINDS[choice.lens]}
        changes.keep(choice, **ids)

    st.pills(
        "What if we leave out",
        range(len(groups)),
        format_func=titles.__getitem__,
        selection_mode="multi",
        wrap=True,
        on_change=keep,
        key=key,
    )


def add(choice: Choice, names: Labels) -> None:
    """Offer any product that the client does not have to be added, and show the added ones."""
    added = changes.kept(choice).added
    if added:
        titles = _apart([in_markdown(names.product_name(key), 40) for key in added])
        st.session_state["added"] = list(range(len(added)))
        st.pills(
            "What if the client took",
            range(len(added)),
            format_func=titles.__getitem__,
            selection_mode="multi",
            wrap=True,
            on_change=lambda: changes.keep(choice, added=tuple(added[k] for k in st.session_state["added"])),
            key="added",
        )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        text = products.field("Add a product that the client might take", FIELD)
        if changes.kept(choice):
            st.button("Reset", icon=":material/undo:", on_click=changes.reset, args=(choice,), key="reset")
    model = desk.model(choice.run)
    products.matches(
        choice.dataset,
        text,
        lambda product: changes.keep(choice, added=(*added, product)),
        FIELD,
        without={choice.product, *added, *model.held(choice.client)},
    )


def _apart(titles: list[str]) -> list[str]:
    """Return titles that differ: of equal ones the later bear their number."""
    return [
        f"{title} ({titles[:k].count(title) + 1})" if title in titles[:k] else title
        for k, title in enumerate(titles)
    ]
