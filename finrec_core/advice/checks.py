"""The checks of one client and one product, each with both values and a sentence that says them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from finrec_core.advice.facts import FACTS, FORMERLY_HELD, PROFILE_AGE, VALUES, Fact, last_days, value_words
from finrec_core.advice.rules import Rules
from finrec_core.advice.verdict import AVAILABILITY, Check, Outcome, Verdict
from finrec_core.narrative.former import sentence
from finrec_core.terms import wording

UNKNOWN = "not known"
PASSED = {  # what is said where both values are known, passed or not
    "risk_class": "Risk class {product}, tolerance {limit}.",
    "min_horizon_years": "Recommended holding period {product}, horizon {client}.",
    "min_knowledge": "Asks for {product} knowledge, the client's is {client}.",
    "loss_potential": "Loss potential {product}, capacity for loss {client}.",
}
PRODUCT_WORDS = {
    "risk_class": "risk class",
    "min_horizon_years": "recommended holding period",
    "min_knowledge": "knowledge asked for",
    "loss_potential": "loss potential",
}


def verdict(
    product: Mapping[str, Any], client: Mapping[str, Any], rules: Rules, today: date, former: str = ""
) -> Verdict:
    """Return the verdict on a product for a client, each a row of its table as plain values.

    `former` says until when the client had it, "" where it did not give it up.
    """
    rule_set = rules.set_of(product["category"])
    checks = [_availability(product)]
    if not rules.former_fits:
        checks.append(_former(former))
    if rule_set == "investment":
        checks += [_compared(fact, product, client) for fact in FACTS if fact.check in rules.checks]
        if PROFILE_AGE in rules.checks:
            checks.append(_age(client["profile_date"], rules.profile_months, today))
    elif rule_set == "insurance":
        checks.append(Check("demands and needs", "assess", "", "", "Demands and needs to be assessed."))
    elif rule_set == "credit":
        checks.append(Check("creditworthiness", "assess", "", "", "Creditworthiness is assessed elsewhere."))
    return Verdict.of(rule_set, tuple(checks))


def _availability(product: Mapping[str, Any]) -> Check:
    if product["available"] is False:
        return Check(AVAILABILITY, "failed", "not offered", "", "The product is not offered any more.")
    return Check(AVAILABILITY, "passed", "offered", "", "The product is offered.")


def _former(when: str) -> Check:
    if when:
        return Check(FORMERLY_HELD, "failed", "given up", when, sentence("The client", when))
    return Check(FORMERLY_HELD, "passed", "not given up", "", "The client did not give the product up.")


def _compared(fact: Fact, product: Mapping[str, Any], client: Mapping[str, Any]) -> Check:
    """Return the check of one fact, which passes up to and including the client's value."""
    asks, allows = product[fact.product], client[fact.client]
    words = value_words(asks, fact.product) or UNKNOWN
    limit = value_words(allows, fact.client) or UNKNOWN
    product_side, client_side = f"product's {PRODUCT_WORDS[fact.product]}", f"client's {fact.client_words}"
    outcome: Outcome = "missing"
    if asks is None and allows is None:
        said = f"The {product_side} and the {client_side} are missing."
    elif asks is None:
        said = f"The {product_side} is missing; the {client_side} is {limit}."
    elif allows is None:
        said = f"The {client_side} is missing; the {product_side} is {words}."
    else:
        outcome = "passed" if _place(asks, fact.product) <= _place(allows, fact.client) else "failed"
        said = PASSED[fact.product].format(product=words, client=limit, limit=allows)
    return Check(fact.check, outcome, words, limit, said)


def _age(dated: date | None, months: int, today: date) -> Check:
    """Return the check of a profile's age; one dated after today was dated wrongly, so its age is unknown."""
    most = wording.counted(months, "month")
    rule, on = f"at most {most}", UNKNOWN if dated is None else wording.day(dated)
    outcome: Outcome = "missing"
    if dated is None:
        said = "The client's profile has no date."
    elif dated > today:
        said = f"The client's profile is dated {on}, which is still to come."
    elif today > last_days(np.array([dated], dtype="datetime64[D]"), months)[0].item():
        outcome, said = "old", f"The client's profile of {on} is older than {most}."
    else:
        outcome, said = "passed", f"Profile of {on}, {rule} old."
    return Check(PROFILE_AGE, outcome, rule, on, said)


def _place(value: str | float, column: str) -> float:
    """Return a number whose order is that of the values of a fact."""
    return VALUES[column].index(str(value)) if column in VALUES else float(value)
