"""The jobs package: trainings, comparisons, lists, imports and erasures, in child processes of its own."""

from finrec_core.jobs.ending import collect, sweep
from finrec_core.jobs.erasure import erase, finish_erasures, settle_erasures
from finrec_core.jobs.error import JobError
from finrec_core.jobs.folders import runs_with
from finrec_core.jobs.job import Job, current, failed, jobs, waiting
from finrec_core.jobs.order import Comparing, Importing, Listing, Training
from finrec_core.jobs.queue import advance, enqueue, start, watch
from finrec_core.jobs.spool import Spool, outcome, sweep_spools, tables
from finrec_core.jobs.state import JobState

__all__ = [
    "Comparing",
    "Importing",
    "Job",
    "JobError",
    "JobState",
    "Listing",
    "Spool",
    "Training",
    "advance",
    "collect",
    "current",
    "enqueue",
    "erase",
    "failed",
    "finish_erasures",
    "jobs",
    "outcome",
    "runs_with",
    "settle_erasures",
    "start",
    "sweep",
    "sweep_spools",
    "tables",
    "waiting",
    "watch",
]
