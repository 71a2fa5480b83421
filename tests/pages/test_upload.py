"""An upload is read by a child, asks for what it cannot know, and says what saving would decide."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from finrec_core.settings import settings
from pages.frame import desk as pages
from tests import desk
from tests.intake import published
from tests.intake.workbooks import xlsx

HEAD = "client_id,product_id,rating\n"
GOOD = "".join(f"c{row % 9},p{row % 5},{row % 5 + 1}\n" for row in range(18))
WRONG = "c1,,5\n,p1,4\n"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], AppTest]]:
    """Lend a function that opens the page Data over an empty store."""
    with desk.opened(tmp_path) as start:
        yield lambda: start("pages/data/page.py")


@pytest.fixture
def spools(tmp_path: Path, opened: object) -> Callable[[], list[Path]]:
    """Lend a function that finds the folders of imports."""
    return lambda: [one for one in (tmp_path / "imports").iterdir() if one.is_dir()]


def upload(app: AppTest, name: str, content: bytes) -> None:
    app.file_uploader[0].upload(name, content).run()
    assert not app.exception


def document(rows: str, risk: int) -> bytes:
    """Return a JSON document of interactions, and of one client with a class of risk."""
    cells = [dict(zip(HEAD.strip().split(","), row.split(","), strict=True)) for row in rows.split()]
    return json.dumps(
        {"interactions": cells, "clients": [{"client_id": "c1", "risk_tolerance": risk}]}
    ).encode()


def said(app: AppTest) -> str:
    shown = (*app.markdown, *app.caption, *app.subheader, *app.header, *app.warning, *app.error, *app.info)
    return " ".join(one.value for one in shown).replace("\\", "")


def test_the_encoding_is_asked_for_and_the_answer_is_used(opened: Callable[[], AppTest]) -> None:
    app = opened()
    ((name, content),) = published.movielens_100k()
    upload(app, name, content)
    assert "UTF" in app.error[0].value
    question = app.selectbox[0]
    assert question.label == "How does line 1 read rightly?"
    assert question.options[0].startswith("4|Misérables")
    question.select_index(0).run()
    assert not app.exception
    assert not app.error
    assert app.header[0].value == "Import of 1 file"
    headings = [one.value for one in app.subheader]
    assert headings[:4] == [
        "What each file is",
        "What joins with what",
        "What was mended and what was not",
        "How to keep it",
    ]


def test_files_lie_on_the_disk_until_they_are_saved_and_several_come_one_by_one(
    opened: Callable[[], AppTest], spools: Callable[[], list[Path]]
) -> None:
    app = opened()
    upload(app, "has.csv", b"client,product\nann,A1\n")
    upload(app, "products.csv", b"product_id,name\nA1,Fund\n")
    assert "Import of 2 files" in said(app)
    (spool,) = spools()
    assert len([*(spool / "files").iterdir()]) == 2
    app.button(key="save-0").click().run()
    assert not spool.exists()
    assert not app.header


def test_what_one_session_rejects_is_never_stored_with_the_import_of_another(
    opened: Callable[[], AppTest],
) -> None:
    first, second = opened(), opened()  # the same rows under the same name, but for what cannot be used
    upload(first, "holdings.csv", (HEAD + GOOD * 3 + "c1,,5\n").encode())
    upload(second, "holdings.csv", (HEAD + GOOD * 3 + ",p1,4\n,p2,4\n").encode())
    first.text_input(key="name-0").set_value("one").run()
    second.text_input(key="name-0").set_value("one").run()
    for app in (first, second):
        app.run()  # the second one sees by then what its version would follow
        app.button(key="save-0").click().run()
        assert not app.exception
    one, two = (pages.store().report("one", version)[0]["reason"].to_pylist() for version in (1, 2))
    assert [len(one), len(two)] == [1, 2]
    assert not set(one) & set(two)


def test_a_discarded_import_leaves_no_file(
    opened: Callable[[], AppTest], spools: Callable[[], list[Path]]
) -> None:
    app = opened()
    upload(app, "has.csv", b"client,product\nann,A1\n")
    app.button(key="discard-0").click().run()
    assert spools() == []
    assert not app.header


def test_an_open_question_comes_first_and_the_button_says_what_is_decided(
    opened: Callable[[], AppTest],
) -> None:
    app = opened()
    upload(app, "holdings.csv", (HEAD + GOOD + WRONG).encode())
    assert app.subheader[0].value == "To decide first: 1 question"
    assert app.radio[0].options == ["leave them out (proposed)", "do not import"]
    assert app.radio[0].value == "leave them out"
    assert not app.button(key="save-0").disabled
    assert app.button(key="save-0").label.endswith('Save, taking "leave them out" for holdings\\.csv')

    # What was changed is used first, for the figures below are as proposed.
    app.radio[0].set_value("do not import").run()
    assert app.button(key="save-0").disabled
    assert "Use the answers that you changed" in said(app)
    app.button(key="use-0").click().run()
    assert app.button(key="save-0").disabled
    assert 'You said: Rejects of holdings.csv: "do not import".' in said(app)
    assert app.subheader[0].value == "What you said"

    # An answer can be changed, and one that was given asks no more.
    next(one for one in app.button if one.label == "Change" and one.key.startswith("again-")).click().run()
    assert app.subheader[0].value == "To decide first: 1 question"
    app.radio[0].set_value("leave them out").run()
    app.button(key="use-0").click().run()
    assert not app.radio
    assert app.button(key="save-0").label.endswith("Save")
    app.button(key="save-0").click().run()
    assert not app.header


def test_a_file_is_changed_where_it_was_guessed_wrong(opened: Callable[[], AppTest]) -> None:
    app = opened()
    upload(app, "interactions.csv", (HEAD + GOOD).encode())
    assert "a row is how a client rated a product" in said(app)
    app.button(key="change-0-0").click().run()
    assert app.selectbox(key="holds-0").value == "interactions"
    app.selectbox(key="first-line-0").set_value(False).run()
    assert not app.exception
    assert "19 interactions" in said(app)
    assert app.selectbox(key="first-line-0").value is False
    assert app.number_input(key="header-line-0").disabled
    app.selectbox(key="first-line-0").set_value(True).run()
    assert "18 interactions" in said(app)
    app.button(key="change-0-0").click().run()
    assert not [one for one in app.selectbox if one.key == "holds-0"]


def test_too_little_memory_is_a_sentence_and_the_files_can_be_read_again(
    opened: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINREC_IMPORT_MEMORY", "0.01")
    app = opened()
    upload(app, "has.csv", b"client,product\nann,A1\n")
    assert "takes more than 0.01 GB of memory" in said(app)
    assert "Nothing was saved." in said(app)
    monkeypatch.delenv("FINREC_IMPORT_MEMORY")
    settings.cache_clear()
    app.button(key="again").click().run()
    assert not app.error
    assert "1 interaction" in said(app)


def test_an_append_takes_what_was_said_before_and_a_replacement_names_what_it_removes(
    opened: Callable[[], AppTest],
) -> None:
    app = opened()
    upload(app, "bank.json", document(GOOD, 2))
    app.button(key="save-0").click().run()
    assert not app.exception
    upload(app, "april.json", document("c1,p1,5\nc2,p2,4\n", 6))
    way = app.segmented_control(key="way-1")
    assert way.value == "Append"
    # No date says which of the two profiles is the newer: the button says which counts.
    assert app.button(key="save-1").label.endswith("Append to bank, taking the rows that are appended")
    assert '"c1", whose risk_tolerance was 2 and would be 6. Which row counts?' in said(app)
    app.radio(key="stands-1").set_value("that are there").run()
    assert app.button(key="save-1").label.endswith("Append to bank, keeping the rows that are there")
    way.set_value("Next version").run()
    assert not app.exception
    assert app.button(key="save-1").label.endswith("Replace, removing 7 clients")
    assert "7 of 9 clients" in said(app)
    app.segmented_control(key="way-1").set_value("New dataset").run()
    assert app.button(key="save-1").label.endswith("Save as a new dataset")


def test_names_of_files_and_values_are_shown_and_not_read(opened: Callable[[], AppTest]) -> None:
    app = opened()
    upload(app, "<img src=x>**a**.csv", b"client,product,:material/home:\nann,A1,<b>\n")
    line = next(one.value for one in app.markdown if "img" in one.value)
    assert "\\<img src\\=x\\>\\*\\*a\\*\\*\\.csv" in line
    assert not any(
        "<img" in one.value.replace("\\<", "") for one in (*app.markdown, *app.caption, *app.error)
    )


def test_the_line_of_the_header_is_changed_and_taken_back_where_no_line_is_there(
    opened: Callable[[], AppTest],
) -> None:
    app = opened()
    upload(app, "has.csv", b"client_id,product_id\nkunde,produkt\nann,A1\nbob,A1\n")
    app.button(key="change-0-0").click().run()
    assert app.number_input(key="header-line-0").value == 1
    app.number_input(key="header-line-0").set_value(2).run()
    assert not app.exception
    assert app.number_input(key="header-line-0").value == 2
    assert "2 interactions" in said(app)
    assert "line 1" in said(app)  # which is told as one above the header
    app.number_input(key="header-line-0").set_value(99).run()
    assert "the file has no line 99" in said(app)
    app.button(key="found-0").click().run()
    assert not app.error
    assert app.number_input(key="header-line-0").value == 1


def test_what_stands_before_a_quotation_mark_is_said(opened: Callable[[], AppTest]) -> None:
    app = opened()
    upload(app, "has.csv", b'client_id,product_id,review\nann,A1,"a \\"b\\" c"\nbob,A1,"plain"\n')
    app.button(key="change-0-0").click().run()
    escape = app.selectbox(key="a-quotation-mark-in-a-text-0")
    assert escape.options == ["As it is found", "None: it is written twice", "A backslash"]
    assert escape.value == "found"
    assert "2 interactions" in said(app)
    escape.set_value("\\").run()
    assert not app.exception
    assert app.selectbox(key="a-quotation-mark-in-a-text-0").value == "\\"
    assert "2 interactions" in said(app)


def test_sheets_of_a_workbook_are_chosen(opened: Callable[[], AppTest]) -> None:
    sheets = {
        "March": [("client_id", "product_id"), ("ann", "A1"), ("bob", "A2")],
        "April": [("client_id", "product_id"), ("cem", "A1")],
    }
    app = opened()
    upload(app, "bank.xlsx", xlsx(sheets))
    assert "bank.xlsx/March: 2 interactions" in said(app)
    assert "bank.xlsx/April: 1 interaction" in said(app)
    app.button(key="change-0-0").click().run()
    assert not [one for one in app.selectbox if one.key == "encoding-0"]
    field = app.multiselect(key="sheets-0")
    assert field.label == "What is read of bank\\.xlsx"
    assert field.options == ["March", "April"]
    assert field.value == []
    field.select("April").run()
    assert not app.exception
    assert "March" not in said(app)
    assert "bank.xlsx/April: 1 interaction" in said(app)
    # A line of a sheet is one of its rows.
    app.button(key="change-0-0").click().run()
    assert app.number_input(key="header-line-0").value == 1


def test_a_file_by_itself_joins_with_nothing(opened: Callable[[], AppTest]) -> None:
    app = opened()
    head = ",".join(["ID", *(f"F{product}" for product in range(6))])
    rows = [
        ",".join([f"c{client}", *(str(int((client + product) % 3 == 0)) for product in range(6))])
        for client in range(24)
    ]
    upload(app, "Train.csv", "\n".join([head, *rows]).encode())
    headings = [one.value for one in app.subheader]
    assert headings[:2] == ["To decide first: 1 question", "What each file is"]
    assert "a client, with a column for each product" in said(app)
    assert "What joins with what" not in headings
