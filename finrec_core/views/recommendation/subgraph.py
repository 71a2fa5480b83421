"""The subgraph of a picture: what a client and the similar clients beside it both have, edge by edge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from finrec_core.dataset import Dataset
from finrec_core.model.evidence import Evidence
from finrec_core.narrative.labels import Labels


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
