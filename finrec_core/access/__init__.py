"""The access package: who works here, what each may do to what, and whose clients each may see."""

from finrec_core.access.clientele import Clientele
from finrec_core.access.error import AccessError
from finrec_core.access.guard import Guard
from finrec_core.access.permit import Permit, may, may_open, permit
from finrec_core.access.person import Person, Provider, here
from finrec_core.access.scope import EVERYBODY, Scope, scope_of
from finrec_core.access.table import ACTIONS, PAGES, Action, Role
from finrec_core.access.total import narrowed

__all__ = [
    "ACTIONS",
    "EVERYBODY",
    "PAGES",
    "AccessError",
    "Action",
    "Clientele",
    "Guard",
    "Permit",
    "Person",
    "Provider",
    "Role",
    "Scope",
    "here",
    "may",
    "may_open",
    "narrowed",
    "permit",
    "scope_of",
]
