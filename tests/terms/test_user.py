"""The name of who works on a desk without sign-in, and how people who sign in stand in the record."""

from pathlib import Path

import pytest

from finrec_core.settings import settings
from finrec_core.terms.user import give, name_of, signature, user


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FINREC_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FINREC_USER", "")
    settings.cache_clear()
    yield tmp_path / "data"
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("data")
def test_nobody_is_named_after_the_operating_systems_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "root")
    assert user() == ""


def test_a_name_is_given_once_and_the_setting_goes_before_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert give("  Marta   Åberg ") == "Marta Åberg"
    assert user() == "Marta Åberg"
    monkeypatch.setenv("FINREC_USER", "Ben")
    settings.cache_clear()
    assert user() == "Ben"
    assert [one.name for one in data.iterdir()] == ["person.json"]


@pytest.mark.parametrize("text", ["[1", "{}", '{"name": 7}', '{"name": "a\\u0000b"}', "\xff"])
def test_a_damaged_file_is_no_name(data: Path, text: str) -> None:
    data.mkdir()
    (data / "person.json").write_bytes(text.encode("latin-1"))
    assert user() == ""


@pytest.mark.parametrize("name", ["Ana Lind", "Ana (sub x, iss y)", "Ana (sub"])
def test_a_signature_tells_the_name_again(name: str) -> None:
    assert name_of(signature(name, "24", "https://id.bank.example")) == name


@pytest.mark.parametrize("text", ["", "Ana", "Ana (of Hill)"])
def test_what_is_no_signature_is_a_name(text: str) -> None:
    assert name_of(text) == text
