"""The rules: what can be set, what is proposed, and that every set of rules survives JSON."""

import json
from typing import Any

import pytest

from finrec_core.advice.rules import CHECKS, Rules, RulesError
from finrec_core.demo.bank import demo_bank
from tests.advice.bank import bank


def test_a_category_that_is_not_named_falls_under_the_set_for_all_others() -> None:
    rules = Rules({"Cards": "everyday"}, otherwise="credit")
    assert [rules.set_of(name) for name in ("Cards", "cards", None)] == ["everyday", "credit", "credit"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"sets": {"Cards": "cards"}}, "no rule set “cards”"),
        ({"otherwise": ""}, "no rule set “”"),
        ({"profile_months": 0}, "1 to 600 months, not 0"),
        ({"profile_months": 12.5}, "1 to 600 months, not 12.5"),
        ({"profile_months": True}, "1 to 600 months, not True"),
        ({"checks": ["taste"]}, "no check “taste”"),
        ({"checks": ["profile age"]}, "At least one of risk class, horizon, knowledge, loss potential"),
        ({"checks": 3}, "no rules that this version of finrec reads"),
        ({"former_fits": "no"}, "formerly held fits is true or false, not 'no'"),
        ({"former_fits": 1}, "formerly held fits is true or false, not 1"),
        ({"sets": 3}, "no rules that this version of finrec reads"),
    ],
)
def test_rules_that_cannot_be_are_one_sentence(values: dict[str, Any], said: str) -> None:
    with pytest.raises(RulesError, match=said):
        Rules.from_json(Rules({}).to_json() | values)


def test_rules_survive_json_and_checks_keep_their_order() -> None:
    rules = Rules({"B": "credit", "A": "insurance"}, "everyday", 7, ("horizon", "risk class"))
    assert rules.checks == ("risk class", "horizon")
    assert rules.former_fits
    assert Rules.from_json(json.loads(json.dumps(rules.to_json()))) == rules
    with pytest.raises(RulesError, match="no rules"):
        Rules.from_json({})


def test_rules_from_before_open_and_let_what_is_formerly_held_be_recommended_again() -> None:
    old = Rules({"A": "insurance"}).to_json()
    del old["former_fits"]
    assert Rules.from_json(old) == Rules({"A": "insurance"})
    strict = Rules({}, former_fits=False)
    assert Rules.from_json(json.loads(json.dumps(strict.to_json()))) == strict != Rules({})


def test_for_the_demo_bank_every_category_finds_its_set() -> None:
    rules = Rules.proposed(demo_bank(60, 100, 0).dataset)
    assert rules.sets == {
        "Bonds": "investment",
        "Cards": "everyday",
        "Funds": "investment",
        "Insurance": "insurance",
        "Loans": "credit",
        "Pensions": "investment",
        "Savings": "investment",
    }
    assert (rules.checks, rules.otherwise) == (CHECKS, "investment")


def test_a_proposal_leans_on_facts_first_then_on_names_and_else_is_strict() -> None:
    products = [
        {"category": "Insurance", "risk_class": 4},  # linked to funds: most carry a risk class
        {"category": "Savings accounts"},
        {"category": "Savings accounts", "risk_class": 1},
        {"category": "Home LOANS"},
        {"category": "Gold"},
        {},
    ]
    rules = Rules.proposed(bank(products, [{"risk_tolerance": 3}]))
    assert rules.sets == {
        "Insurance": "investment",
        "Savings accounts": "everyday",
        "Home LOANS": "credit",
        "Gold": "investment",
    }
    assert rules.checks == ("risk class",)  # no other fact of a product is known, and no date
    assert Rules.proposed(bank([{}], [{}])).checks == ("risk class",)
