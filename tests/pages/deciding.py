"""What the tests of decisions share: the open store, what a page says, and a decision made on a card."""

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from finrec_core.store import Store
from pages.frame import desk as desk_pages

CLIENT, OLD = "C00002", "C00003"  # one whose profile is of today, one whose profile is old
HOSTILE = "<img src=http://evil.example/x> **bold** www.evil.example"  # the name of the first


def stored() -> Store:
    """Return the store that the desk has open."""
    return desk_pages.whole_store()


def texts(app: AppTest) -> str:
    """Return all that a page says in Markdown, headings and captions included."""
    kinds = (
        app.title,
        app.subheader,
        app.markdown,
        app.caption,
        app.info,
        app.warning,
        app.error,
        app.success,
    )
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def products(client: str, verdict: str) -> list[str]:
    """Return a client's offered products with a verdict under the rules in force, best first."""
    run = stored().active_run().run
    kinds = desk_pages.suitability(run, client).kinds
    rows = desk_pages.ranking(run, client).order
    ids = desk_pages.model(run).dataset.products["product_id"]
    return [ids[int(row)].as_py() for row in rows if kinds[row] == verdict]


def decide(app: AppTest, kind: str, reason: str, note: str = "") -> AppTest:
    """Open the form of an action, fill it in and record it."""
    app.button(key=f"decide-{kind}").click().run()
    app.button_group(key=f"reason-{kind}").set_value(reason)
    app.text_area(key=f"note-{kind}").set_value(note)
    record(app, kind)
    return app


def record(app: AppTest, kind: str) -> AppTest:
    """Press the button that records what a form holds; each thing shown has a button of its own."""
    (button,) = recorders(app, kind)
    button.click().run()
    assert not app.exception
    return app


def recorders(app: AppTest, kind: str) -> list[Button]:
    """Return the buttons that record a kind of decision: one or none."""
    return [one for one in app.button if str(one.key).startswith(f"record-{kind}-")]
