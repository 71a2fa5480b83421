"""What a client gave up, on the desk: marked in the list and on the card, and ruled out by the bank."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from finrec_core.advice import Rules
from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank
from tests import desk
from tests.desk import Open
from tests.pages.deciding import stored, texts
from tests.planted import table

BADGE = "Had until January 2027"


LEAVER, BARE = "C00002", "C00005"  # who gave up one product, and all of them
BANK = demo_bank(60, 30, 1).dataset


def dataset() -> Dataset:
    """Return a small demo bank in which two clients gave products up in January 2027; ties are left out."""
    rows = BANK.interactions.select(["client_id", "product_id"]).to_pylist()
    mine = {key: [row["product_id"] for row in rows if row["client_id"] == key] for key in (LEAVER, BARE)}
    gone = [(LEAVER, GONE), *((BARE, product) for product in dict.fromkeys(mine[BARE]))]
    given_up = table(
        "interactions",
        client_id=[client for client, _ in gone],
        product_id=[product for _, product in gone],
        timestamp=[datetime(2027, 1, 15, tzinfo=UTC)] * len(gone),
        action=["gives_up"] * len(gone),
    )
    return replace(BANK, interactions=pa.concat_tables([BANK.interactions, given_up]), ties=BANK.ties[:0])


GONE = next(
    row["product_id"]
    for row in BANK.interactions.select(["client_id", "product_id"]).to_pylist()
    if row["client_id"] == LEAVER
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a model that learned from it, not to be changed."""
    return desk.trained(tmp_path_factory.mktemp("gave-up"), dataset())


@pytest.fixture
def gone() -> str:
    """The product that the leaver gave up."""
    return GONE


def named(product: str) -> str:
    return BANK.products["name"][BANK.product_rows[product]].as_py()


def test_list_card_and_sentence_say_until_when(open_desk: Open, trained: Path, gone: str) -> None:
    app = open_desk("", trained, client=LEAVER, product=gone)
    app.segmented_control(key="most").set_value(100).run()
    assert not app.exception
    frame = next(one.value for one in app.dataframe if "rank" in one.value)
    assert frame["former"].tolist().count(BADGE) == 1
    said = texts(app).replace("\\", "")
    assert BADGE in said
    assert f" had **{named(gone)}** until January 2027." in said
    assert "Has it already" not in said


def test_a_client_that_gave_up_all_still_shows_what_it_had(open_desk: Open, trained: Path) -> None:
    app = open_desk("", trained, client=BARE)
    said = texts(app)
    assert "Nothing held any more" in said
    assert "New: nothing to go by" not in said
    assert "Formerly held" in said


def test_the_bank_rules_it_out(open_desk: Open, trained: Path, gone: str) -> None:
    app = open_desk("pages/rules/page.py", trained)
    box = app.checkbox(key=f"former-{desk.RUN}-0")
    assert box.value is False
    box.check().run()
    counts = next(one.value for one in app.dataframe if "Verdicts" in one.value)
    assert {one[0] for one in counts["After"]} == {"Does not fit"}
    app.text_input(key="reason").set_value("Whoever left is not asked again").run()
    app.button(key="save-rules").click().run()
    assert not app.error
    saved = stored().rules()
    assert saved is not None
    assert not Rules.from_json(saved.content).former_fits
    assert app.checkbox(key=f"former-{desk.RUN}-1").value is True
    stated = next(one.value for one in app.dataframe if "Set to" in one.value)
    assert ["Products that the client gave up", "Do not fit"] in stated.values.tolist()

    app = open_desk("", client=LEAVER, product=gone)
    assert "the client had it until january 2027" in texts(app).lower()
