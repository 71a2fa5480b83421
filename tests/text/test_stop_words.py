"""The stop words: English ones and punctuation say nothing; numbers and words of other languages do."""

import pytest

from finrec_core.text.stop_words import speaks


@pytest.mark.parametrize("word", ["the", "The", "must", "and,", "“and”", "–", "...", ""])
def test_a_stop_word_says_nothing(word: str) -> None:
    assert not speaks(word)


@pytest.mark.parametrize("word", ["bond", "Bonds,", "5,000", "€40", "Zinsen", "利息", "don't"])
def test_any_other_word_speaks(word: str) -> None:
    assert speaks(word)
