import pyarrow as pa
import pytest

from finrec_core.intake.spelling import spelled


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ('="00123"', "00123"),
        ("'00123", "00123"),
        ("'=1+1", "=1+1"),
        ('"A1"', "A1"),
        ("'A1'", "A1"),
        ("b'A1'", "A1"),
        ("\u201eA1\u201c", "A1"),
        (" A1\t", "A1"),
        ("\u00a0A1\u2007", "A1"),
        ("A\u00a01", "A 1"),
        ("A\u200b1", "A1"),
        ("\ufeffA1", "A1"),
        ("\u202aA1\u202c", "A1"),
        ("A\u00ad1", "A1"),
        ("A\u200d1", "A1"),
        ("A\u20111", "A-1"),
        ("\uff21\uff11", "A1"),
        ("\u0661\u0662", "12"),
        ("Ju\u0308rg", "J\u00fcrg"),
        ("\u200b", ""),
        ("\u3000", ""),
        ('""', ""),
    ],
)
def test_what_does_not_belong_to_an_id_is_taken_off(written, plain):
    assert spelled(pa.array([written, "plain"])).to_pylist() == [plain, "plain"]


@pytest.mark.parametrize(
    "text",
    ["0010", "a", "A", "10000.0", "O'Neill", "'t Hooft", "A-1", "A  1", "\u0645\u06cc\u200c\u062e", "="],
)
def test_what_may_tell_two_ids_apart_stays(text):
    assert spelled(pa.array([text])).to_pylist() == [text]


def test_an_empty_cell_stays_empty():
    assert spelled(pa.array([None, "\u00fc", ""])).to_pylist() == [None, "\u00fc", ""]
