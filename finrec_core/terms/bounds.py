"""The bounds: sizes at which several packages change what they do, so that they change together."""

MOST_SEED = 2**53 - 1  # beyond it a browser and JSON skip whole numbers
SMALL_CELLS = 1_000_000  # clients x products up to which a training is a matter of a second
MOST_PRODUCTS = 20_000  # products up to which all are solved together, as one dense matrix of 3 GB
MOST_ROWS = 1_000_000  # rows of a log that are read at once
TOO_FEW = 5  # clients below which a group is not told apart: its figure would be one of single persons
FEW = 30  # clients below which an interval is narrower than it should be
