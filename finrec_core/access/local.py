"""The local command: what a command of the account that runs a desk may ask of it while it runs."""

from finrec_core.access.error import AccessError
from finrec_core.access.permit import permit
from finrec_core.access.person import Person, here
from finrec_core.access.table import ACCOUNT, ACTIONS, ASKED, STORE

UNNAMED = "the command line"


def check(name: str, *, signing_in: bool) -> None:
    """Raise `AccessError`, one sentence, where a command may not be given; what the table lacks is nobody's.

    Without sign-in whoever asks is the one person of the desk. Where people sign in nobody vouches for the
    account, so it may do what keeps the desk whole, and see what names no client.
    """
    commands = {**STORE, **ASKED}
    if name not in commands:
        raise AccessError(f"No command may ask a desk for “{name}”.")
    action = commands[name]
    if not signing_in:
        permit(here() or Person.local(UNNAMED), action)
    elif action is not None and action not in ACCOUNT:
        raise AccessError(
            f"People sign in at this desk, so no command may {ACTIONS[action].words} through it: "
            "sign in at its pages; a command may verify the record and make a backup."
        )
