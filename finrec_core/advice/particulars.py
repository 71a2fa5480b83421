"""The particulars of a client and of a product, each a label and a value as a person reads it."""

from finrec_core.advice.facts import value_words
from finrec_core.dataset import Dataset
from finrec_core.terms import wording

Particulars = tuple[tuple[str, str], ...]


def client_facts(dataset: Dataset, client: str) -> Particulars:
    """Return what the data says of a client, without its name, its products and the profile's date."""
    row = dataset.clients.slice(dataset.client_rows[client], 1).to_pylist()[0]
    return _known(
        ("Segment", _word(row["segment"])),
        ("Branch", _word(row["branch"])),
        ("Risk tolerance", value_words(row["risk_tolerance"], "risk_tolerance")),
        ("Horizon", value_words(row["horizon_years"], "horizon_years")),
        ("Knowledge", _word(row["knowledge"])),
        ("Capacity for loss", _word(row["loss_capacity"])),
    )


def product_facts(dataset: Dataset, product: str) -> Particulars:
    """Return what the data says of a product, without its name and its texts."""
    row = dataset.products.slice(dataset.product_rows[product], 1).to_pylist()[0]
    return _known(
        ("Category", _word(row["category"])),
        ("Risk class", value_words(row["risk_class"], "risk_class")),
        ("Recommended holding period", value_words(row["min_horizon_years"] or None, "min_horizon_years")),
        ("Ongoing cost", _yearly(row["ongoing_cost_pct"])),
        ("Knowledge needed", _word(row["min_knowledge"])),
        ("Loss potential", _word(row["loss_potential"])),
        ("Availability", "Not offered any more" if row["available"] is False else ""),
    )


def _known(*facts: tuple[str, str]) -> Particulars:
    return tuple((label, value) for label, value in facts if value)


def _word(value: str | None) -> str:
    text = (value or "").strip()
    return wording.capital(wording.name(text, " ")) if text else ""


def _yearly(percent: float | None) -> str:
    return "" if percent is None else f"{wording.plain(percent, 2)} % a year"
