"""The names by which several packages speak of the same thing: metrics, methods, protocols and lenses."""

from typing import Literal

METRIC = "ndcg@20"  # constants are chosen by it, and it is told first
COVERAGE = "coverage@20"  # the share of the catalogue in the first twenty of all tested clients
POPULAR = "popular@10"  # the share of the first ten places that go to the most-held tenth of the catalogue

OURS = "fused"  # the method that all others are compared with
PER_CLIENT, GLOBAL_TIME = "per-client", "global-time"  # what is held back: of each client, after one moment

LensName = Literal["client", "product"]
LENSES: dict[LensName, str] = {"client": "What this client has", "product": "What speaks for this product"}
