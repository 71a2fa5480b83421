"""The snapshot: what was shown of one recommendation, as values that outlive run, version and client."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, Self, get_args

import numpy as np

from finrec_core.advice.alternatives import Alternatives
from finrec_core.advice.emptiness import nothing_left
from finrec_core.advice.particulars import Particulars, client_facts, product_facts
from finrec_core.advice.suitability import Suitability, Verdict, VerdictKind
from finrec_core.dataset import Dataset
from finrec_core.explain import Explanation, Shown, shown
from finrec_core.explain.explanation import Kind
from finrec_core.narrative import Labels
from finrec_core.narrative.former import badge, formers
from finrec_core.narrative.holdings import Holding, holdings
from finrec_core.narrative.labels import product_titles
from finrec_core.narrative.people import client_name
from finrec_core.narrative.sentence import sentence
from finrec_core.ranking import Ranking
from finrec_core.terms import wording

LENGTH = 10  # lines of a list that count as shown
EVIDENCE: dict[Kind, str] = {
    "interaction": "interactions",
    "client": "clients",
    "review": "reviews",
    "tie": "ties",
}


class Trained(Protocol):
    """The run that a snapshot names, as the store's `RunRow` has it."""

    @property
    def run(self) -> str:
        """The name of the run."""

    @property
    def dataset(self) -> str:
        """The name of the dataset it learned from."""

    @property
    def version(self) -> int:
        """The version of that dataset; 0 where it has none."""

    @property
    def content_hash(self) -> str:
        """The hash of that version's content."""

    @property
    def created(self) -> datetime:
        """When it was trained."""


@dataclass(frozen=True)
class Line:
    """One line of a list: `rank` is None for what is not offered, `points` None on a flat list.

    `former` says until when the client had the product, "" where it did not, or in an older snapshot.
    """

    rank: int | None
    product: str
    name: str
    category: str
    points: int | None
    verdict: VerdictKind | None
    held: bool = False
    former: str = ""

    def __post_init__(self) -> None:
        if self.verdict is not None and self.verdict not in get_args(VerdictKind):
            raise ValueError(f'a line cannot have the verdict "{self.verdict}".')

    @property
    def title(self) -> str:
        """The name of the product, and until when the client had it where it gave it up."""
        return f"{self.name} ({wording.inside(badge(self.former))})" if self.former else self.name


@dataclass(frozen=True)
class ShownReason:
    """A bar of the client lens in whole points: one reason, or `count` smaller ones of a kind together."""

    kind: str
    title: str
    points: int
    count: int = 1


