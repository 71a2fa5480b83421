"""The table: which roles may do what. Whatever stands in no row of it, nobody may do from a page.

Three roles and three rights beside them. A right comes from the same claim as a role and adds its own
action to whatever else a person may do. An auditor has no other role: see `Person`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["adviser", "analyst", "auditor", "publish", "rules", "erase"]
ROLES: tuple[Role, ...] = get_args(Role)
Action = Literal[
    "look",
    "decide",
    "see decisions",
    "verify",
    "anchor",
    "see data",
    "read data",
    "import",
    "see models",
    "train",
    "write lists",
    "keep models",
    "publish",
    "see rules",
    "set rules",
    "erase",
    "operate",
]


@dataclass(frozen=True)
class Allowed:
    """An action as it stands in a sentence after "may", and the roles that allow it."""

    words: str
    roles: tuple[Role, ...]

    def __post_init__(self) -> None:
        if not self.words or not self.roles or set(self.roles) - set(ROLES):
            raise ValueError("an action needs words, and roles that there are.")


ACTIONS: Mapping[Action, Allowed] = {
    "look": Allowed("look at clients, products, lists and their reasons", ("adviser", "analyst", "auditor")),
    "decide": Allowed("record decisions and what clients answered", ("adviser",)),
    "see decisions": Allowed("read decisions and lists shown", ("adviser", "analyst", "auditor")),
    "verify": Allowed("check the record and take its newest hash away", ("analyst", "auditor")),
    "anchor": Allowed("sign the newest hash of the record", ("analyst",)),
    "see data": Allowed("look at which datasets and versions there are", ("analyst", "auditor", "erase")),
    "read data": Allowed("read the rows of datasets and their reports", ("analyst", "auditor")),
    "import": Allowed("bring in, name and remove versions of datasets", ("analyst",)),
    "see models": Allowed("look at models, their figures and jobs", ("analyst", "auditor", "publish")),
    "train": Allowed("train and compare models, and end jobs", ("analyst",)),
    "write lists": Allowed("write the lists of all clients into a file and take it away", ("analyst",)),
    "keep models": Allowed("pin and remove models", ("analyst",)),
    "publish": Allowed("put a model into use or go back to one", ("publish",)),
    "see rules": Allowed("look at the rules and their versions", ("analyst", "auditor", "rules")),
    "set rules": Allowed("set the rules of suitability", ("rules",)),
    "erase": Allowed("erase a client's data", ("erase",)),
    "operate": Allowed("look after the running desk and its backups", ("analyst", "auditor")),
}
# What opens a page, by its place in the address; None opens for everybody with a role.
PAGES: Mapping[str, Action | None] = {
    "today": "look",
    "recommendations": "look",
    "decisions": "see decisions",
    "product": "look",
    "story": "look",
    "start": "import",
    "data": "see data",
    "train": "see models",
    "models": "see models",
    "rules": "see rules",
    "system": "operate",
    "files": None,
    "words": None,
}
ANY: Action = "look"
# What each command of the store is; None is open to everybody with a role, for it names no client.
STORE: Mapping[str, Action | None] = {
    **dict.fromkeys(("file", "runs_folder", "runs", "run", "active_run", "run_folder", "trained"), None),
    **dict.fromkeys(
        ("activations", "run_before", "runs_before", "run_use", "datasets", "version", "heads"), None
    ),
    **dict.fromkeys(("rules", "rules_versions", "comparisons", "latest_comparison", "dependents"), None),
    **dict.fromkeys(("rules_proposal", "chain_head", "last_anchor"), None),
    **dict.fromkeys(("search_clients", "log_shown", "last_shown", "present"), "look"),
    **dict.fromkeys(("decisions", "decisions_in_brief", "decision", "decision_ranks"), "see decisions"),
    **dict.fromkeys(("shown", "shown_in_brief"), "see decisions"),
    "add_decision": "decide",
    **dict.fromkeys(("verify", "verification", "anchors_file"), "verify"),
    "anchor": "anchor",
    **dict.fromkeys(("dataset", "report", "overlaps", "overlap", "pairs_removed"), "read data"),
    **dict.fromkeys(("traces", "erasures"), "see data"),
    **dict.fromkeys(("add_dataset", "remove_dataset"), "import"),
    **dict.fromkeys(("snapshot", "add_run", "add_comparison"), "train"),
    **dict.fromkeys(("pin_run", "unpin_run", "remove_run"), "keep models"),
    **dict.fromkeys(("publish", "roll_back"), "publish"),
    **dict.fromkeys(("add_rules", "propose_rules", "drop_proposal"), "set rules"),
    **dict.fromkeys(("erase_client", "finish_erasure", "erased_clients"), "erase"),
}
# Commands of the store that no page may reach at all: the desk itself and the command line have them.
CLOSED = frozenset(
    (
        *("close", "standing", "ledger", "learn_erasures", "erase_again", "exchange_run"),
        *("note_restore", "stale_runs"),
    )
)
# What a command of the account that runs the desk may ask of it beside these, through its counter.
ASKED: Mapping[str, Action] = {"copy": "operate", "ledger": "operate"}
# What such a command may do where people sign in, and so nobody vouches for who gives it.
ACCOUNT: frozenset[Action] = frozenset({"operate", "verify"})
# Commands whose rows, or whose row, are about clients, and are given for those of the person's branches.
ABOUT_CLIENTS = frozenset(
    {"decisions", "decisions_in_brief", "decision", "shown", "shown_in_brief", "last_shown"}
)


def who(action: Action) -> str:
    """Return which roles allow an action, as "an analyst or an auditor" or "who has the right to publish"."""
    named = {
        "adviser": "an adviser",
        "analyst": "an analyst",
        "auditor": "an auditor",
        "publish": "who has the right to publish",
        "rules": "who has the right to set rules",
        "erase": "who has the right to erase",
    }
    *first, last = [named[role] for role in ACTIONS[action].roles]
    return f"{', '.join(first)} or {last}" if first else last
