"""What is foreseen, in words."""

import pytest

from finrec_core.views.model import estimate


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(3, "5 s"), (27, "25 s"), (70, "1 min"), (250, "4 min"), (4000, "1 h 10 min"), (9000, "2 h 30 min")],
)
def test_a_rough_time_has_few_digits(seconds, said):
    assert estimate.time(seconds) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "0 bytes"),
        (64_234, "64 kB"),
        (1.25e6, "1.3 MB"),
        (456e6, "460 MB"),
        (1.24e9, "1.2 GB"),
        (20.3e9, "20 GB"),
    ],
)
def test_an_amount_of_memory_has_two_digits(amount, said):
    assert estimate.size(amount) == said


def test_time_and_memory_stand_in_one_sentence():
    assert estimate.sentence((95, 200), (1.1e9, 1.3e9), 20e9) == (
        "About 2 to 3 min and 1.1 to 1.3 GB; this machine has 20 GB free."
    )
    assert estimate.sentence((40, 130), (4e8, 4e8), None) == "About 40 s to 2 min and 400 MB."
    assert (
        estimate.sentence((2900, 9000), (4e8, 2e9), None)
        == "About 48 min to 2 h 30 min and 400 MB to 2.0 GB."
    )


def test_too_little_memory_is_said_with_what_to_do():
    assert estimate.warning((1e9, 2e9), None) == estimate.warning((1e9, 2e9), 2e9) == ""
    assert estimate.warning((1e9, 3e9), 2e9).startswith(
        "It may need 3.0 GB, and this machine has 2.0 GB free"
    )
    assert "it will not fit. Close other programs" in estimate.warning((3e9, 4e9), 2e9)


@pytest.mark.parametrize(
    ("known", "texts", "said"),
    [
        (3120, 3300, "3,120 of 3,300 texts are already read."),
        (5, 5, "All 5 texts are already read."),
        (1, 1, "Its text is read."),
        (0, 7, "7 texts to read, once."),
        (0, 0, "There are no texts to read."),
    ],
)
def test_what_is_read_already(known, texts, said):
    assert estimate.read(known, texts) == said
