"""The views of a model: how good it is, what drives it, what its training took, and its card."""
