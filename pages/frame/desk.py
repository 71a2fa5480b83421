"""The desk: the store, the models in memory and what was computed with them, shared by all sessions.

Pages get the store and the jobs only behind the check of who may do what, and what is worked out of clients
only for those whom the person may see; the scope stands in the key of what is kept.
"""

import atexit
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from finrec_core import access, jobs
from finrec_core.access import AccessError, Action, Guard, Person, Scope
from finrec_core.access import local as local_commands
from finrec_core.advice import Rules, Suitability
from finrec_core.explain import Explanation
from finrec_core.explain.points import Shown, shown
from finrec_core.jobs import JobError
from finrec_core.jobs.commands import Commands
from finrec_core.ranking import UnknownIdError
from finrec_core.settings import settings
from finrec_core.store import Store, StoreError
from finrec_core.store.counter import Counter
from finrec_core.store.keeper import Keeper
from finrec_core.terms import privacy, wording
from finrec_core.terms.names import LensName
from finrec_core.terms.user import user
from pages.frame import gate, memory

if TYPE_CHECKING:
    from finrec_core.recommender import FusedRecommender, Ranking

_log = logging.getLogger(__name__)
_counters: dict[Path, Counter] = {}  # where the command line asks while this process owns the store
_keepers: dict[Path, Keeper] = {}  # what anchors the record of an open store, by its file


def _close(opened: Store) -> None:
    """Anchor the record once more and close the store, and its counter before that."""
    counter, keeper = _counters.pop(opened.file, None), _keepers.pop(opened.file, None)
    if counter is not None:
        counter.close()
    if keeper is not None:
        keeper.close()
    opened.close()


@atexit.register
def leave() -> None:
    """Anchor the record once more before the process ends, for a server that is stopped releases nothing."""
    for keeper in [*_keepers.values()]:
        keeper.close()


class StoreRefusedError(AccessError, StoreError):
    """A command of the store that is not for who works here."""


def store() -> Store:
    """Return the store as who works here may use it: each command is checked when it is called.

    A command that is refused raises `StoreRefusedError`, a `StoreError`; so does any where nobody works here.
    """
    asking = gate.asking()
    return cast(
        Store, Guard(whole_store(), asking, lambda client: _sees(asking(), client), refusal=StoreRefusedError)
    )


def commands() -> Commands:
    """Return what who works here may ask of jobs; each command is checked when it is given."""
    asking = gate.asking()
    return Commands(whole_store(), asking, lambda client: _sees(asking(), client))


def person() -> Person:
    """Return who works here; raises `AccessError` where nobody does."""
    return gate.person()


def may(action: Action) -> bool:
    """Return whether who works here may do something, so that its button is shown."""
    return access.may(gate.person(), action)


def scope() -> Scope:
    """Return whose clients who works here may see."""
    return access.scope_of(gate.person())


def client_row(run: str) -> Callable[[str], int]:
    """Return what finds the row of a client in the data of a run.

    It raises `UnknownIdError` alike for one that there is not and for one that may not be seen.
    """
    found = model(run)
    seen = scope()
    if seen.branches is None:
        return found.client_row

    def row(client: str) -> int:
        if not seen.sees(found.dataset, client):
            raise UnknownIdError(f'There is no client "{client[:80]}" among those of your branch.')
        return found.client_row(client)

    return row


def _sees(who: Person, client: str) -> bool:
    """Return whether a person may see a client, by the data of the model in use."""
    seen = access.scope_of(who)
    if seen.branches is None:
        return True
    active = whole_store().active_run()
    try:
        return active is not None and seen.sees(model(active.run).dataset, client)
    except (StoreError, ValueError):  # what the model learned from cannot be read: nobody's client is known
        return False


@st.cache_resource(show_spinner=False, on_release=_close)
def whole_store() -> Store:
    """Return the store without a check, for the frame alone: for what the desk itself does for everybody.

    It is opened once per process; raises `StoreError` with one sentence if it cannot be.

    Opening also marks the jobs failed that ended with the process before this one, and removes the files
    that were uploaded to it.
    """
    privacy.close(settings().private_places)  # of a time before finrec kept them closed
    opened = Store(settings().store_file, runs_folder=settings().runs_folder)
    jobs.sweep(settings().runs_folder)
    jobs.sweep_spools(settings().imports_folder)
    try:
        _counters[opened.file] = Counter(opened, counted)
    except OSError as error:  # the desk works without; the command line then says who holds the store
        _log.warning("The command line cannot ask this desk (%s).", error)
    _keepers[opened.file] = Keeper(opened, settings().anchor_minutes)
    return opened


def counted(name: str, _given: Mapping[str, Any]) -> None:
    """Check what a command asks of this desk through its counter; raises `StoreRefusedError`."""
    try:
        local_commands.check(name, signing_in=gate.signing_in())
    except AccessError as error:
        raise StoreRefusedError(str(error)) from error


