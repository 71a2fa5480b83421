import pytest

from finrec_core.terms.file_name import file_name
from tests.hostile import NAME, TEXTS


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("bank-1-rejected.csv", "bank-1-rejected.csv"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\u202efdp.exe-1.csv", "a-fdp-exe-1.csv"),
        ("成長株式-1.csv", "成長株式-1.csv"),
        ("aux.csv", "file-aux.csv"),
        ("...csv", "file.csv"),
        ("", "file"),
        ('x"; filename="evil.exe.csv', "x-filename-evil-exe.csv"),
        ("a\r\nSet-Cookie: b.html", "a-Set-Cookie-b.html"),
    ],
)
def test_a_file_is_called_by_letters_and_digits(name: str, safe: str) -> None:
    assert file_name(name) == safe


@pytest.mark.parametrize("text", [*TEXTS, NAME, "x" * 5000])
def test_no_name_of_the_data_is_more_than_a_name(text: str) -> None:
    made = file_name(f"{text}-1.csv")
    assert made.endswith(".csv")
    assert made.count(".") == 1
    assert len(made) <= 110
    assert not set(made) & set('\u202e/\\"<>:|?*\r\n\t ')
