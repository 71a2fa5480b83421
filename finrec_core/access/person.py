"""The person: who works here, made from the claims of a sign-in or from the one name of a local desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, get_args

from finrec_core.access.claims import claim, plain, seconds, texts
from finrec_core.access.error import AccessError
from finrec_core.access.table import ROLES, Role
from finrec_core.settings import settings
from finrec_core.terms.user import signature, user

LOCAL = "local"  # the issuer of who works on a desk without sign-in
LEEWAY = 60.0  # seconds by which two clocks may differ
NAMES = ("name", "preferred_username", "email")  # claims that name a person, the best first
AGAIN = "Sign in again."


@dataclass(frozen=True)
class Provider:
    """Whose sign-ins count: the issuer that they must name, and this desk's id there.

    `roles`, `branches` and `adviser` name the claims that hold them; "" for `branches` is a bank that sets no
    bounds between branches. `names` are what the provider calls a role, each with the role. `hours` are
    those for which a sign-in counts; 0 leaves that to the provider's token.
    """

    issuer: str
    client: str
    roles: str = "roles"
    branches: str = "branch"
    names: Mapping[str, str] | None = None
    hours: float = 0.0
    adviser: str = "name"

    @classmethod
    def of(cls, metadata_url: str, client: str) -> Self:
        """Return the provider that the settings describe; its issuer is where its description lies."""
        chosen = settings()
        issuer = chosen.issuer or metadata_url.split("/.well-known/", maxsplit=1)[0]
        return cls(
            issuer,
            client,
            chosen.role_claim,
            chosen.branch_claim,
            dict(chosen.role_names),
            chosen.session_hours,
            chosen.adviser_claim,
        )


@dataclass(frozen=True)
class Person:
    """Who works here: `subject`, `name` and `issuer` as they signed in, and what follows from the claims.

    `roles` holds roles and rights. An auditor changes nothing, so whoever is one is nothing else. `branches`
    are those whose clients an adviser may see; None where no bounds are set. `adviser` holds what the data
    may call the person in the column `adviser` of clients.
    """

    subject: str
    name: str
    issuer: str
    roles: frozenset[Role]
    branches: frozenset[str] | None = None
    adviser: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not (self.subject and self.name and self.issuer):
            raise ValueError("a person needs a subject, a name and an issuer.")
        if set(self.roles) - set(get_args(Role)):
            raise ValueError("a person can have no role that there is not.")
        if "auditor" in self.roles:
            object.__setattr__(self, "roles", frozenset({"auditor"}))

    @classmethod
    def local(cls, name: str) -> Self:
        """Return the one person of a desk without sign-in, who may do all there is to do."""
        whole = frozenset(role for role in ROLES if role != "auditor")
        return cls(name, name, LOCAL, whole, adviser=texts(name))

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any], provider: Provider, now: float) -> Self:
        """Return who signed in; `now` are seconds since 1970.

        Roles and branches that are missing, unknown or of another form grant nothing. Raises `AccessError`
        where the token is of another issuer, for another program, out of its time, or names nobody.
        """
        issuer, subject = claims.get("iss"), claims.get("sub")
        if not isinstance(issuer, str) or issuer.rstrip("/") != provider.issuer.rstrip("/"):
            raise AccessError(f"This sign-in is of another provider than this desk's. {AGAIN}")
        _audience(claims, provider)
        _time(claims, provider, now)
        if not isinstance(subject, str) or not plain(subject) or len(subject) > 255:
            raise AccessError(f"This sign-in does not say whose it is. {AGAIN}")
        names = (plain(value) for key in NAMES if isinstance(value := claims.get(key), str))
        known = provider.names or {}
        said = texts(claim(claims, provider.roles))
        meant = {known.get(one, one if one not in known.values() else "") for one in said}
        branches = None if not provider.branches else texts(claim(claims, provider.branches))
        return cls(
            plain(subject),
            next(filter(None, names), plain(subject)),
            issuer,
            frozenset(role for role in ROLES if role in meant),
            branches,
            texts(claim(claims, provider.adviser)),
        )

    @property
    def signed_in(self) -> bool:
        """Whether a provider vouches for who this is."""
        return self.issuer != LOCAL

    @property
    def user(self) -> str:
        """How the person stands in the record: by name, and by subject and issuer where they signed in."""
        return signature(self.name, self.subject, self.issuer) if self.signed_in else self.name

    def to_json(self) -> dict[str, str]:
        """Return who this is as plain values, for the record."""
        return {"subject": self.subject, "name": self.name, "issuer": self.issuer}


def here() -> Person | None:
    """Return the one person of a desk without sign-in; None while no name is given."""
    name = user()
    return Person.local(name) if name else None


def _audience(claims: Mapping[str, Any], provider: Provider) -> None:
    """Raise where a token was made for another program."""
    told = claims.get("aud")
    audience = [told] if isinstance(told, str) else told if isinstance(told, list | tuple) else []
    party = claims.get("azp")
    meant = provider.client in audience and (party == provider.client if len(audience) > 1 or party else True)
    if not meant:
        raise AccessError(f"This sign-in was made for another program. {AGAIN}")


def _time(claims: Mapping[str, Any], provider: Provider, now: float) -> None:
    """Raise where a token has no time, or is out of it."""
    issued, ends = seconds(claims.get("iat")), seconds(claims.get("exp"))
    begins = seconds(claims.get("nbf")) if "nbf" in claims else issued
    if issued is None or ends is None or begins is None:
        raise AccessError(f"This sign-in does not say from when to when it counts. {AGAIN}")
    if max(issued, begins) > now + LEEWAY:
        raise AccessError("This sign-in lies in the future: check the clocks here and at the provider.")
    if provider.hours:
        ends = issued + provider.hours * 3600
    if now >= ends:
        raise AccessError(f"This sign-in has run out. {AGAIN}")
