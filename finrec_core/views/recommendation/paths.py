"""The paths of a picture: which people and products of one lens are drawn, and what links them.

What a client and the similar clients beside it both have, edge by edge, is its subgraph.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from finrec_core.dataset import Dataset
from finrec_core.explain.explanation import Explanation
from finrec_core.explain.points import Shown, ShownContribution
from finrec_core.model.evidence import Evidence
from finrec_core.narrative.labels import Labels
from finrec_core.terms import wording
from finrec_core.terms.names import LensName

FEW, MORE = (4, 3), (7, 6)  # boxes beside the client, boxes beside the product
PERSON, PRODUCT, TEXT = "person", "product", "text"
UNLISTED = "unlisted"  # the box of shared products that may not be named
# Kinds of a lens that can be drawn; what a product's record is made of has no path.
DRAWN = {"client": ("interaction", "tie"), "product": ("client", "product", "review", "description")}
SHAPES = {"interaction": PRODUCT, "product": PRODUCT, "tie": PERSON, "client": PERSON}


@dataclass(frozen=True, repr=False)
class Subgraph:
    """By client id, the ids of the products that it and the explained client both have, in listed order."""

    common: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, dataset: Dataset, evidence: Evidence, client: str, labels: Labels) -> "Subgraph":
        """Walk the graph of a run from a client and those whose shared products may be named.

        Nobody else's edges are looked at; where nobody's may be named, graph and DGL are not even loaded.
        """
        keys = [key for key, other in labels.others.items() if other.shared]
        if not keys:
            return cls()
        rows = [dataset.client_rows[key] for key in (client, *keys)]
        mine, *theirs = (set(products) for products in evidence.graph.products_of(rows))
        ids = dataset.products["product_id"]
        return cls(
            {
                key: ids.take(pa.array(sorted(mine & having), pa.int64())).to_pylist()
                for key, having in zip(keys, theirs, strict=True)
            }
        )

    def __repr__(self) -> str:
        return f"Subgraph({len(self.common)} similar clients)"


@dataclass(frozen=True)
class Node:
    """One box: a key of this picture only, its column (0 the client, 3 the product) and its name.

    `former` says until when the client had what it gave up, "" for any other box. `points` is what stands
    beside the name, "" for a box that carries none; `sign` is that of its line.
    """

    key: str
    column: int
    name: str
    shape: str
    points: str = ""
    sign: Literal[-1, 0, 1] = 0
    former: str = ""


@dataclass(frozen=True)
class Link:
    """A line from one box to another; `weight` is the size of its points, 0 for a line without a sign."""

    start: str
    end: str
    says: str
    points: str = ""
    sign: Literal[-1, 0, 1] = 0
    weight: float = 0.0


@dataclass(frozen=True, repr=False)
class Paths:
    """The boxes, strongest first within a column, and the lines between them."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    def __repr__(self) -> str:
        return f"Paths({len(self.nodes)} boxes, {len(self.links)} lines)"

    def name(self, key: str) -> str:
        """Return the name of a box."""
        return next(node.name for node in self.nodes if node.key == key)


def paths(
    explanation: Explanation,
    view: Shown,
    labels: Labels,
    lens: LensName,
    *,
    subgraph: Subgraph,
    more: bool = False,
) -> Paths:
    """Return what the picture of one lens holds; numbers are those of `view` and of no other lens.

    Client lens: what the client has and whom it is tied to, and unnumbered the similar clients that
    have it too. Product lens: who and what speaks for the product, and unnumbered what those clients
    have in common with the client. A shared product is drawn only where `subgraph` holds it, which is
    where `labels` allows its name.
    """
    near, far = MORE if more else FEW
    ends = (
        Node("client", 0, wording.capital(labels.client), PERSON),
        Node("product", 3, labels.product, PRODUCT, former=labels.former),
    )
    drawn = [one for one in view.contributions if one.exact.kind in DRAWN[lens] and one.points]
    if lens == "client":
        nodes, links = _from_client(drawn[:near], explanation, labels, subgraph, far)
    else:
        nodes, links = _from_product(drawn[:far], labels, subgraph, near)
    return Paths((ends[0], *nodes, ends[1]), tuple(links))


def _from_client(
    parts: Sequence[ShownContribution],
    explanation: Explanation,
    labels: Labels,
    subgraph: Subgraph,
    most: int,
) -> tuple[list[Node], list[Link]]:
    nodes = [_node(f"near{k}", 1, part, labels) for k, part in enumerate(parts)]
    drawn = list(zip(parts, nodes, strict=True))
    keys = {part.exact.id: node.key for part, node in drawn if part.exact.kind == "interaction"}
    links = [
        _signed_link(
            "client", node.key, part, labels.verb if part.exact.kind == "interaction" else "is close to"
        )
        for part, node in drawn
    ]
    similar = [
        one.id for one in explanation.product_lens.contributions if one.kind == "client" and one.value > 0
    ]
    joined = [key for key in similar if set(subgraph.common.get(key, ())) & keys.keys()][:most]
    reached = set()
    for k, key in enumerate(joined):
        nodes.append(Node(f"far{k}", 2, labels.other(key).title, PERSON))
        for product in subgraph.common[key]:
            if product in keys:
                reached.add(keys[product])
                links.append(Link(keys[product], f"far{k}", f"{labels.verb} it too"))
        links.append(Link(f"far{k}", "product", labels.verb))
    return nodes, [*links, *(_to_product(node, part) for part, node in drawn if node.key not in reached)]


def _from_product(
    parts: Sequence[ShownContribution], labels: Labels, subgraph: Subgraph, most: int
) -> tuple[list[Node], list[Link]]:
    far = [_node(f"far{k}", 2, part, labels) for k, part in enumerate(parts)]
    drawn = list(zip(parts, far, strict=True))
    links = [_to_product(node, part) for part, node in drawn]
    others = {node.key: part.exact.id for part, node in drawn if part.exact.kind == "client"}
    common = {key: subgraph.common.get(other, ()) for key, other in others.items()}
    shared = Counter(product for products in common.values() for product in products)
    unlisted = [key for key, other in others.items() if labels.other(other).common and not common[key]]
    room = most - bool(unlisted)
    near: list[Node] = []
    for k, (product, _) in enumerate(shared.most_common(room)):
        near.append(Node(f"near{k}", 1, labels.product_name(product), PRODUCT))
        links.append(Link("client", f"near{k}", labels.verb))
        for key, products in common.items():
            if product in products:
                links.append(Link(f"near{k}", key, f"{labels.verb} it too"))
    if unlisted:
        near.append(Node(UNLISTED, 1, "Products in common, not listed", TEXT))
        links.append(Link("client", UNLISTED, labels.verb))
        links += [Link(UNLISTED, key, f"{labels.verb} them too") for key in unlisted]
    return [*near, *far], links


def _node(key: str, column: int, part: ShownContribution, labels: Labels) -> Node:
    shape = SHAPES.get(part.exact.kind, TEXT)
    return Node(key, column, labels.title(part.exact), shape, _points(part), _sign(part))


def _to_product(node: Node, part: ShownContribution) -> Link:
    return _signed_link(node.key, "product", part, "raises" if part.points > 0 else "lowers")


def _signed_link(start: str, end: str, part: ShownContribution, says: str) -> Link:
    return Link(start, end, says, _points(part), _sign(part), abs(part.points))


def _sign(part: ShownContribution) -> Literal[-1, 1]:
    return 1 if part.points > 0 else -1


def _points(part: ShownContribution) -> str:
    return wording.signed(part.points, 0 if isinstance(part.points, int) else 1)
