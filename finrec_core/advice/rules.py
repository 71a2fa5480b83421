"""The bank's rules: which set each category falls under, and what is checked of an investment."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

import pyarrow.compute as pc

from finrec_core.advice.facts import FACTS, PROFILE_AGE, CheckName
from finrec_core.dataset import Dataset

RuleSet = Literal["investment", "insurance", "credit", "everyday"]
RULE_SETS: tuple[RuleSet, ...] = get_args(RuleSet)
CHECKS: tuple[CheckName, ...] = get_args(CheckName)
MONTHS = 24  # proposed greatest age of a profile
MOST_MONTHS = 600
# Parts of category names that tell a rule set where the products carry no risk class.
WORDS: tuple[tuple[RuleSet, tuple[str, ...]], ...] = (
    ("insurance", ("insur", "assurance", "protection")),
    ("credit", ("loan", "credit", "mortgage", "lending", "overdraft", "leasing")),
    ("everyday", ("account", "card", "payment", "saving", "deposit", "everyday")),
)


class RulesError(ValueError):
    """Rules that cannot be; the message is one sentence for whoever set them."""


@dataclass(frozen=True)
class Rules:
    """What the bank's compliance sets; every version is kept in the store as JSON.

    Args:
        sets: Categories to rule sets.
        otherwise: The rule set of all other categories, and of products without one.
        profile_months: Months by the calendar after which a profile has to be renewed before an
            investment fits.
        checks: Those that are on; at least one compares a fact of the product with one of the client.
        former_fits: Whether a product that the client gave up may be recommended to it again, whatever
            set it falls under.

    Raises:
        RulesError: Where one of these does not hold.

    >>> from finrec_core import Rules
    >>> rules = Rules.proposed(bank)
    >>> Rules.from_json(rules.to_json()) == rules
    True
    """

    sets: Mapping[str, RuleSet]
    otherwise: RuleSet = "investment"
    profile_months: int = MONTHS
    checks: tuple[CheckName, ...] = CHECKS
    former_fits: bool = True

    def __post_init__(self) -> None:
        for name in (*self.sets.values(), self.otherwise):
            if name not in RULE_SETS:
                raise RulesError(f"There is no rule set “{name}”; there are {', '.join(RULE_SETS)}.")
        if unknown := [name for name in self.checks if name not in CHECKS]:
            raise RulesError(f"There is no check “{unknown[0]}”; there are {', '.join(CHECKS)}.")
        if type(self.profile_months) is not int or not 1 <= self.profile_months <= MOST_MONTHS:
            raise RulesError(
                f"The greatest age of a profile is 1 to {MOST_MONTHS} months, not {self.profile_months}."
            )
        if type(self.former_fits) is not bool:
            raise RulesError(
                f"Whether what is formerly held fits is true or false, not {self.former_fits!r}."
            )
        object.__setattr__(self, "sets", dict(sorted(self.sets.items())))
        object.__setattr__(self, "checks", tuple(name for name in CHECKS if name in self.checks))
        if not set(self.checks) - {PROFILE_AGE}:
            raise RulesError(
                f"At least one of {', '.join(CHECKS[:-1])} has to be checked: "
                "an investment cannot fit without any."
            )

    def set_of(self, category: str | None) -> RuleSet:
        """Return the rule set that a product of this category falls under.

        Args:
            category: A category of the catalogue, or None.

        Returns:
            One of `RULE_SETS`.
        """
        return self.otherwise if category is None else self.sets.get(category, self.otherwise)

    def to_json(self) -> dict[str, Any]:
        """Return the rules as plain values.

        Returns:
            What `json` writes, by field.
        """
        return asdict(self) | {"checks": list(self.checks)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the rules that `to_json` wrote.

        Args:
            values: Plain values by field.

        Returns:
            Equal rules.

        Raises:
            RulesError: For anything else.
        """
        try:
            return cls(
                sets=dict(values["sets"]),
                otherwise=values["otherwise"],
                profile_months=values["profile_months"],
                checks=tuple(values["checks"]),
                former_fits=values.get("former_fits", True),  # which was not written down at first
            )
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, RulesError):
                raise
            raise RulesError(f"These are no rules that this version of finrec reads ({error!r}).") from error

    @classmethod
    def proposed(cls, dataset: Dataset) -> Self:
        """Return rules for a bank that has set none.

        A category of which most products carry a risk class is one of investments; of the others the
        name tells the set, and where it does not they count as investments, the strictest. A check is on
        where any product carries its fact, that of the profile's age where any client's has a date.

        Args:
            dataset: The bank's catalogue and clients.

        Returns:
            The proposal.
        """
        categories = dataset.products["category"].to_pylist()
        risky = Counter(
            category
            for category, known in zip(
                categories, dataset.products["risk_class"].is_valid().to_pylist(), strict=True
            )
            if known
        )
        sizes = Counter(categories)
        sets = {
            category: _named(category) if 2 * risky[category] <= size else "investment"
            for category, size in sizes.items()
            if category is not None
        }
        on = [fact.check for fact in FACTS if dataset.products[fact.product].null_count < sum(sizes.values())]
        if pc.any(dataset.clients["profile_date"].is_valid()).as_py():
            on.append(PROFILE_AGE)
        return cls(sets, checks=tuple(on) if set(on) - {PROFILE_AGE} else (FACTS[0].check, *on))


def _named(category: str) -> RuleSet:
    """Return the rule set that the name of a category tells, that of investments where it tells none."""
    folded = category.casefold()
    return next((name for name, words in WORDS if any(word in folded for word in words)), "investment")
