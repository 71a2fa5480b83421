"""The pictures of a profile, each with the same figures as a table and in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import pandas as pd
import plotly.graph_objects as go

from finrec_core.dataset.profile import Band, Profile
from finrec_core.views import profile
from finrec_core.views.theme import Theme


@dataclass(frozen=True)
class Drawn:
    """A titled picture that waits for the theme, its table and its words."""

    key: str
    title: str
    figure: Callable[[Theme], go.Figure]
    table: pd.DataFrame
    alternative: str

    @classmethod
    def bands(cls, key: str, title: str, bands: Sequence[Band], unit: str, things: str) -> Self:
        """Return a distribution as bars."""
        return cls(
            key=key,
            title=title,
            figure=lambda ink: profile.bars(bands, ink, unit=unit),
            table=profile.table(bands, unit, things),
            alternative=profile.alternative(bands, title),
        )


def drawn(found: Profile) -> list[Drawn]:
    """Return the pictures that the data has something for."""
    shown = [
        Drawn.bands("clients", "Products of a client", found.by_client, "Products", "Clients"),
        Drawn.bands("products", "Holders of a product", found.by_product, "Holders", "Products"),
    ]
    if found.popularity.curve:
        shown.append(
            Drawn(
                key="popularity",
                title="Interactions on the most held products",
                figure=lambda ink: profile.popularity(found.popularity, ink),
                table=profile.popularity_table(found.popularity),
                alternative=profile.popularity_alternative(found.popularity),
            )
        )
    if found.times.months:
        shown.append(
            Drawn(
                key="months",
                title="Interactions over time",
                figure=lambda ink: profile.months(found.times.months, ink),
                table=profile.months_table(found.times.months),
                alternative=profile.months_alternative(found.times.months),
            )
        )
    for key, title, texts, things in (
        ("own", "Words of a product's own text", found.own_texts, "Products"),
        ("reviews", "Words of a review", found.reviews, "Reviews"),
    ):
        if texts.bands:
            shown.append(Drawn.bands(key, title, texts.bands, "Words", things))
    if found.ratings.bands:
        title = "Ratings" if found.ratings.limit is None else f"Ratings, low below {found.ratings.limit:g}"
        shown.append(Drawn.bands("ratings", title, found.ratings.bands, "Rating", "Interactions"))
    return shown