def unanchored() -> str:
    """Return why the record could not be anchored last time, "" where it could."""
    keeper = _keepers.get(whole_store().file)
    return "" if keeper is None else keeper.failure


def collect() -> list[str]:
    """Take in what children have finished, and start the next child where there is work for one.

    Returns a sentence on each part of this that failed, on a full disk say: the desk goes on without. Raises
    `StoreError` where the store cannot be opened.
    """
    opened = whole_store()
    parts: tuple[Callable[[], object], ...] = (
        lambda: jobs.collect(opened, user=user()),
        lambda: _settle(opened),
        lambda: jobs.watch(settings().runs_folder),
    )
    said = []
    for part in parts:
        try:
            part()
        except (StoreError, JobError) as error:
            said.append(str(error))
        except OSError as error:
            said.append(f"The folder of runs cannot be used ({error.strerror or error}).")
    return list(dict.fromkeys(said))


def _settle(opened: Store) -> None:
    if jobs.settle_erasures(opened):
        memory.forget()


@memory.remembered(show_spinner="Loading the model", max_entries=2)
def model(run: str) -> "FusedRecommender":
    """Return the model of a run; the last two stay in memory."""
    from finrec_core.recommender import FusedRecommender  # noqa: PLC0415 - loads torch, which Data need not

    return FusedRecommender.load(whole_store().run_folder(run))


def ranking(run: str, client: str) -> "Ranking":
    """Return a client's products in order, with their scores."""
    client_row(run)(client)
    return ranked(run, client)


def explanation(run: str, client: str, product: str, words: int) -> Explanation:
    """Return a score taken apart, with the words of as many texts.

    Clients of other branches than those of who works here stand in it as one total.
    """
    client_row(run)(client)
    return explained(run, client, product, words, scope())


@memory.remembered(max_entries=256)
def ranked(run: str, client: str) -> "Ranking":
    """Return a client's products in order, whoever asks: for what is kept for all."""
    return model(run).ranking(client)


@memory.remembered(max_entries=256)
def explained(run: str, client: str, product: str, words: int, seen: Scope) -> Explanation:
    """Return a score taken apart as far as some may see, whoever asks: for what is kept by scope."""
    found = model(run)
    whole = found.explain(client, product, words=words)
    if seen.rows(found.dataset) is None:
        return whole
    return access.narrowed(whole, lambda other: seen.sees(found.dataset, other))


def points(run: str, client: str, product: str, lens: LensName, seen: Scope) -> Shown | None:
    """Return a lens in points as far as some may see, whoever asks; None where all score the same."""
    return shown(explained(run, client, product, 0, seen).lens(lens), ranked(run, client).scale)


def rules(run: str) -> tuple[int, Rules]:
    """Return the rules in force and their version; 0 are those proposed for the data where none are set."""
    saved = whole_store().rules()
    return (0, _proposed(run)) if saved is None else (saved.version, Rules.from_json(saved.content))


def suitability(run: str, client: str) -> Suitability | None:
    """Return what suits a client under the rules in force, None where the data has no client profiles."""
    version, _ = rules(run)
    return verdicts(run, client, version, today())


def verdicts(run: str, client: str, version: int, on: date) -> Suitability | None:
    """Return what suits a client under one version of the rules on a day; version 0 are those proposed."""
    client_row(run)(client)
    return judged(run, client, version, on)


@memory.remembered(max_entries=8)
def _proposed(run: str) -> Rules:
    return Rules.proposed(model(run).dataset)


@memory.remembered(max_entries=256)
def judged(run: str, client: str, version: int, on: date) -> Suitability | None:
    """Return the verdicts on all products for a client, whoever asks: for what is kept for all."""
    return Suitability.of(model(run).dataset, client, _rules(run, version), on)


def _rules(run: str, version: int) -> Rules:
    saved = whole_store().rules(version) if version else None
    return _proposed(run) if saved is None else Rules.from_json(saved.content)


def theme() -> str:
    """Return "dark" or "light" as the browser shows the desk; light until it has said so."""
    return "dark" if st.context.theme.type == "dark" else "light"


def local(when: datetime) -> datetime:
    """Return a time as the browser's clock shows it."""
    try:
        return when.astimezone(ZoneInfo(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return when.astimezone(UTC)


def on_primary(text: str, icon: str, *, enabled: bool = True) -> str:
    """Return the label of a primary button; Streamlit writes in white on it, too pale on the dark theme's."""
    label = f":material/{icon}: {text}"
    return f':color[{label}]{{foreground="#0B1512"}}' if enabled and theme() == "dark" else label


def today() -> date:
    """Return the day as the browser's calendar shows it."""
    return local(datetime.now(UTC)).date()


def when(moment: datetime) -> str:
    """Return a time as the browser's clock shows it, as 21 Nov 16:31."""
    return wording.moment(local(moment), local(datetime.now(UTC)))
