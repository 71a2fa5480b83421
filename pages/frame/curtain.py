"""The curtain: parts of a page that belong to one choice change together, when all of the new is there.

Each part has two sides. A run for another choice fills the side that nobody sees, while the other stays as it
was; one message then turns all parts at once, and what stood before is taken away. What is not ready after
`GRACE` lies under a quiet cover meanwhile.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.frame import chart

GRACE = 150  # milliseconds for which what was chosen before may stay
Part = Callable[[str], DeltaGenerator]


@contextmanager
def raised(name: str, parts: Sequence[str], now: Hashable, *, about: Hashable = None) -> Iterator[Part]:
    """Yield what takes the name of a part and returns the side to draw it on, until all of it is drawn.

    `now` is what the parts show. Where they showed it before, they are drawn where they stand. Where they
    were `about` something else before, as another client, what stands there is covered without waiting.
    """
    key = f"{name}-curtain"
    side, shown, subject = st.session_state.get(key, (0, None, None))
    fresh = shown != now
    new = 1 - side if fresh else side
    old = {part: f"{name}-{part}-{1 - new}" for part in parts}
    style = st.container(key=key).empty()
    grace = GRACE if subject == about else 0
    style.html(_rules(key, [_waiting(f"{name}-{part}-{new}", old[part], grace) for part in parts if fresh]))
    sides: dict[str, list[DeltaGenerator]] = {}

    def drawn(part: str) -> DeltaGenerator:
        with st.container(key=f"{name}-{part}", gap=None):
            sides[part] = [st.container(key=f"{name}-{part}-{k}", gap=None) for k in (0, 1)]
        return sides[part][new].container()

    yield drawn
    if not fresh:
        return
    style.html(_rules(key, [f"{_wrapped(one)}{{display:none}}" for one in old.values()]))
    for both in sides.values():
        both[1 - new].empty()
    st.session_state[key] = (new, now, about)  # not before: a run that is cut off has turned nothing


def _rules(key: str, rules: Sequence[str]) -> str:
    """Return rules of style as an element that takes no room; a style that stands first is not kept."""
    return f"<i></i><style>.st-key-{key}{{display:none}}{''.join(rules)}</style>"


def _wrapped(side: str) -> str:
    """Return the selector of what Streamlit wraps a side in, which has its place in the row."""
    return f"[data-testid=stLayoutWrapper]:has(>.st-key-{side})"


def _waiting(new: str, old: str, grace: int) -> str:
    """Return what keeps one side out of sight, at its width, and covers the other after `grace`."""
    stage, faint = new.rpartition("-")[0], chart.colours().faint
    return (
        f".st-key-{stage}{{position:relative}}"
        f"{_wrapped(new)}{{position:absolute;left:0;right:0;top:0;visibility:hidden}}"
        f".st-key-{old} [data-stale]{{opacity:1!important;transition:none!important}}"
        f".st-key-{old}{{animation:finrec-cover 1ms linear {grace}ms both}}"
        f".st-key-{old}>*{{animation:finrec-gone 1ms linear {grace}ms both}}"
        "@keyframes finrec-gone{from{visibility:visible}to{visibility:hidden}}"
        "@keyframes finrec-cover{from{background:none}to{background:"
        f"repeating-linear-gradient({faint} 0 14px,transparent 14px 44px)}}}}"
    )
