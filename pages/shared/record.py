"""The recommendation record as a file: of what is shown now, or of a decision as it was shown then."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from finrec_core.advice.snapshot import Snapshot
from finrec_core.store import LogQuery, LogRow, RunRow
from finrec_core.terms.file_name import file_name as plain_name
from finrec_core.views.recommendation.record import Record, file_name
from pages.frame import desk, gate
from pages.shared.choice import Choice

LABEL = "Recommendation record"


def show(choice: Choice) -> None:
    """Offer the record of a choice; it is made when it is asked for.

    Where a decision stands on the client and the product, the record shows what was shown then.
    """
    made = desk.local(datetime.now(UTC))
    page = _Page(choice, made)
    _offer(page.html, file_name(choice.client, page.product, made), "record")  # one key: it changes in place


def show_entry(row: LogRow, shown: Snapshot) -> None:
    """Offer the record of one decision of the log."""
    newest, made = desk.store().heads()["decisions"], desk.local(datetime.now(UTC))
    record = Record(shown, desk.person().name, newest, made, row)
    _offer(record.html, record.file_name, f"record-{row.id}")


def _offer(page: Callable[[], str], name: str, key: str) -> None:
    st.download_button(
        LABEL,
        gate.later(page),
        file_name=plain_name(name),
        mime="text/html",
        on_click="ignore",
        icon=":material/description:",
        type="tertiary",
        key=key,
    )


class _Page:
    """What a record is made of, taken from the desk now: a download runs where the desk is out of reach."""

    def __init__(self, choice: Choice, made: datetime) -> None:
        self.store = desk.store()
        self.dataset, self.ranking = choice.dataset, choice.ranking
        self.explanation, self.product = choice.explanation(), choice.labels().product
        self.suitability, self.version = choice.suitability, choice.rules
        self.run: RunRow = self.store.run(choice.run)
        self.adviser, self.made = desk.person().name, made

    def html(self) -> str:
        """Return the page."""
        query = LogQuery(client=self.explanation.client, product=self.explanation.product)
        record = Record.of(
            self.store.decisions(query=query),
            self._now,
            adviser=self.adviser,
            newest=self.store.heads()["decisions"],
            made=datetime.now(self.made.tzinfo),
        )
        return record.html()

    def _now(self) -> Snapshot:
        return Snapshot.of(
            self.dataset,
            self.run,
            self.explanation,
            self.ranking,
            suitability=self.suitability,
            rules_version=self.version,
            taken=datetime.now(UTC),
        )
