"""The error of the jobs."""


class JobError(RuntimeError):
    """A training cannot be started, cancelled or read; the message is one sentence for whoever asked."""
