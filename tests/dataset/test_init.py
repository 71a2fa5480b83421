"""Names that left the package are still found, and say where they are now."""

import pytest

import finrec_core.dataset
from finrec_core.intake import Source


def test_a_name_that_moved_is_found_with_a_warning() -> None:
    with pytest.warns(DeprecationWarning, match=r"Source is in finrec_core\.intake now"):
        assert finrec_core.dataset.Source is Source


@pytest.mark.parametrize("name", sorted(finrec_core.dataset._MOVED))
def test_every_name_that_moved_is_there(name: str) -> None:
    with pytest.warns(DeprecationWarning):
        assert getattr(finrec_core.dataset, name)
    assert name not in finrec_core.dataset.__all__


def test_what_never_was_there_is_not_found() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Sauce'"):
        _ = finrec_core.dataset.Sauce
