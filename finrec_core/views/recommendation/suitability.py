"""The rules on screen: what their sets are called, and tables of checks, categories and flips."""

from collections import Counter

import pandas as pd

from finrec_core.advice import Rules, Verdict
from finrec_core.advice.flips import Flips
from finrec_core.advice.rules import CheckName, RuleSet
from finrec_core.advice.suitability import KINDS, Outcome
from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import product_names
from finrec_core.narrative.people import client_name
from finrec_core.terms import wording
from finrec_core.terms.wording import NONE

VERDICTS = [wording.capital(kind) for kind in KINDS]
SETS: dict[RuleSet, str] = {
    "investment": "Investments",
    "insurance": "Insurance",
    "credit": "Credit",
    "everyday": "Everyday banking",
}
MEANINGS: dict[RuleSet, str] = {
    "investment": "the product's facts against the client's profile.",
    "insurance": "demands and needs to be assessed.",
    "credit": "creditworthiness is assessed elsewhere.",
    "everyday": "only whether the product is offered.",
}
CHECKS: dict[CheckName, str] = {
    "risk class": "Risk class against risk tolerance",
    "horizon": "Recommended holding period against horizon",
    "knowledge": "Knowledge asked for against the client's",
    "loss potential": "Loss potential against capacity for loss",
    "profile age": "Age of the profile",
}
FORMER = "Products that the client gave up"
OUTCOMES: dict[Outcome, str] = {
    "passed": "Passed",
    "failed": "Failed",
    "missing": "Missing",
    "old": "Too old",
    "assess": "To assess",
}


def in_force(version: int) -> str:
    """Return which rules are meant, as a sentence."""
    if version:
        return f"Version {version} of the bank's rules."
    return "Rules that finrec proposes; the bank has set none yet."


def checks(verdict: Verdict) -> pd.DataFrame:
    """Return the checks of a verdict as a table: Rule, Product, Client, Came out."""
    rows = [
        (wording.capital(one.rule), one.product or NONE, one.client or NONE, [OUTCOMES[one.outcome]])
        for one in verdict.checks
    ]
    return pd.DataFrame(rows, columns=["Rule", "Product", "Client", "Came out"])


def categories(dataset: Dataset, rules: Rules) -> pd.DataFrame:
    """Return the categories of a dataset by the alphabet: Category, Products, Rule set.

    Products without a category fall under the set for all others and have no row.
    """
    sizes = Counter(filter(None, dataset.products["category"].to_pylist()))
    names = sorted(sizes, key=str.casefold)
    return pd.DataFrame(
        {
            "Category": pd.Series(names, dtype="str"),
            "Products": [sizes[name] for name in names],
            "Rule set": pd.Series([SETS[rules.set_of(name)] for name in names], dtype="str"),
        }
    )


def stated(rules: Rules) -> pd.DataFrame:
    """Return rules as a table that says all of them: Rule, Set to."""
    rows = [(wording.name(name, "", 200), SETS[chosen]) for name, chosen in rules.sets.items()]
    rows.append(("All other categories", SETS[rules.otherwise]))
    for name, title in CHECKS.items():
        on = "Checked" if name in rules.checks else "Not checked"
        if name == "profile age" and name in rules.checks:
            on = f"At most {wording.counted(rules.profile_months, 'month')}"
        rows.append((title, on))
    rows.append((FORMER, "May be recommended again" if rules.former_fits else "Do not fit"))
    return pd.DataFrame(rows, columns=["Rule", "Set to"], dtype="str")


def flip_counts(flips: Flips) -> pd.DataFrame:
    """Return how many verdicts change by verdict before and after, most first: Before, After, Verdicts."""
    order = sorted(flips.counts.items(), key=lambda item: -item[1])
    rows = [
        ([wording.capital(one)], [wording.capital(other)], count) for (one, other), count in order if count
    ]
    return pd.DataFrame(rows, columns=["Before", "After", "Verdicts"])


def first_flips(dataset: Dataset, flips: Flips) -> pd.DataFrame:
    """Return the first verdicts that change: Client, Product, Before, After."""
    rows = []
    for flip in flips.first:
        name = wording.name(product_names(dataset).or_id(flip.product))
        client = wording.capital(client_name(dataset, flip.client))
        rows.append((client, name, [wording.capital(flip.before)], [wording.capital(flip.after)]))
    return pd.DataFrame(rows, columns=["Client", "Product", "Before", "After"])
