"""Suitability: verdicts of one client on a whole catalogue, with the sentences that give their reasons."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.advice.rules import CHECKS, RULE_SETS, Rules
from finrec_core.advice.suitability import KINDS, Suitability, Verdict
from finrec_core.dataset.schema import KNOWLEDGE, LOSS
from tests.advice.bank import bank

TODAY = date(2026, 11, 25)
RULES = Rules({"Insurance": "insurance", "Loans": "credit", "Cards": "everyday"})
FUND = {
    "category": "Funds",
    "risk_class": 3,
    "min_horizon_years": 5.0,
    "min_knowledge": "basic",
    "loss_potential": "limited",
}
CLIENT = {
    "risk_tolerance": 4,
    "horizon_years": 8.0,
    "knowledge": "informed",
    "loss_capacity": "full",
    "profile_date": date(2026, 1, 31),
}


def verdict(product: dict[str, Any], client: dict[str, Any], rules: Rules = RULES) -> Verdict:
    """Return the verdict on a fund with other facts for the client with other facts."""
    suitability = Suitability.of(bank([FUND | product], [CLIENT | client, CLIENT]), "c0", rules, TODAY)
    assert suitability is not None
    assert suitability.kinds.tolist() == [suitability.verdict(0).kind]
    return suitability.verdict(0)


def test_fits_names_every_rule_that_was_passed() -> None:
    passed = "risk class, horizon, knowledge, loss potential, profile age"
    assert verdict({}, {}).sentence == f"Fits: passes the bank's rules on {passed}."
    few = Rules({}, checks=("risk class", "horizon"))
    assert verdict({}, {"profile_date": None}, few).reason == (
        "Passes the bank's rules on risk class, horizon."
    )


@pytest.mark.parametrize(
    ("product", "client", "said"),
    [
        ({"risk_class": 6}, {"risk_tolerance": 3}, "Risk class 6 of 7, tolerance 3."),
        (
            {},
            {"horizon_years": 4.5},
            "Recommended holding period 5 years, horizon 4.5 years.",
        ),
        (
            {"min_knowledge": "advanced"},
            {},
            "Asks for advanced knowledge, the client's is informed.",
        ),
        ({"loss_potential": "beyond"}, {}, "Loss potential beyond, capacity for loss full."),
        ({"available": False}, {}, "The product is not offered any more."),
        ({"available": False, "category": "Cards"}, {}, "The product is not offered any more."),
        (
            {"risk_class": 5, "min_horizon_years": 9.0},
            {},
            "Risk class 5 of 7, tolerance 4; recommended holding period 9 years, horizon 8 years.",
        ),
        # A failed rule outweighs a missing fact.
        ({"risk_class": 5, "loss_potential": None}, {"knowledge": None}, "Risk class 5 of 7, tolerance 4."),
    ],
)
def test_does_not_fit_says_which_rule_with_both_values(
    product: dict[str, Any], client: dict[str, Any], said: str
) -> None:
    found = verdict(product, client)
    assert (found.kind, found.reason) == ("does not fit", said)
    assert found.sentence == f"Does not fit: {said[0].lower()}{said[1:]}"


@pytest.mark.parametrize(
    ("product", "client", "said"),
    [
        (
            {"risk_class": None},
            {},
            "The product's risk class is missing; the client's risk tolerance is 4 of 7.",
        ),
        (
            {},
            {"loss_capacity": None},
            "capacity for loss is missing; the product's loss potential is limited.",
        ),
        (
            {"min_horizon_years": None},
            {"horizon_years": None},
            "The product's recommended holding period and the client's horizon are missing.",
        ),
        ({}, {"profile_date": None}, "The client's profile has no date."),
        ({}, {"profile_date": date(2026, 11, 26)}, "dated 26 Nov 2026, which is still to come."),
        ({}, {"profile_date": date(2024, 11, 24)}, "profile of 24 Nov 2024 is older than 24 months."),
    ],
)
def test_check_says_which_fact_is_missing_or_old_and_on_whose_side(
    product: dict[str, Any], client: dict[str, Any], said: str
) -> None:
    found = verdict(product, client)
    assert found.kind == "check"
    assert found.missing
    assert found.reason.endswith(said)


def test_a_limit_belongs_to_what_passes() -> None:
    limit = {"risk_tolerance": 3, "horizon_years": 5.0, "knowledge": "basic", "loss_capacity": "limited"}
    assert verdict({}, limit).kind == "fits"
    assert verdict({}, limit | {"horizon_years": 4.999}).kind == "does not fit"
    assert verdict({}, {"profile_date": date(2024, 11, 25)}).kind == "fits"


def test_insurance_and_credit_are_assessed_and_everyday_banking_is_there() -> None:
    insurance = verdict({"category": "Insurance", "risk_class": 7}, {})
    assert insurance.sentence == "Check: demands and needs to be assessed."
    assert not insurance.missing
    assert verdict({"category": "Loans"}, {}).reason == "Creditworthiness is assessed elsewhere."
    card = verdict({"category": "Cards", "risk_class": None, "available": None}, {"profile_date": None})
    assert card.sentence == "Fits: passes the bank's rules on availability."


def test_a_data_set_without_profiles_has_no_suitability() -> None:
    assert (
        Suitability.of(bank([FUND], [{"profile_date": TODAY, "segment": "Private"}]), "c0", RULES, TODAY)
        is None
    )
    assert Suitability.of(bank([], [CLIENT]), "c0", RULES, TODAY) is not None


def test_a_verdict_survives_json_and_its_parts_must_agree() -> None:
    found = verdict({"risk_class": 6}, {"knowledge": None})
    assert Verdict.from_json(found.to_json()) == found
    with pytest.raises(ValueError, match="come to 'does not fit', not 'fits'"):
        Verdict.from_json(found.to_json() | {"kind": "fits"})
    broken = found.to_json()
    broken["checks"][0]["outcome"] = "perhaps"
    with pytest.raises(ValueError, match="no outcome 'perhaps'"):
        Verdict.from_json(broken)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


years = st.sampled_from([0.0, 0.5, 1.0, 2.5, 5.0])
products = st.fixed_dictionaries(
    {
        "category": maybe(st.sampled_from(["Funds", "Insurance", "Loans", "Cards"])),
        "risk_class": maybe(st.integers(1, 7)),
        "min_horizon_years": maybe(years),
        "min_knowledge": maybe(st.sampled_from(KNOWLEDGE)),
        "loss_potential": maybe(st.sampled_from(LOSS)),
        "available": maybe(st.booleans()),
    }
)
clients = st.fixed_dictionaries(
    {
        "risk_tolerance": maybe(st.integers(1, 7)),
        "horizon_years": maybe(years),
        "knowledge": maybe(st.sampled_from(KNOWLEDGE)),
        "loss_capacity": maybe(st.sampled_from(LOSS)),
        "profile_date": maybe(st.dates(date(2024, 1, 1), date(2026, 12, 31))),
    }
)
rules = st.builds(
    Rules,
    sets=st.dictionaries(
        st.sampled_from(["Funds", "Insurance", "Loans", "Cards"]), st.sampled_from(RULE_SETS)
    ),
    otherwise=st.sampled_from(RULE_SETS),
    profile_months=st.integers(1, 36),
    checks=st.sets(st.sampled_from(CHECKS)).filter(lambda on: on - {"profile age"}).map(tuple),
    former_fits=st.booleans(),
)


@given(st.lists(products, min_size=1, max_size=12), clients, rules, st.sets(st.integers(0, 11)))
def test_the_grid_and_the_checks_one_by_one_agree(
    made: list[dict[str, Any]], client: dict[str, Any], chosen: Rules, gone: set[int]
) -> None:
    given_up = [(0, row) for row in sorted(gone) if row < len(made)] + [(1, 0)]
    suitability = Suitability.of(bank(made, [client, CLIENT], given_up), "c0", chosen, TODAY)
    assert suitability is not None
    found = [suitability.verdict(row) for row in range(len(made))]
    assert suitability.kinds.tolist() == [one.kind for one in found]
    for one in found:
        assert one.sentence.startswith(f"{one.kind.capitalize()}: ")
        assert Verdict.from_json(one.to_json()) == one
        assert one.kind != "fits" or one.passed


def test_what_the_client_gave_up_fits_unless_a_rule_says_otherwise() -> None:
    dataset = bank([FUND, FUND | {"category": "Cards"}, FUND], [CLIENT, CLIENT], [(0, 0), (0, 1), (1, 2)])
    again = Suitability.of(dataset, "c0", RULES, TODAY)
    ruled_out = Suitability.of(dataset, "c0", replace(RULES, former_fits=False), TODAY)
    assert again is not None
    assert ruled_out is not None
    assert again.kinds.tolist() == ["fits", "fits", "fits"]
    assert ruled_out.kinds.tolist() == ["does not fit", "does not fit", "fits"]
    assert ruled_out.verdict(0).sentence == "Does not fit: the client had it until June 2024."
    assert ruled_out.verdict(1).rule_set == "everyday", "it holds of every rule set"
    assert ruled_out.verdict(2).sentence == again.verdict(2).sentence, "what was not given up is not named"
    assert [one.rule for one in ruled_out.verdict(2).checks][:2] == ["availability", "formerly held"]
    assert "formerly held" not in [one.rule for one in again.verdict(0).checks]


def test_the_rule_needs_no_profiles() -> None:
    dataset = bank([FUND, FUND], [{}, {}], [(0, 0)])
    assert Suitability.of(dataset, "c0", RULES, TODAY) is None
    found = Suitability.of(dataset, "c0", replace(RULES, former_fits=False), TODAY)
    assert found is not None
    assert found.kinds.tolist() == ["does not fit", "check"]
    nobody = bank([FUND], [{}], [])
    assert Suitability.of(nobody, "c0", replace(RULES, former_fits=False), TODAY) is None


def test_the_representation_counts_the_verdicts() -> None:
    suitability = Suitability.of(bank([FUND, FUND | {"risk_class": 7}], [CLIENT]), "c0", RULES, TODAY)
    assert repr(suitability) == "Suitability('c0': 1 fits, 0 check, 1 does not fit)"
    assert np.isin(KINDS, ["fits", "check", "does not fit"]).all()
