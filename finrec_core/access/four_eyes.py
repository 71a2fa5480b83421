"""Four eyes: what one person made, another one puts into use; checked where `FINREC_FOUR_EYES` is set."""

from collections.abc import Mapping
from typing import Any

from finrec_core.access.error import AccessError
from finrec_core.access.person import Person
from finrec_core.settings import settings


def check(store: Any, command: str, given: Mapping[str, Any], person: Person) -> None:  # noqa: ANN401 - any store
    """Raise `AccessError` where a person puts its own model or rules into use; `given` are the arguments.

    A model without a trainer in the record has to be put into use by hand too, by anybody with the right.
    """
    if not settings().four_eyes:
        return
    if command == "publish":
        run = given["run"]
        trainer = store.run(run).user if isinstance(run, str) else run.user
        if trainer == person.user:
            raise AccessError("You trained this model: somebody else has to put it into use.")
    elif command == "add_rules":
        waiting = store.rules_proposal()
        if waiting is None or dict(waiting.content) != dict(given["content"]):
            raise AccessError(
                "These rules were not proposed: propose them; somebody else puts them in force."
            )
        if waiting.user == person.user:
            raise AccessError("You wrote these rules: somebody else has to put them in force.")
