"""Variants: made-up products for demo catalogues larger than the hand-written one."""

from typing import Any

import numpy as np

from finrec_core.demo.grammar import Dice, expand, parse_lines, read, words

STREAM = 51


def variants(number: int, seed: int) -> list[dict[str, Any]]:
    """Return `number` product records with distinct names, mixed over the families of `extra.toml`.

    Raises `ValueError` naming the largest possible catalogue where the families do not hold so many.
    """
    families = read("extra")["family"]
    rng = np.random.default_rng([seed, STREAM])
    dice = Dice(seed, STREAM, 1)
    decks = [rng.permutation(_size(family)).tolist() for family in families]
    limit = sum(map(len, decks))
    if number > limit:
        raise ValueError(
            f"the demo bank can make up {limit:,} products beside its own hundred, not {number:,}."
        )
    rows: list[dict[str, Any]] = []
    while len(rows) < number:
        for family, deck in zip(families, decks, strict=True):
            for _ in range(min(family["share"], len(deck), number - len(rows))):
                rows.append(_variant(family, deck.pop(), dice))  # noqa: PERF401
    return rows


def _axes(family: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the regions and the forms of a family, [""] where it has none."""
    return words(family["region"]) or [""], words(family["form"]) or [""]


def _size(family: dict[str, Any]) -> int:
    """Return how many products a family can make."""
    regions, forms = _axes(family)
    return len(family["theme"]) * len(regions) * len(forms)


def _variant(family: dict[str, Any], place: int, dice: Dice) -> dict[str, Any]:
    """Return the product record of one combination of a family."""
    regions, forms = _axes(family)
    place, form = divmod(place, len(forms))
    theme_row, region = divmod(place, len(regions))
    theme = family["theme"][theme_row]
    facts = {
        "house": family["house"],
        "region": regions[region],
        "form": forms[form],
        "theme": theme["name"],
        "text": theme["text"],
    }
    name = family["name"]
    for slot, fact in facts.items():
        name = name.replace(f"<{slot}>", fact)
    sentences = [
        expand(dice.pick(parse_lines(family[part])).pieces, dice, facts.__getitem__)
        for part in ("first", "second", "third")[: 2 + dice.roll(2)]
    ]
    row = {
        "name": " ".join(name.split()),
        "category": family["category"],
        "description": " ".join(sentences),
        "tastes": theme["tastes"],
        "popularity": dice.roll(4) + dice.roll(2) * dice.roll(2) * 0.5,
        "knowledge": family["knowledge"],
        "likes": "",
        "gripes": "",
    }
    if "risk" in family:
        low, high = family["risk"]
        near, far = family["horizon"]
        row |= {
            "risk": low + dice.roll(high - low + 1),
            "horizon": near + dice.roll(far - near + 1),
            "loss": family["loss"],
        }
    cheap, dear = family["cost"]
    if "Index" in row["name"]:
        dear = min(dear, 30)
    if dear:
        row["cost"] = (cheap + dice.roll(dear - cheap + 1)) / 100
    return row
