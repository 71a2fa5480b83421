"""The user of a container can be a number without a name."""

import pytest

from finrec_core.terms import user as module
from finrec_core.terms.user import user


def test_it_is_the_local_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "getuser", lambda: "marta")
    assert user() == "marta"


@pytest.mark.parametrize("error", [OSError, KeyError])
def test_without_a_name_it_is_blank(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def nobody() -> str:
        raise error

    monkeypatch.setattr(module, "getuser", nobody)
    assert user() == ""
