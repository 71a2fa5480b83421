"""The error of the store."""


class StoreError(RuntimeError):
    """The store cannot do what was asked; the message is one sentence for whoever can act on it."""
