"""The jobs room: trainings in child processes; the only place that starts processes."""

from finrec_core.jobs.erasing import erase, finish_erasures, runs_with
from finrec_core.jobs.error import JobError
from finrec_core.jobs.job import Job, collect, current, failed, jobs, start, sweep
from finrec_core.jobs.state import JobState

__all__ = [
    "Job",
    "JobError",
    "JobState",
    "collect",
    "current",
    "erase",
    "failed",
    "finish_erasures",
    "jobs",
    "runs_with",
    "start",
    "sweep",
]
