"""The total: what clients of other branches give to a score, as one part in place of one each."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import fsum
from typing import overload

from finrec_core.explain import Contribution, Explanation, Lens
from finrec_core.explain.counterfactual import Counterfactual
from finrec_core.explain.what_if import WhatIf
from finrec_core.terms.bounds import TOO_FEW

KINDS = ("tie", "client")  # parts that are other clients


def parts(found: Sequence[Contribution], sees: Callable[[str], bool]) -> tuple[Contribution, ...]:
    """Return parts with those of clients who may not be seen as one; its value is their sum, as it was.

    Its label says how many clients it stands for, where they are `TOO_FEW` or more.
    """
    hidden = [one for one in found if one.kind in KINDS and not sees(one.id)]
    if not hidden:
        return tuple(found)
    count = len({one.id for one in hidden})
    label = f"{count:,} clients of other branches" if count >= TOO_FEW else "clients of other branches"
    total = Contribution("branches", label, label, fsum(one.value for one in hidden))
    kept = [one for one in found if one.kind not in KINDS or sees(one.id)]
    return tuple(sorted([*kept, total], key=lambda one: (-abs(one.value), one.kind, one.id)))


def lens(found: Lens, sees: Callable[[str], bool]) -> Lens:
    """Return a lens whose clients of other branches are one part; base + parts are the score as before."""
    return replace(found, contributions=parts(found.contributions, sees))


@overload
def narrowed(found: Explanation, sees: Callable[[str], bool]) -> Explanation: ...
@overload
def narrowed(found: WhatIf, sees: Callable[[str], bool]) -> WhatIf: ...
@overload
def narrowed(found: Counterfactual, sees: Callable[[str], bool]) -> Counterfactual: ...
def narrowed(
    found: Explanation | WhatIf | Counterfactual, sees: Callable[[str], bool]
) -> Explanation | WhatIf | Counterfactual:
    """Return an explanation, what-if or counterfactual in which clients who may not be seen are one total."""
    if isinstance(found, WhatIf):
        return replace(found, before=narrowed(found.before, sees), after=narrowed(found.after, sees))
    if isinstance(found, Counterfactual):
        return replace(found, contributions=parts(found.contributions, sees))
    return replace(
        found, client_lens=lens(found.client_lens, sees), product_lens=lens(found.product_lens, sees)
    )
