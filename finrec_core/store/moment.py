"""The moment: UTC times as rows hold them, to the microsecond and without a zone."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present in UTC."""
    return datetime.now(UTC)


def to_row(moment: datetime) -> datetime:
    """Return an aware time as a row holds it; raises `ValueError` for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone.")
    return moment.astimezone(UTC).replace(tzinfo=None)


def from_row(moment: datetime) -> datetime:
    """Return a row's time as an aware one."""
    return moment.replace(tzinfo=UTC)
