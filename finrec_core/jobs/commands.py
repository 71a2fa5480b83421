"""The commands that a person gives to jobs: each is checked first, in the moment in which it is given."""

from collections.abc import Callable

from finrec_core.access import AccessError, Action, Person, permit
from finrec_core.jobs import erasure, queue
from finrec_core.jobs.error import JobError
from finrec_core.jobs.job import Job
from finrec_core.jobs.order import Importing, Listing, Order
from finrec_core.jobs.spool import Spool
from finrec_core.settings import settings
from finrec_core.store import Erasure, Store, StoreError


class JobRefusedError(AccessError, JobError):
    """A job that a person may not ask for or end."""


class EraseRefusedError(AccessError, StoreError):
    """An erasure that a person may not ask for."""


class Commands:
    """What one person may ask of jobs; a page has no other way to start, end or remove one.

    `person` tells who asks and raises `AccessError` where nobody does any more; `sees` whether a client may
    be seen. What is not theirs to ask raises `JobRefusedError`, and of an erasure `EraseRefusedError`.
    """

    def __init__(self, store: Store, person: Callable[[], Person], sees: Callable[[str], bool]) -> None:
        self._store, self._person, self._sees = store, person, sees

    def __repr__(self) -> str:
        return f"Commands({self._store!r})"

    def enqueue(self, asked: Order, name: str | None = None, version: int | None = None) -> Job:
        """Put a job into the line; see `queue.enqueue`."""
        person = self.check("write lists" if isinstance(asked, Listing) else "train")
        return queue.enqueue(self._store, asked, name, version, user=person.user)

    def start(self, name: str, version: int) -> Job:
        """Start a training at once; see `queue.start`."""
        return queue.start(self._store, name, version, user=self.check("train").user)

    def spool(self) -> Spool:
        """Open an empty spool for uploaded files."""
        self.check("import")
        return Spool.open(settings().imports_folder)

    def read(self, spool: Spool, asked: Importing) -> Job:
        """Read the files of a spool; see `Spool.read`."""
        self.check("import")
        return spool.read(asked)

    def erase(self, client: str, *, reason: str) -> Erasure:
        """Erase a client's data; see `erasure.erase`."""
        try:
            person = permit(self._person(), "erase").person
        except AccessError as error:
            raise EraseRefusedError(str(error)) from error
        if not self._sees(client):
            raise EraseRefusedError(f'The search for client "{client[:80]}" finds none.')
        return erasure.erase(self._store, client, reason=reason, user=person.user)

    def cancel(self, job: Job) -> None:
        """End a job that runs, or take one out of the line."""
        self.check(_about(job))
        job.cancel()

    def remove(self, job: Job) -> None:
        """Remove the folder of a job that has ended."""
        self.check(_about(job))
        job.remove()

    def dismiss(self, job: Job) -> None:
        """Show the failure of a job no more."""
        self.check(_about(job))
        job.dismiss()

    def check(self, action: Action) -> Person:
        """Return who asks, if it may; raises `JobRefusedError` where it may not."""
        try:
            return permit(self._person(), action).person
        except AccessError as error:
            raise JobRefusedError(str(error)) from error


def _about(job: Job) -> Action:
    """Return what one must be allowed to do in order to end a job."""
    return {"batch": "write lists", "import": "import"}.get(job.kind, "train")  # type: ignore[return-value]
