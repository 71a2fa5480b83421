"""Facts: values in their order as numbers, and the age of a profile by the calendar."""

from datetime import date

import numpy as np
import pytest

from finrec_core.advice.facts import allowed, asked, last_days, profile_dates
from tests.advice.bank import bank


@pytest.mark.parametrize(
    ("dated", "months", "last"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-31", 12, "2026-01-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-12-15", 24, "2026-12-15"),
        ("1969-11-30", 3, "1970-02-28"),
        ("2025-03-31", 1, "2025-04-30"),
    ],
)
def test_a_profile_ages_by_the_calendar(dated: str, months: int, last: str) -> None:
    assert last_days(np.array([dated, "NaT"], dtype="datetime64[D]"), months).astype(str).tolist() == [
        last,
        "NaT",
    ]


def test_words_become_numbers_in_their_order() -> None:
    made = bank(
        [
            {
                "risk_class": 2,
                "min_horizon_years": 2.5,
                "min_knowledge": "advanced",
                "loss_potential": "none",
            },
            {},
        ],
        [{"loss_capacity": "beyond", "knowledge": "basic", "profile_date": date(2026, 1, 2)}, {}],
    )
    assert asked(made.products)[:, 0].tolist() == [2, 2.5, 2, 0]
    assert np.isnan(asked(made.products)[:, 1]).all()
    assert allowed(made.clients)[2:, 0].tolist() == [0, 3]
    assert profile_dates(made.clients).astype(str).tolist() == ["2026-01-02", "NaT"]
