"""The journal of a store: decisions and lists shown, and the versions of the rules they went by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from finrec_core.store import chain, log, presence, rows
from finrec_core.store.connection import Connection
from finrec_core.store.error import StoreError
from finrec_core.store.keys import Keyring
from finrec_core.store.log import LOGS, Check, Log, LogQuery, LogRow


@dataclass(frozen=True, repr=False)
class RulesVersion:
    """One version of the bank's rules: plain values, who set them, when and why."""

    version: int
    created: datetime
    user: str
    reason: str
    content: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"RulesVersion({self.version}: {len(self.content)} rules)"


@dataclass(frozen=True, repr=False)
class RulesProposal:
    """Rules that somebody wrote and that wait for somebody else to put them in force."""

    id: str
    created: datetime
    user: str
    reason: str
    content: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"RulesProposal({self.id!r}: {len(self.content)} rules)"


class Journal:
    """The part of a store that is only ever appended to; nothing in it is changed or taken out."""

    _connection: Connection
    _ring: Keyring

    def add_decision(
        self,
        *,
        kind: str,
        client: str,
        product: str,
        run: str,
        content: Mapping[str, Any],
        user: str = "",
        check: Check | None = None,
    ) -> LogRow:
        """Append a decision, with all values that a reader needs when run and data are gone.

        `check` gets the decisions on this client and product so far, oldest first, while no other can be
        written; what it raises is raised, and nothing is appended. Raises `StoreError` where the client's
        data was erased.
        """
        about = {"kind": kind, "client": client, "product": product, "run": run}
        with self._connection.writing() as cursor:
            presence.demand(cursor, client, run)
            return log.append(
                cursor, "decisions", about, content=content, user=user, ring=self._ring, check=check
            )

    def decisions(
        self, client: str | None = None, *, query: LogQuery | None = None, limit: int = 1000
    ) -> list[LogRow]:
        """Return decisions, newest first: of one client, or those that a query asks for."""
        with self._connection.reading() as cursor:
            return log.read(cursor, "decisions", query or LogQuery(client=client), limit, self._ring)

    def decisions_in_brief(self, after: int = 0) -> list[LogRow]:
        """Return all decisions after a sequence, oldest first, without what was shown with them.

        Their `content` is what `add_decision` was given under "decision".
        """
        with self._connection.reading() as cursor:
            return log.read_brief(cursor, "decisions", after, self._ring)

    def decision_ranks(self) -> dict[str, int | None]:
        """Return the place on the list that was shown with each decision, by its id; None for no place."""
        with self._connection.reading() as cursor:
            return log.read_ranks(cursor)

    def decision(self, key: str) -> LogRow:
        """Return one decision by its id."""
        with self._connection.reading() as cursor:
            return log.find(cursor, "decisions", key, self._ring)

    def log_shown(self, *, client: str, run: str, content: Mapping[str, Any], user: str = "") -> LogRow:
        """Append a list that was shown to a user; raises `StoreError` where the client's data was erased."""
        about = {"kind": "list", "client": client, "product": "", "run": run}
        with self._connection.writing() as cursor:
            presence.demand(cursor, client, run)
            return log.append(cursor, "shown", about, content=content, user=user, ring=self._ring)

    def present(self, client: str, run: str) -> bool:
        """Return whether a run may still show a client, after the erasures until now."""
        with self._connection.reading() as cursor:
            return presence.present(cursor, client, run)

    def shown(
        self, client: str | None = None, *, query: LogQuery | None = None, limit: int = 1000
    ) -> list[LogRow]:
        """Return lists shown, newest first: of one client, or those that a query asks for."""
        with self._connection.reading() as cursor:
            return log.read(cursor, "shown", query or LogQuery(client=client), limit, self._ring)

    def shown_in_brief(self, after: int = 0) -> list[LogRow]:
        """Return all lists shown after a sequence, oldest first, without what stood on them."""
        with self._connection.reading() as cursor:
            return log.read_brief(cursor, "shown", after, self._ring)

    def last_shown(self, limit: int) -> list[LogRow]:
        """Return the last list shown of each client, of the `limit` clients looked at last, newest first."""
        with self._connection.reading() as cursor:
            return log.read_last(cursor, "shown", limit, self._ring)

    def heads(self) -> dict[Log, str]:
        """Return the newest hash of each log; noted elsewhere, it shows that no row was cut off since."""
        with self._connection.reading() as cursor:
            return {name: log.head(cursor, name) for name in LOGS}

    def add_rules(self, content: Mapping[str, Any], *, reason: str = "", user: str = "") -> RulesVersion:
        """Add a version of the suitability rules, which counts from now on."""
        with self._connection.writing() as cursor:
            last = rows.single(cursor, "SELECT coalesce(max(version), 0) FROM rules")
            made = RulesVersion(last + 1, rows.now(), user, reason, dict(content))
            rows.insert(cursor, "rules", asdict(made))
            chain.record(cursor, "rules", made.version)
        return made

    def propose_rules(self, content: Mapping[str, Any], *, reason: str = "", user: str = "") -> RulesProposal:
        """Lay rules before somebody else, who puts them in force with `add_rules`; any before are dropped."""
        made = RulesProposal(uuid4().hex, rows.now(), user, reason, dict(content))
        with self._connection.writing() as cursor:
            cursor.execute("DELETE FROM rules_proposals")
            rows.insert(cursor, "rules_proposals", asdict(made))
        return made

    def rules_proposal(self) -> RulesProposal | None:
        """Return the rules that wait for somebody else, None where none do."""
        with self._connection.reading() as cursor:
            query = "SELECT id, created, user_name, reason, content FROM rules_proposals"
            found = [RulesProposal(**row) for row in rows.read(cursor, query)]
        return found[0] if found else None

    def drop_proposal(self, key: str) -> None:
        """Drop the rules that wait, if they are still those of this key."""
        with self._connection.writing() as cursor:
            cursor.execute("DELETE FROM rules_proposals WHERE id = ?", [key])

    def rules(self, version: int | None = None) -> RulesVersion | None:
        """Return one version of the rules or the last, None before the first."""
        found = [one for one in self.rules_versions() if version in (None, one.version)]
        if version is not None and not found:
            raise StoreError(f"The store holds no version {version} of the rules.")
        return found[0] if found else None

    def rules_versions(self) -> list[RulesVersion]:
        """Return all versions of the rules, newest first; none before the first."""
        with self._connection.reading() as cursor:
            query = "SELECT version, created, user_name, reason, content FROM rules ORDER BY version DESC"
            return [RulesVersion(**row) for row in rows.read(cursor, query)]
