"""The constants of a model: what the search chooses on validation rows and `run.json` stores."""

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self, TypeVar

C = TypeVar("C")


@dataclass(frozen=True)
class Switches:
    """What a model may use; each ablation is the same code with a switch off.

    `text` covers product texts and reviews, `reviews` the reviews alone; `similar` is the relation
    of products that read alike with the ridge map, `second_stage` the text block and what is
    trained with it. `network`, `closed_form` and `tail` are the views A, B and C of the sum; `cold`
    scores products that nobody has by their words.

    >>> from finrec_core import FusedRecommender
    >>> from finrec_core.model import Switches
    >>> FusedRecommender(encoder="tf-idf", compare=False, switches=Switches(text=False)).fit(bank)
    FusedRecommender(no run, FusedModel(60 clients, 30 products, network + closed_form))
    """

    text: bool = True
    reviews: bool = True
    ties: bool = True
    recency: bool = True
    similar: bool = True
    network: bool = True
    closed_form: bool = True
    tail: bool = True
    second_stage: bool = True
    cold: bool = True

    def __post_init__(self) -> None:
        if not (self.network or self.closed_form):
            raise ValueError("a model needs the network or the closed form.")


@dataclass(frozen=True)
class ClosedFormConstants:
    """Constants of a closed-form view (docs/model.md, "View B: the closed form" and "View C: the tail").

    `decay` is the recency constant T in days (0: none), `loss_exponent` c in r_v ~ n_v^-c,
    `score_exponent` e in d_i^e, `w_own` and `w_reviews` the weights of the two text blocks.

    >>> recommender.constants.closed_form.ridge > 0
    True
    """

    ridge: float = 200.0
    ridge_degree: float = 1.0
    loss_exponent: float = 0.25
    score_exponent: float = 0.0
    w_own: float = 1.0
    w_reviews: float = 1.0
    power: float = 0.75
    decay: float = 0.0
    tie_share: float = 0.0


@dataclass(frozen=True)
class ColdConstants:
    """Constants of products that nobody has: the factor of view C, and what their scores start from.

    `level` is in units of the sum, `slope` the same by one unit of log(1 + holders) expected from words.
    """

    tail: float = 0.3
    slope: float = 0.6
    level: float = 0.0


@dataclass(frozen=True)
class NetworkConstants:
    """Constants of the network (docs/model.md, "View A: the network"); `steps` are the stages' early stops.

    >>> recommender.constants.network.dim
    64
    """

    dim: int = 64
    text_dim: int = 32
    rate: float = 0.02
    weight_decay: float = 1e-4
    degree_exponent: float = 0.5
    power: float = 0.75
    decay: float = 0.0
    tie_half: float = 5.0
    gate_half: float = 20.0
    seeds: int = 3
    steps: tuple[int, int] = (60, 30)


@dataclass(frozen=True)
class Constants:
    """All constants of a fused model, with the switches they were chosen under.

    `sigmas` are the spreads of the views in the order of `VIEWS`, None before a fit. `added` holds constants
    of views that have no field here, as (view, ((constant, value), ...)); see `of`.

    >>> from finrec_core.model import Constants
    >>> Constants.from_json(recommender.constants.to_json()) == recommender.constants
    True
    """

    switches: Switches = field(default_factory=Switches)
    network: NetworkConstants = field(default_factory=NetworkConstants)
    closed_form: ClosedFormConstants = field(default_factory=ClosedFormConstants)
    tail: ClosedFormConstants = field(default_factory=ClosedFormConstants)
    cold: ColdConstants = field(default_factory=ColdConstants)
    share: float = 0.2
    kappa: float = 30.0
    gamma: float = 0.1
    popular: float = 0.0
    sigmas: tuple[float, ...] | None = None
    added: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...] = ()

    @property
    def closed_share(self) -> float:
        """w, the closed form's share of the sum beside the network's 1 - w."""
        if not self.switches.closed_form:
            return 0.0
        return self.share if self.switches.network else 1.0

    def of(self, view: str, defaults: C) -> C:
        """Return the constants of an added view, a dataclass: `defaults` with what is known in their place.

        Raises `ValueError` where one of them is not a constant of the view.
        """
        try:
            return replace(defaults, **dict(dict(self.added).get(view, ())))  # type: ignore[type-var]
        except TypeError as error:
            raise ValueError(f"constants: {error}.") from error

    def adding(self, view: str, values: Any) -> Self:  # noqa: ANN401 - a dataclass of the view's own
        """Return these constants with those of an added view, a frozen dataclass, among them."""
        added = dict(self.added) | {view: tuple(asdict(values).items())}
        return replace(self, added=tuple(added.items()))

    def to_json(self) -> dict[str, Any]:
        """Return the constants as plain JSON values; without added views nothing tells of them."""
        values = asdict(self)
        added = {view: dict(own) for view, own in values.pop("added")}
        return values | ({"added": added} if added else {})

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what `to_json` gave; raises `ValueError` on a name it does not know."""
        nested = {
            "switches": Switches,
            "network": NetworkConstants,
            "closed_form": ClosedFormConstants,
            "tail": ClosedFormConstants,
            "cold": ColdConstants,
        }
        known = {f.name for f in fields(cls)}
        if unknown := set(values) - known:
            raise ValueError(f"constants: {', '.join(sorted(unknown))} is not a constant of this version.")
        try:
            read = {key: nested[key](**value) if key in nested else value for key, value in values.items()}
        except TypeError as error:
            raise ValueError(f"constants: {error}.") from error
        if "network" in read:
            steps = tuple(read["network"].steps)
            read["network"] = NetworkConstants(**{**asdict(read["network"]), "steps": steps})
        if read.get("sigmas") is not None:
            read["sigmas"] = tuple(read["sigmas"])
        if "added" in read:
            read["added"] = tuple((view, tuple(own.items())) for view, own in read["added"].items())
        return cls(**read)
