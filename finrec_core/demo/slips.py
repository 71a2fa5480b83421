"""Slips and habits of the pen: contractions, connecting words, mistyped letters."""

import re

from finrec_core.demo.grammar import Dice, read, words

WRITTEN = read("slips")
CONTRACTED = re.compile("|".join(r"\b" + re.escape(key) + "(?=[a-z])" for key in WRITTEN["contractions"]))
SUBJECTS = frozenset(words(WRITTEN["subjects"]))
MAY_BE_SMALL = SUBJECTS.union(words(WRITTEN["may_be_small"]))
INNER = re.compile(r"[a-z]{5,}")


def contract(text: str) -> str:
    """Return a text with don't for do not and the like."""
    return CONTRACTED.sub(lambda match: WRITTEN["contractions"][match[0]], text)


def finish(text: str) -> str:
    """Return a text that ends a sentence."""
    return text if text[-1] in '.!?:,"' or "\n" in text else text + "."


def connect(sentence: str, dice: Dice) -> str:
    """Return a sentence that turns against the one before it, at times with a word that says so."""
    first = sentence.split(" ", 1)[0]
    if first not in MAY_BE_SMALL or ":" in sentence or not dice.chance(0.6):
        return sentence
    return dice.pick(WRITTEN["turns"]) + _small(sentence)


def run_on(text: str, sentence: str, dice: Dice) -> str:
    """Return two sentences, at times as one."""
    first = sentence.split(" ", 1)[0]
    if first not in SUBJECTS or text[-1] != "." or len(text) > 110 or not dice.chance(0.6):
        return f"{finish(text)} {sentence}"
    return text[:-1] + dice.pick((", and ", " and ")) + _small(sentence)


def _small(sentence: str) -> str:
    """Return a sentence with a small first letter, unless it begins with I."""
    return sentence if re.match(r"I\b", sentence) else sentence[0].lower() + sentence[1:]


def mistype(text: str, dice: Dice) -> str:
    """Return a text with one or two letters wrong, as fast fingers leave them."""
    usual = [word for word in WRITTEN["misspelt"] if word in text]
    if usual and dice.chance(0.7):
        word = dice.pick(usual)
        return text.replace(word, WRITTEN["misspelt"][word], 1)
    for _ in range(1 + dice.roll(5) // 4):
        places = [match.span() for match in INNER.finditer(text)]
        if not places:
            break
        low, high = dice.pick(places)
        at = low + 1 + dice.roll(high - low - 2)
        slip = dice.roll(4)
        if slip == 0:
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        elif slip == 1:
            text = text[:at] + text[at + 1 :]
        elif slip == 2:
            text = text[:at] + text[at] + text[at:]
        else:
            text = text.replace("'", "", 1)
    return text
