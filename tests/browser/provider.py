"""A real OpenID provider for a test, and the secrets of a desk that lets its people in."""

import secrets as tokens
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from oidc_provider_mock import User, run_server_in_thread

CLIENT = "finrec-desk"


@contextmanager
def provider(people: Sequence[User]) -> Iterator[str]:
    """Run a provider that knows these people, and yield its address."""
    with run_server_in_thread(port=0, user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


def write_secrets(folder: Path, issuer: str, desk: str, cookie_secret: str = "") -> Path:
    """Write the secrets of a desk at the address `desk`, and return their file."""
    file = folder / "secrets.toml"
    file.write_text(
        f"""
[auth]
redirect_uri = "{desk}/oauth2callback"
cookie_secret = "{cookie_secret or tokens.token_hex(32)}"
client_id = "{CLIENT}"
client_secret = "not-a-secret"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
""",
        "utf-8",
    )
    return file
