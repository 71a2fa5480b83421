"""The value types of an explanation: words, parts, a lens, and both lenses of one score."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["interaction", "tie", "client", "product", "review", "description", "learned", "branches"]
TIED: tuple[Kind, ...] = (
    "tie",
    "branches",
)  # people close to the client, one by one or together


@dataclass(frozen=True)
class Word:
    """A stretch `text[start:end]` of a source (`description` or a review's id) and its share of the score.

    A text that was not opened into words stands as one stretch from its first to its last character.

    >>> client = bank.clients["client_id"][0].as_py()
    >>> product = recommender.recommend(client, k=1)[0].product
    >>> parts = recommender.explain(client, product, words=3).product_lens.contributions
    >>> opened = next(part for part in parts if len(part.words) > 1)
    >>> abs(sum(word.value for word in opened.words) - opened.text_value) < 1e-9
    True
    """

    source: str
    text: str
    start: int
    end: int
    value: float


@dataclass(frozen=True)
class Contribution:
    """One summand of a score: what it comes from, its value, and how much of it goes through text.

    `id` is a product id (`interaction`, `product`, `description`, `learned`), a client id (`tie`,
    `client`) or a review id (`review`: "<client id>/<product id>"). `branches` are all clients of other
    branches together, where they may not be seen: its `id` names them. The values of `words` add up to
    `text_value`; `word_error` is the gap between the stored text vectors and the states encoded
    now that was shared over the words, as a share of the sum of the words' absolute values.

    >>> client = bank.clients["client_id"][0].as_py()
    >>> lens = recommender.explain(client, recommender.recommend(client, k=1)[0].product).client_lens
    >>> lens.contributions[0].kind in ("interaction", "tie")
    True
    """

    kind: Kind
    id: str
    label: str
    value: float
    text_value: float = 0.0
    words: tuple[Word, ...] = ()
    word_error: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f'a part cannot be of kind "{self.kind}".')


@dataclass(frozen=True, repr=False)
class Lens:
    """One score as base + parts, largest absolute value first; `base_note` names what the base holds.

    >>> client = bank.clients["client_id"][0].as_py()
    >>> lens = recommender.explain(client, recommender.recommend(client, k=1)[0].product).client_lens
    >>> abs(lens.base + sum(part.value for part in lens.contributions) - lens.score) < 1e-9
    True
    """

    base: float
    contributions: tuple[Contribution, ...]
    score: float
    base_note: str = ""

    @property
    def error(self) -> float:
        """How far base + parts miss the score; shown to the user, never hidden."""
        return self.base + sum(contribution.value for contribution in self.contributions) - self.score

    def __repr__(self) -> str:
        return f"Lens({len(self.contributions)} parts, score {self.score:.4g}, error {self.error:.1e})"


@dataclass(frozen=True, repr=False)
class Explanation:
    """One score taken apart twice: by what the client has, and by what speaks for the product.

    `rank` is None where the client already has the product. `branch` is "popularity" for a client
    without positive interactions and ties, whose score is all base, else "fused".

    >>> client = bank.clients["client_id"][0].as_py()
    >>> explanation = recommender.explain(client, recommender.recommend(client, k=1)[0].product)
    >>> explanation.rank, explanation.branch, explanation.lens("client") is explanation.client_lens
    (1, 'fused', True)
    """

    client: str
    product: str
    rank: int | None
    score: float
    client_lens: Lens
    product_lens: Lens
    branch: Literal["fused", "popularity"] = "fused"
    has: bool = False

    def lens(self, name: str) -> Lens:
        """Return the lens called `client` or `product`."""
        return {"client": self.client_lens, "product": self.product_lens}[name]

    def __repr__(self) -> str:
        return f"Explanation({self.client} / {self.product}: rank {self.rank}, score {self.score:.4g})"
