"""What if: the bars of one lens, what can be left out or added, kept for the pair, and what that changes."""

from dataclasses import dataclass, replace

import streamlit as st

from finrec_core.access import Scope, narrowed
from finrec_core.explain.points import Shown, ShownContribution
from finrec_core.explain.what_if import WhatIf, shown_after
from finrec_core.narrative import Labels
from finrec_core.narrative import what_if as words
from finrec_core.narrative.labels import product_titles
from finrec_core.narrative.sentence import pieces
from finrec_core.views.markdown import in_markdown, sentence
from finrec_core.views.recommendation.evidence import ROUNDING
from pages.frame import desk, memory, turn
from pages.recommendations import reasons
from pages.shared import products
from pages.shared.choice import Choice

KEY = "what-if"
MOST = 6  # reasons with a bar of their own, which can be left out one by one: what fits one screen
FIELD = "add-product"
KINDS = {"client": ("interaction", "tie"), "product": ("client",)}


@dataclass(frozen=True)
class Changes:
    """What a session changed of one pair, as ids: products and connections of the client, similar clients."""

    interaction: tuple[str, ...] = ()
    tie: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.interaction or self.tie or self.client or self.added)


@turn.fragment
def show(choice: Choice) -> None:
    """Show the bars of a choice and what can be changed; a change shows this part anew, and no more."""
    view, found = choice.view, _asked(choice)
    names = _labels(choice, found)
    now = view
    if view is not None:
        if found is not None:
            now = shown_after(found, view, choice.ranking.scale, choice.lens)
        drawn, changed = st.columns([13, 8], gap="small")
        with drawn:
            _bars(choice, view, now or view, found, names)
        with changed, st.container(key="leave-out"):
            _leave_out(choice, view.contributions, names)
    if found is not None:
        _consequence(choice, found, names, now)
    _add(choice, names)


def _asked(choice: Choice) -> WhatIf | None:
    """Return the score worked out again from the changed evidence, None where nothing is changed."""
    changes = _kept(choice)
    return _worked_out(*_pair(choice), changes, desk.scope()) if changes else None


def _kept(choice: Choice) -> Changes:
    """Return what was changed of the pair that is shown; another pair begins unchanged."""
    pair, changes = st.session_state.get(KEY, (None, Changes()))
    return changes if pair == _pair(choice) else Changes()


def _pair(choice: Choice) -> tuple[str, str, str]:
    return choice.run, choice.client, choice.product


@memory.remembered(max_entries=64)
def _worked_out(run: str, client: str, product: str, changes: Changes, seen: Scope) -> WhatIf:
    dataset = desk.model(run).dataset
    found = desk.model(run).what_if(
        client,
        product,
        without_interactions=changes.interaction,
        without_ties=changes.tie,
        without_clients=changes.client,
        with_interactions=changes.added,
    )
    return found if seen.rows(dataset) is None else narrowed(found, lambda other: seen.sees(dataset, other))


def _labels(choice: Choice, found: WhatIf | None) -> Labels:
    """Return the names of the choice, and those of added products."""
    names = choice.labels()
    if found is None or not found.added:
        return names
    rows = choice.dataset.product_rows
    added = product_titles(choice.dataset, [rows[key] for key in found.added])
    return replace(names, products={**names.products, **added})


def _bars(choice: Choice, before: Shown, view: Shown, found: WhatIf | None, names: Labels) -> None:
    """Show the bars of the lens as it now is, rows that were left out as outlines."""
    gone = []
    if found is not None:
        out = {(contribution.kind, contribution.id) for contribution in found.gone(choice.lens)}
        gone = [row for row in before.rows if (row.exact.kind, row.exact.id) in out]
    with st.container(key="bars"):
        reasons.show(view, names, left_out=gone, most=MOST)


def _leave_out(choice: Choice, contributions: tuple[ShownContribution, ...], names: Labels) -> None:
    """Offer the strongest reasons of the lens to be left out."""
    offered = [
        contribution.exact for contribution in contributions if contribution.exact.kind in KINDS[choice.lens]
    ]
    if not offered:
        return
    alone = MOST if len(offered) > MOST + 1 else MOST + 1  # the last one is no group
    groups = [[contribution] for contribution in offered[:alone]]
    titles = _apart([in_markdown(names.title(contribution), 24) for [contribution] in groups])
    if rest := offered[alone:]:
        groups.append(rest)
        titles.append(f"All {len(rest):,} others")
    key, kept = f"without-{choice.lens}", _kept(choice)
    out = {(kind, one) for kind in KINDS[choice.lens] for one in getattr(kept, kind)}
    st.session_state[key] = [k for k, each in enumerate(groups) if (each[0].kind, each[0].id) in out]

    def keep() -> None:
        chosen = [contribution for k in st.session_state[key] for contribution in groups[k]]
        ids = {
            kind: tuple(contribution.id for contribution in chosen if contribution.kind == kind)
            for kind in KINDS[choice.lens]
        }
        _keep(choice, **ids)

    st.pills(
        "What if we leave out",
        range(len(groups)),
        format_func=titles.__getitem__,
        selection_mode="multi",
        wrap=True,
        on_change=keep,
        key=key,
    )


def _apart(titles: list[str]) -> list[str]:
    """Return titles that differ: of equal ones the later bear their number."""
    return [
        f"{title} ({titles[:k].count(title) + 1})" if title in titles[:k] else title
        for k, title in enumerate(titles)
    ]


def _keep(choice: Choice, **changes: tuple[str, ...]) -> None:
    """Keep changes by kind, the others as they were."""
    st.session_state[KEY] = (_pair(choice), replace(_kept(choice), **changes))


def _add(choice: Choice, names: Labels) -> None:
    """Offer any product that the client does not have to be added, and show the added ones."""
    added = _kept(choice).added
    if added:
        titles = _apart([in_markdown(names.product_name(key), 40) for key in added])
        st.session_state["added"] = list(range(len(added)))
        st.pills(
            "What if the client took",
            range(len(added)),
            format_func=titles.__getitem__,
            selection_mode="multi",
            wrap=True,
            on_change=lambda: _keep(choice, added=tuple(added[k] for k in st.session_state["added"])),
            key="added",
        )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        text = products.field("Add a product that the client might take", FIELD)
        if _kept(choice):
            st.button("Reset", icon=":material/undo:", on_click=_reset, args=(choice,), key="reset")
    model = desk.model(choice.run)
    products.matches(
        choice.dataset,
        text,
        lambda product: _keep(choice, added=(*added, product)),
        FIELD,
        without={choice.product, *added, *model.held(choice.client)},
    )


def _reset(choice: Choice) -> None:
    """Forget all changes of the pair."""
    st.session_state[KEY] = (_pair(choice), Changes())


def _consequence(choice: Choice, found: WhatIf, names: Labels, view: Shown | None) -> None:
    """Say what the change does, and why the product stands where it then stands."""
    with st.container(key="what-if"):
        total = None if view is None else view.total
        st.markdown(sentence(words.pieces(found, choice.ranking.scale, names, total)))
        then = pieces(found.after, view, names, choice.lens)
        st.markdown(f":gray[Then:] {sentence(then)}")
        digits = f"They differ by {abs(found.error):.0e}." if found.error else "They agree to the last digit."
        said = "The two agree." if abs(found.error) <= ROUNDING else digits
        st.caption(
            "Worked out again from the changed evidence, by code that knows no reasons; the model stays as "
            f"it is. {said}",
            help=digits,
        )
