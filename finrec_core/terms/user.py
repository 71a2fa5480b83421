"""The user: who works here, for the record of decisions, trainings and changes."""

from getpass import getuser


def user() -> str:
    """Return the name of the local user, as long as nobody signs in; "" where there is none."""
    try:
        return getuser()
    except (OSError, KeyError):  # a container's user can be a number without a name
        return ""
