"""One explanation that all views are tested on, and strings that try to break out of them."""

import json
import math
from collections.abc import Callable

import plotly.graph_objects as go
import pytest

from finrec_core.explain.explanation import Contribution, Explanation, Lens, Word
from finrec_core.explain.points import PointScale
from finrec_core.narrative.labels import Labels, Review
from finrec_core.narrative.people import Other, Tie
from finrec_core.views.charts.draft import Draft
from finrec_core.views.recommendation.paths import Subgraph

HOSTILE = (
    "<script>window.broken=1</script>",
    '"><img src=x onerror="window.broken=1">',
    "</script><script>window.broken=1</script>",
    '<a href="javascript:window.broken=1">href</a>',
    "${window.broken=1} {{7*7}} %{x} $x^2$ `code` **bold**",
    "صندوق \u202eالاستثمار",
    "成長株式ファンド（毎月分配型）為替ヘッジあり年金向け",
    "👩‍👩‍👧‍👦 Family & Söhne 'quoted' \\ back",
    "x" * 300,
)
REVIEW = "Steady income, low costs. The price swings in spring."


def lens(contributions: list[tuple[str, str, float]], score: float, words: tuple[Word, ...] = ()) -> Lens:
    """A lens of (kind, id, points) whose base is what the parts leave of the score."""
    made = [
        Contribution(kind, key, "secret label", value, words=words if kind == "review" else ())
        for kind, key, value in contributions
    ]
    made.sort(key=lambda contribution: -abs(contribution.value))
    return Lens(score - math.fsum(contribution.value for contribution in made), tuple(made), score)


CLIENT_PARTS = [
    ("interaction", "green", 34.0),
    ("interaction", "short", 27.0),
    ("tie", "secret-erik", 13.0),
    ("interaction", "world", 9.0),
    ("interaction", "loan", -5.0),
    ("tie", "secret-jo", 4.0),
    ("interaction", "card", -2.0),
    ("interaction", "pension", 0.4),
]
PRODUCT_PARTS = [
    ("client", "secret-a", 19.0),
    ("client", "secret-b", 14.0),
    ("learned", "climate", 12.0),
    ("client", "secret-c", 11.0),
    ("review", "secret-a/climate", 8.0),
    ("description", "climate", 7.0),
    ("product", "alpine", 5.0),
    ("review", "secret-d/climate", -4.0),
    *(("client", f"secret-{k}", 0.25) for k in range(12)),
]
NAMES = {
    "green": "Nordlys Green Savings Plan",
    "short": "Alpine Short Bond Fund",
    "world": "Meridian World Index Fund",
    "loan": "Harbour Home Loan",
    "card": "Travel Card Gold",
    "pension": "Evergreen Pension Basic",
    "alpine": "Alpine Corporate Bond Fund",
    "climate": "Nordlys Climate Bond Fund",
}


@pytest.fixture
def scale() -> PointScale:
    """A scale on which a score is its points."""
    return PointScale(0.0, 100.0)


@pytest.fixture
def explanation() -> Explanation:
    """A product 92 points strong, with both lenses; ids of other people begin with "secret"."""
    words = (
        Word("secret-a/climate", "Steady", 0, 6, 4.0),
        Word("secret-a/climate", "income,", 7, 14, 3.0),
        Word("secret-a/climate", "swings", 36, 42, -1.0),
    )
    client, product = lens(CLIENT_PARTS, 92.0), lens(PRODUCT_PARTS, 92.0, words)
    return Explanation("marta", "climate", 2, 92.0, client, product)


@pytest.fixture
def labels() -> Labels:
    """The labels of `explanation`; only the first two similar clients' shared products may be named."""
    others = {
        "secret-a": Other(1, "private", 4, ("green", "short")),
        "secret-b": Other(2, "private", 2, ("green", "world")),
        "secret-c": Other(3, "", 3),
    } | {f"secret-{k}": Other(4 + k, "", 1) for k in range(12)}
    return Labels(
        client="Marta Lindqvist",
        product=NAMES["climate"],
        product_id="climate",
        products=NAMES,
        ties={"secret-erik": Tie("household", 1, 1), "secret-jo": Tie("colleague", 1, 1)},
        others=others,
        reviews={
            "secret-a/climate": Review(1, REVIEW),
            "secret-d/climate": Review(2, "Too slow for me."),
        },
        descriptions={"climate": "Nordlys Climate Bond Fund"},
        holders=38,
        held=6,
    )


@pytest.fixture
def subgraph() -> Subgraph:
    """What the similar clients of `labels` that may be named have in common with the client."""
    return Subgraph({"secret-a": ("green", "short"), "secret-b": ("green", "world")})


@pytest.fixture
def hostile(labels: Labels) -> Callable[[str], Labels]:
    """Return labels in which every name and text is a given string."""

    def made(text: str) -> Labels:
        return Labels(
            **vars(labels)
            | {
                "client": text,
                "product": text,
                "verb": text[:40],
                "products": dict.fromkeys(NAMES, text),
                "ties": {key: Tie(text, 1, 2, text) for key in labels.ties},
                "reviews": {key: Review(1, text, text, text, text) for key in labels.reviews},
            }
        )

    return made


@pytest.fixture(autouse=True)
def checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a draft become a figure only where plotly takes it as it is, which the desk does not wait for."""
    made = Draft.figure

    def figure(draft: Draft) -> go.Figure:
        found = made(draft)
        assert json.loads(go.Figure(draft.to_dict()).to_json()) == json.loads(found.to_json())
        return found

    monkeypatch.setattr(Draft, "figure", figure)
