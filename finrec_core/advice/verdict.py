"""The verdict on one product for one client: fits, check or does not fit, with every rule it rests on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

from finrec_core.advice.facts import FORMERLY_HELD
from finrec_core.advice.rules import RULE_SETS, RuleSet
from finrec_core.terms import wording

VerdictKind = Literal["fits", "check", "does not fit"]
Outcome = Literal["passed", "failed", "missing", "old", "assess"]
KINDS: tuple[VerdictKind, ...] = get_args(VerdictKind)
AVAILABILITY = "availability"


@dataclass(frozen=True)
class Check:
    """One rule applied: its name, how it came out, both values in words, and a sentence that says it."""

    rule: str
    outcome: Outcome
    product: str
    client: str
    sentence: str

    def __post_init__(self) -> None:
        if self.outcome not in get_args(Outcome):
            raise ValueError(f"a check has no outcome {self.outcome!r}.")


@dataclass(frozen=True)
class Verdict:
    """What the bank's rules say; a failed rule outweighs one that cannot be told, that one those passed.

    Raises `ValueError` where `kind` is not what the checks come to.

    >>> from datetime import date
    >>> from finrec_core import Rules, Suitability
    >>> client = bank.clients["client_id"][0].as_py()
    >>> suits = Suitability.of(bank, client, Rules.proposed(bank), date(2026, 3, 1))
    >>> suits.verdict(0).kind == suits.kinds[0]
    True
    """

    kind: VerdictKind
    rule_set: RuleSet
    checks: tuple[Check, ...]

    def __post_init__(self) -> None:
        if self.rule_set not in RULE_SETS or self.kind != _kind(self.checks):
            raise ValueError(
                f"checks of the set {self.rule_set!r} come to {_kind(self.checks)!r}, not {self.kind!r}."
            )

    @classmethod
    def of(cls, rule_set: RuleSet, checks: tuple[Check, ...]) -> Self:
        """Return the verdict that the checks come to."""
        return cls(_kind(checks), rule_set, checks)

    @property
    def passed(self) -> tuple[str, ...]:
        """The names of the rules that were passed; what holds of every product counts where it is all."""
        names = [check.rule for check in self.checks if check.outcome == "passed"]
        return tuple([name for name in names if name not in (AVAILABILITY, FORMERLY_HELD)] or names)

    @property
    def missing(self) -> bool:
        """Whether a fact is missing or old, on the client's side or the product's."""
        return any(check.outcome in ("missing", "old") for check in self.checks)

    @property
    def reason(self) -> str:
        """Why, as one sentence: what passed, or all that did not."""
        if self.kind == "fits":
            return f"Passes the bank's rules on {', '.join(self.passed)}."
        telling = ("failed",) if self.kind == "does not fit" else ("missing", "old", "assess")
        said = [check.sentence.removesuffix(".") for check in self.checks if check.outcome in telling]
        return "; ".join([*said[:1], *map(wording.inside, said[1:])]) + "."

    @property
    def sentence(self) -> str:
        """The verdict and why, as "Fits: passes the bank's rules on risk class, horizon."."""
        return f"{wording.capital(self.kind)}: {wording.inside(self.reason)}"

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as plain values, with its sentence for whoever reads it without finrec."""
        return asdict(self) | {"checks": [asdict(check) for check in self.checks], "sentence": self.sentence}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the verdict that `to_json` wrote; raises `ValueError` where its parts do not agree."""
        return cls(values["kind"], values["rule_set"], tuple(Check(**check) for check in values["checks"]))


def _kind(checks: tuple[Check, ...]) -> VerdictKind:
    outcomes = {check.outcome for check in checks}
    if "failed" in outcomes:
        return "does not fit"
    return "check" if outcomes - {"passed"} or not outcomes else "fits"
