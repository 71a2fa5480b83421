"""What the desk shows: a client, a product and a lens, with the model that explains them."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from finrec_core.access import Scope
from finrec_core.advice import Suitability
from finrec_core.dataset import Dataset
from finrec_core.explain import Explanation, Lens
from finrec_core.explain.points import Shown, shown
from finrec_core.narrative.labels import Labels
from finrec_core.recommender import Ranking
from finrec_core.settings import settings
from finrec_core.terms import wording
from finrec_core.terms.names import LENSES, LensName
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, journal, memory, selection


@dataclass(frozen=True)
class Choice:
    """One recommendation in one lens; what is known of it comes from the desk's memory.

    `rules` is the version of the rules, and `day` the day, that the page was drawn with: the verdict on the
    list, the one on the card and the one that is recorded are the same.
    """

    run: str
    client: str
    product: str
    lens: LensName
    rules: int
    day: date

    @property
    def key(self) -> str:
        """A name for widgets that belong to this choice alone."""
        return f"{self.run}-{self.client}-{self.product}-{self.lens}"

    @property
    def dataset(self) -> Dataset:
        """What the model learned from."""
        return desk.model(self.run).dataset

    @property
    def ranking(self) -> Ranking:
        """The client's whole list."""
        return desk.ranking(self.run, self.client)

    @property
    def suitability(self) -> Suitability | None:
        """What suits the client, None where the data has no client profiles."""
        return desk.verdicts(self.run, self.client, self.rules, self.day)

    @property
    def view(self) -> Shown | None:
        """The lens in points, None where all products score the same."""
        return shown(self.reasons(), self.ranking.scale)

    def explanation(self, words: int = 0) -> Explanation:
        """Return the score taken apart, with so many texts of each lens opened into words."""
        return desk.explanation(self.run, self.client, self.product, words)

    def reasons(self, words: int = 0) -> Lens:
        """Return the lens that was chosen."""
        return self.explanation(words).lens(self.lens)

    def labels(self, words: int = 0) -> Labels:
        """Return what people, products and texts are called in the explanation."""
        return labels(self.run, self.client, self.product, words, desk.scope())


def chosen(run: str, client: str) -> Choice:
    """Return what the URL asks for, and say so where it names a product or a view that is not there."""
    version, _ = desk.rules(run)
    return Choice(run, client, _product(run, client), _lens(), version, desk.today())


def _product(run: str, client: str) -> str:
    """Return the product that was chosen, else the client's best one that is not hidden as rejected."""
    model = desk.model(run)
    wanted = selection.known("product", model.product_row)
    if wanted is not None:
        return wanted
    ids, order = model.dataset.products["product_id"], desk.ranking(run, client).order
    best = ids.take(order if len(order) else [0]).to_pylist()
    hidden = journal.hidden(client)
    first = next((one for one in best if one not in hidden), best[0])
    selection.remember("product", first)
    return first


def _lens() -> LensName:
    """Return the lens that was chosen, the client's where there is none or no such lens."""
    wanted = selection.get("lens")
    if wanted is not None and wanted not in LENSES:
        known = wording.joined(list(LENSES))
        st.warning(
            f"There is no view “{in_markdown(wanted, 40)}”; there are {known}.", icon=":material/help:"
        )
    return "product" if wanted == "product" else "client"


@memory.remembered(max_entries=256)
def labels(run: str, client: str, product: str, words: int, seen: Scope) -> Labels:
    """Return what people, products and texts are called in an explanation as some may see it."""
    # Names of people are for those who see all clients; under bounds some would be of other branches.
    chosen, whole = settings(), seen.rows(desk.model(run).dataset) is None
    return Labels.of(
        desk.model(run).dataset,
        desk.explained(run, client, product, words, seen),
        show_tie_names=chosen.show_tie_names and whole,
        show_writers=chosen.show_writers and whole,
    )
