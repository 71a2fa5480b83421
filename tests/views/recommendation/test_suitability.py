"""The rules on screen: every name has its words, and the tables say what the values say."""

from datetime import date
from typing import get_args

from finrec_core.advice import Rules, Suitability
from finrec_core.advice.facts import CheckName
from finrec_core.advice.flips import Flips
from finrec_core.advice.rules import CHECKS, RULE_SETS
from finrec_core.advice.suitability import Outcome
from finrec_core.views.recommendation import suitability
from tests.advice.bank import bank

TODAY = date(2026, 11, 25)
BANK = bank(
    [
        {"name": "A", "category": "funds", "risk_class": 6},
        {"category": "Cards"},
        {"category": "funds", "risk_class": 1},
        {"category": "<b>"},
        {},
    ],
    [{"name": "Ann", "risk_tolerance": 3}, {"risk_tolerance": 7}],
)
RULES = Rules({"Cards": "everyday", "Gone": "credit"}, checks=("risk class",))


def test_every_set_check_and_outcome_has_its_words() -> None:
    assert tuple(suitability.SETS) == tuple(suitability.MEANINGS) == RULE_SETS
    assert tuple(suitability.CHECKS) == CHECKS == get_args(CheckName)
    assert tuple(suitability.OUTCOMES) == get_args(Outcome)
    assert suitability.in_force(0).endswith("the bank has set none yet.")
    assert suitability.in_force(12) == "Version 12 of the bank's rules."


def test_the_checks_of_a_verdict_stand_with_both_values() -> None:
    suits = Suitability.of(BANK, "c0", RULES, TODAY)
    assert suits is not None
    assert suitability.checks(suits.verdict(0)).values.tolist() == [
        ["Availability", "offered", "–", ["Passed"]],
        ["Risk class", "6 of 7", "3 of 7", ["Failed"]],
    ]


def test_categories_stand_by_the_alphabet_with_their_sets() -> None:
    assert suitability.categories(BANK, RULES).values.tolist() == [
        ["<b>", 1, "Investments"],
        ["Cards", 1, "Everyday banking"],
        ["funds", 2, "Investments"],
    ]
    assert len(suitability.categories(bank([{}], [{}]), RULES)) == 0


def test_rules_are_stated_whole() -> None:
    said = dict(
        suitability.stated(Rules(RULES.sets, "credit", 12, ("horizon", "profile age"))).values.tolist()
    )
    assert (said["Cards"], said["Gone"], said["All other categories"]) == (
        "Everyday banking",
        "Credit",
        "Credit",
    )
    assert said[suitability.CHECKS["horizon"]] == "Checked"
    assert said[suitability.CHECKS["risk class"]] == "Not checked"
    assert said[suitability.CHECKS["profile age"]] == "At most 12 months"
    assert said[suitability.FORMER] == "May be recommended again"
    strict = suitability.stated(Rules({}, former_fits=False)).values.tolist()
    assert dict(strict)[suitability.FORMER] == "Do not fit"


def test_flips_stand_by_number_and_by_client() -> None:
    flips = Flips.of(BANK, RULES, Rules({}, "credit"), TODAY)
    assert suitability.flip_counts(flips).values.tolist() == [
        [["Fits"], ["Check"], 5],
        [["Does not fit"], ["Check"], 1],
    ]
    first = suitability.first_flips(BANK, flips).values.tolist()
    assert first[0] == ["Ann", "A", ["Does not fit"], ["Check"]]
    assert first[-1] == ["Client c1", "p2", ["Fits"], ["Check"]]
    assert len(suitability.first_flips(BANK, Flips.of(BANK, RULES, RULES, TODAY))) == 0
