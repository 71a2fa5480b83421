"""What leaves a page for the browser: nothing that loads, leads away or reorders, on any page."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from finrec_core.advice import Rules
from finrec_core.advice.decision import Decision
from finrec_core.dataset.report import REPORT
from finrec_core.store import Store
from pages.frame import edge
from tests import desk
from tests.conftest import REPOSITORY
from tests.hostile import NAME, TEXTS, VERB, fields, hostile_bank

PAGES = sorted(one.parent.name for one in (REPOSITORY / "pages").glob("*/page.py"))
# Columns of the store that the desk itself writes, or that the hostile bank fills already.
MACHINE = re.compile(
    r"^(clients|products|interactions|ties|migrations)\.|(_id|\.id|hash|\.run|\.kind|previous|content|document|"
    r"metrics|constants|encoder|\.dataset|step|\.how|answers|\.client|\.product|verb|datasets\.name)$"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a desk whose data, and all that people wrote, is hostile in every text."""
    data = desk.trained(tmp_path_factory.mktemp("hostile"), hostile_bank())
    with Store(data / "finrec.duckdb", runs_folder=data / "runs") as store:
        write(store)
    spoil(data / "finrec.duckdb")
    return data


def write(store: Store) -> None:
    """Put a row into the tables that people fill: a decision, rules, a report of an import."""
    bank = hostile_bank()
    ids = [
        getattr(bank, table)[key][1].as_py()
        for table, key in (("clients", "client_id"), ("products", "product_id"))
    ]
    said = Decision(
        "later", *ids, desk.RUN, "other", NAME, due=date(2026, 1, 1), client_name=NAME, product_name=NAME
    )
    store.add_decision(
        kind="later", client=ids[0], product=ids[1], run=desk.RUN, content=said.content, user="ana"
    )
    store.add_rules(Rules.proposed(bank).to_json(), reason="a reason", user="ana")
    row = {"file": "a.csv", "line": 1, "column": "name", "value": "x", "reason": "no number: left out"}
    report = pa.Table.from_pylist([row], schema=REPORT)
    store.add_dataset(bank, rejects=report, repairs=report, source="a.csv", user="ana")


def spoil(file: Path) -> None:
    """Write hostile text over all that the store holds of people's words, found from its schema."""
    with duckdb.connect(file) as database:
        columns = database.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'VARCHAR'"
        ).fetchall()
        found = [(table, column) for table, column in columns if not MACHINE.search(f"{table}.{column}")]
        assert {
            ("decisions", "user_name"),
            ("rules", "reason"),
            ("rejects", "value"),
            ("datasets", "source"),
        } < {*found}
        for table, column in found:
            database.execute(f"UPDATE {table} SET {column} = ? WHERE {column} IS NOT NULL", [NAME])


@pytest.fixture
def leaks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return what pages send unescaped, as they send it; the guard of the desk stands behind."""
    found: list[str] = []
    enqueue = ScriptRunContext.enqueue

    def seen(context: ScriptRunContext, message: object) -> None:
        if message.WhichOneof("type") == "delta":
            for owner, name, text in edge.texts(message.delta):
                marked = name in edge.MARKDOWN or (name in edge.CHOICES and owner.DESCRIPTOR.name in SAID)
                if marked and edge.tamed(text) != text:
                    found.append(f"{owner.DESCRIPTOR.name}.{name}: {text[:200]!r}")
                if name == "spec" and edge._ANCHOR.search(text):
                    found.append(f"{owner.DESCRIPTOR.name}.{name}: {text[:200]!r}")
        enqueue(context, message)

    monkeypatch.setattr(ScriptRunContext, "enqueue", seen)
    seen.__wrapped__ = enqueue  # the guard is not put in front
    return found


SAID = {"Radio", "Option"}  # choices that Streamlit reads as Markdown; others are plain text


@pytest.mark.parametrize("page", PAGES)
def test_no_page_forgets_to_escape(page: str, hostile: Path, leaks: list[str]) -> None:
    with desk.opened(hostile) as start:
        bank = hostile_bank()
        client, product = bank.clients["client_id"][1].as_py(), bank.products["product_id"][1].as_py()
        app = start(f"pages/{page}/page.py", client=client, product=product)
        for one in [*app.text_input, *app.text_area]:
            one.set_value(TEXTS[4] + "\u202e")
        app.run()
        assert not app.exception
    assert leaks == []


@pytest.mark.parametrize(
    "name",
    sorted(
        {
            *re.findall(
                r'query_params\.get\("(\w+)"',
                "".join(one.read_text("utf-8") for one in (REPOSITORY / "pages").rglob("*.py")),
            )
        }
        | {"client", "product", "lens"}
    ),
)
def test_what_stands_in_the_address_is_shown_and_not_read(name: str, hostile: Path, leaks: list[str]) -> None:
    with desk.opened(hostile) as start:
        for page in ("recommendations", "story"):
            start(f"pages/{page}/page.py", **{name: TEXTS[4] + "\u202e"})
    assert leaks == []


def test_what_a_page_forgets_ends_at_the_edge() -> None:
    def page() -> None:
        import plotly.graph_objects as go
        import streamlit as st

        from pages.frame import edge

        edge.guard()
        bad = "![i](https://example.com/i.png) <https://example.com> www.example.com \u202exyz \u2067open"
        for show in (st.markdown, st.caption, st.error, st.title, st.button, st.metric):
            show(*(bad, 1) if show is st.metric else (bad,))
        st.checkbox("x", help=bad)
        title = '<a href="https://example.com">x</a>'
        st.plotly_chart(go.Figure(go.Bar(x=[1], y=[1]), {"title": {"text": title}}))

    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    sent = [app.markdown[0], app.caption[0], app.error[0], app.title[0]]
    shown = [one.value for one in sent] + [
        app.button[0].label,
        app.metric[0].label,
        app.checkbox[0].proto.help,
    ]
    for text in shown:
        assert "](" not in text
        assert "https:/" not in text
        assert "www." not in text
        assert "\u202e" not in text
        assert text.count("\u2067") == text.count("\u2069")
    assert "href" in app.get("plotly_chart")[0].proto.spec
    assert not edge._ANCHOR.search(app.get("plotly_chart")[0].proto.spec)


@pytest.mark.parametrize(
    "text",
    [
        "**b** :red[x]",
        ":material/check: Ready",
        "a (b) [c] d",
        "1 < 2",
        "50 %, 3:1",
        ':color[x]{foreground="#0B"}',
    ],
)
def test_what_the_desk_writes_itself_passes_unchanged(text: str) -> None:
    assert edge.tamed(text) == text


def test_every_field_that_a_file_fills_is_hostile() -> None:
    """Found from the schema: a column that is added to it is hostile at once."""
    bank = hostile_bank()
    assert (bank.name, bank.verb) == (NAME, VERB)
    for table in ("interactions", "products", "clients", "ties"):
        cells = getattr(bank, table)
        for column in fields(table):
            held = [text for text in cells[column].to_pylist() if text]
            assert held
            assert all(any(bad in text for bad in TEXTS) for text in held), (table, column)


def test_every_file_that_is_handed_out_is_called_by_a_plain_name() -> None:
    for file in sorted((REPOSITORY / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "download_button":
                names = [one.value for one in node.keywords if one.arg == "file_name"]
                made = {ast.unparse(one.func) for one in names if isinstance(one, ast.Call)}
                assert len(node.args) <= 2, file  # the third is the name
                assert made <= {"file_name", "plain_name"}, file
                assert len(made) == 1, file
