"""The guard: the store as one person may use it. A page is given no other, so none can go past the check."""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from typing import Any

from finrec_core.access import four_eyes
from finrec_core.access.error import AccessError
from finrec_core.access.permit import permit
from finrec_core.access.person import Person
from finrec_core.access.table import ABOUT_CLIENTS, CLOSED, STORE, Action

Sees = Callable[[str], bool]  # whether a client, by its id, may be seen
ALIKE = "finds none"  # said of a client of another branch, as of one that there is not


class Guard:
    """A store whose every command is checked first, in the moment in which it is called.

    `person` tells who asks and raises `AccessError` where nobody does any more; `sees` whether a client may
    be seen. What is recorded bears the person as its user, whatever the caller says. Commands that the table
    does not know are nobody's. Refusals are raised as `refusal`.
    """

    def __init__(
        self,
        store: object,
        person: Callable[[], Person],
        sees: Sees,
        *,
        refusal: type[Exception] = AccessError,
        commands: Mapping[str, Action | None] = STORE,
    ) -> None:
        self._store, self._person, self._sees = store, person, sees
        self._refusal, self._commands = refusal, commands

    def __repr__(self) -> str:
        return f"Guard({self._store!r})"

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has under that name
        if name.startswith("__"):
            raise AttributeError(name)
        self._check(name)
        found = getattr(self._store, name)
        if not callable(found):
            return found
        form = signature(found)
        parameters = form.parameters

        @wraps(found)
        def checked(*args: Any, **values: Any) -> Any:  # noqa: ANN401 - as the command's own
            person = self._check(name)
            if "user" in parameters:
                values["user"] = person.user
            if "within" in parameters:
                values["within"] = self._sees
            given = form.bind_partial(*args, **values).arguments
            try:
                four_eyes.check(self._store, name, given, person)
            except AccessError as error:
                raise self._refusal(str(error)) from error
            for client in (given.get("client"), getattr(given.get("query"), "client", None)):
                if isinstance(client, str):
                    self._client(client)
            return self._seen(name, found(*args, **values))

        return checked

    def _check(self, name: str) -> Person:
        """Return who asks for a command; raises the refusal where the person may not."""
        if name in CLOSED or name not in self._commands:
            raise self._refusal(f"No page may call “{name}” of the store.")
        try:
            person = self._person()
            permit(person, self._commands[name])
        except AccessError as error:
            raise self._refusal(str(error)) from error
        return person

    def _client(self, client: str) -> None:
        if not self._sees(client):
            raise self._refusal(f'The search for client "{client[:80]}" {ALIKE}.')

    def _seen(self, name: str, found: Any) -> Any:  # noqa: ANN401 - as the command's own
        """Return what a command gave without the rows about clients who may not be seen."""
        if name not in ABOUT_CLIENTS:
            return found
        if isinstance(found, list):
            return [row for row in found if self._sees(row.client)]
        self._client(found.client)
        return found