@dataclass(frozen=True, repr=False)
class Snapshot:
    """One recommendation as it was shown, in plain values.

    `start` + the points of `reasons` = `total` = `points`, as printed; all are None, and `reasons` empty,
    where every product scores the same. `taken` and `trained` are ISO times in UTC, `profile_date` an ISO
    date. `rules_version` 0 are the rules proposed, None where none applied. `lines` are the first of the
    client's list, `alternatives` the best other products that fit (or that are offered, where suitability
    cannot be checked). Other clients stand in it as numbers and kinds of tie, whatever the screen may show.
    """

    run: str
    trained: str
    dataset: str
    version: int
    content_hash: str
    rules_version: int | None
    taken: str
    verb: str
    client: str
    client_name: str
    client_facts: Particulars
    profile_date: str | None
    product: str
    product_name: str
    category: str
    product_facts: Particulars
    cost_pct: float | None
    risk_class: int | None
    loss_potential: str | None
    rank: int | None
    offered: int
    points: int | None
    branch: str
    start: int | None
    reasons: tuple[ShownReason, ...]
    total: int | None
    sentence: str
    evidence: Mapping[str, int]
    verdict: Verdict | None
    lines: tuple[Line, ...]
    alternatives: tuple[Line, ...]
    holdings: tuple[Holding, ...] = ()  # what the client had then; empty in an older snapshot
    former: str = ""  # until when the client had the product; "" where it did not give it up
    no_other: str = ""  # why there is no alternative; "" where there is one, or in an older snapshot
    empty: str = ""  # why the list was empty, in a sentence; "" where it was not, or in an older snapshot

    def __post_init__(self) -> None:
        if self.total is None:
            whole = self.start is None and not self.reasons
        else:
            whole = self.start is not None and self.start + sum(r.points for r in self.reasons) == self.total
        if not whole:
            raise ValueError("the points of a snapshot do not add up to their total.")

    def __repr__(self) -> str:
        return (
            f"Snapshot({self.client} / {self.product}: rank {self.rank}, {len(self.reasons)} reasons, "
            f"{len(self.lines)} lines)"
        )

    def to_json(self) -> dict[str, Any]:
        """Return the snapshot as plain values of JSON."""
        return asdict(self) | {
            "verdict": self.verdict and self.verdict.to_json(),
            "holdings": [one.to_json() for one in self.holdings],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `to_json` wrote; raises `ValueError` where it is none of its making."""
        try:
            # These were not written down at first.
            values = {"no_other": "", "empty": "", "former": "", "holdings": ()} | dict(values)
            made = {name: values[name] for name in cls.__dataclass_fields__}
            verdict = made["verdict"]
            return cls(
                **made
                | {
                    "client_facts": tuple((label, value) for label, value in made["client_facts"]),
                    "product_facts": tuple((label, value) for label, value in made["product_facts"]),
                    "reasons": tuple(ShownReason(**reason) for reason in made["reasons"]),
                    "verdict": None if verdict is None else Verdict.from_json(verdict),
                    "holdings": tuple(Holding.from_json(one) for one in made["holdings"]),
                    "lines": tuple(Line(**line) for line in made["lines"]),
                    "alternatives": tuple(Line(**line) for line in made["alternatives"]),
                }
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"these values are no snapshot ({error}).") from error

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        trained: Trained,
        explanation: Explanation,
        ranking: Ranking,
        *,
        suitability: Suitability | None,
        rules_version: int | None,
        taken: datetime,
    ) -> Self:
        """Return what is shown of an explanation and of its client's list.

        Explanation and ranking are of one client and the model of `trained`, which learned from `dataset`;
        `suitability` is of that client, None where it cannot be checked.
        """
        labels = Labels.of(dataset, explanation)  # other people without names, whatever the settings say
        view = shown(explanation.client_lens, ranking.scale)
        client, product = explanation.client, explanation.product
        row = dataset.product_rows[product]
        facts = dataset.products.slice(row, 1).to_pylist()[0]
        place = dataset.client_rows[client]
        profiled = dataset.clients["profile_date"][place].as_py()
        parts = explanation.client_lens.contributions + explanation.product_lens.contributions
        counts = Counter(part.kind for part in parts)
        others = Alternatives.of(dataset, ranking, suitability, row)
        return cls(
            run=trained.run,
            trained=_utc(trained.created),
            dataset=trained.dataset,
            version=trained.version,
            content_hash=trained.content_hash,
            rules_version=None if suitability is None else rules_version,
            taken=_utc(taken),
            verb=labels.verb,
            client=client,
            client_name=wording.capital(client_name(dataset, place)),
            client_facts=client_facts(dataset, client),
            profile_date=None if profiled is None else profiled.isoformat(),
            product=product,
            product_name=labels.product,
            category=facts["category"] or "",
            product_facts=product_facts(dataset, product),
            cost_pct=facts["ongoing_cost_pct"],
            risk_class=facts["risk_class"],
            loss_potential=facts["loss_potential"],
            rank=explanation.rank,
            offered=len(ranking.order),
            points=None if view is None else view.total,
            branch=explanation.branch,
            start=None if view is None else view.start,
            reasons=() if view is None else _reasons(view, labels),
            total=None if view is None else view.total,
            sentence=sentence(explanation, view, labels, "client"),
            evidence={name: counts[kind] for kind, name in EVIDENCE.items()},
            verdict=None if suitability is None else suitability.verdict(row),
            lines=lines(dataset, ranking, ranking.order[:LENGTH], suitability),
            alternatives=lines(dataset, ranking, np.array(others.rows, dtype=np.int64), suitability),
            holdings=holdings(dataset, client),
            former=labels.former,
            no_other=others.none,
            empty=nothing_left(dataset, ranking),
        )


def lines(
    dataset: Dataset, ranking: Ranking, rows: np.ndarray, suitability: Suitability | None
) -> tuple[Line, ...]:
    """Return the lines of a client's list for product rows (lines,), in their order."""
    client = dataset.client_rows[ranking.client]
    mine = dataset.pairs.of_client(client)
    held = set(dataset.pair_products[mine[dataset.pairs.held[mine]]].tolist())
    had = formers(dataset, client)
    chosen, titles = dataset.products.take(rows), product_titles(dataset, rows.tolist())
    return tuple(
        Line(
            rank=int(ranking.ranks[row]) or None,
            product=key,
            name=titles[key],
            category=category or "",
            points=None if ranking.scale.flat else ranking.scale.whole(float(ranking.scores[row])),
            verdict=None if suitability is None else str(suitability.kinds[row]),  # type: ignore[arg-type]
            held=row in held,
            former=had.get(row, ""),
        )
        for row, key, category in zip(
            rows.tolist(), *(chosen[column].to_pylist() for column in ("product_id", "category")), strict=True
        )
    )


def _reasons(view: Shown, labels: Labels) -> tuple[ShownReason, ...]:
    """Return the bars of the client lens: its rows, and the smaller reasons of each kind together."""
    found = [ShownReason(row.exact.kind, labels.title(row.exact), round(row.points)) for row in view.rows]
    kinds = {row.exact.kind for row in view.rows}
    for group in view.groups:
        what = "connection" if group.kind == "tie" else "product"
        title = wording.counted(group.count, f"other {what}" if group.kind in kinds else what)
        if group.count == 1:
            title = next(labels.title(part.exact) for part in view.rest if part.exact.kind == group.kind)
        found.append(ShownReason(group.kind, title, group.points, group.count))
    return tuple(found)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
