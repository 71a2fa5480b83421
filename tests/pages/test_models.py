"""The views of Models about what drives the model and what advisers make of it, without a browser."""

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from tests import desk
from tests.pages.deciding import CLIENT

MIDDLE, LAST = "20260301-091220-000", "20260301-091240-000"


def shown(app, view):
    """Open a view of Models and return its sentences."""
    app.query_params["view"] = view
    app.switch_page("pages/models/page.py").run()
    assert not app.exception
    return " ".join(one.value for one in [*app.markdown, *app.caption])


def test_what_drives_it_adds_up_and_names_groups(open_page):
    said = shown(open_page(), "What drives it")
    assert "Of all that reasons add and take" in said
    assert "the largest gap is" in said
    assert "Groups differ in what is held back" in said  # the figures of single clients are kept by now


@pytest.mark.parametrize("kind", ["accept", "reject"])
def test_a_decision_is_counted_at_once(open_page, kind):
    app = open_page("recommendations", client=CLIENT)
    assert "Nothing that stands was decided" in shown(app, "In practice")
    from finrec_core.advice.decision import decide
    from finrec_core.store import Store
    from pages.frame import desk
    from tests.advice.made import TODAY, snapshot

    assert isinstance(desk.whole_store(), Store)
    run = desk.whole_store().active_run().run
    made = decide(kind, snapshot(run=run), reason="need", today=TODAY)
    desk.whole_store().add_decision(
        kind=kind, client=made.client, product=made.product, run=run, content=made.content, user="ana"
    )
    said = shown(app, "In practice")
    counts = {"accept": "1 accepted, 0 rejected", "reject": "0 accepted, 1 rejected"}[kind]
    assert f"1 decision stands: {counts}, 0 put off" in said.replace("\\", "")
    assert "2nd and 3rd" in str(app.dataframe[0].value)


@pytest.fixture
def several(open_page):
    """Return the desk with three models of one minute, the first of them in use, and its store."""
    from pages.frame import desk as frame

    app = open_page()
    for second in (20, 40):
        desk.again(frame.store(), f"20260301-0912{second}-000", in_use=False)
    return app, frame.store()


def test_models_of_one_minute_are_told_apart(several):
    app, store = several
    store.publish(MIDDLE, reason="sharper")
    said = shown(app, "All models")
    assert app.subheader[0].value == "Model of 1 Mar 09:12:20"
    assert app.button(key="roll-back").label == "Roll back to 1 Mar 09:12:00"
    assert "Model trained 1 Mar 09:12:20" in said
    trained = next(one.value for one in app.dataframe if "Trained" in one.value)["Trained"]
    assert list(trained) == ["1 Mar 09:12:40", "1 Mar 09:12:20", "1 Mar 09:12:00"]
    used = next(one.value for one in app.dataframe if "Model of" in one.value)
    assert list(used["Model of"]) == ["1 Mar 09:12:20", "1 Mar 09:12:00"]


def test_a_click_reaches_the_model_that_was_chosen_though_the_list_is_another(several):
    """Guards a pin that went to the first model because another session had removed one."""
    app, store = several
    app.session_state["trainings-chosen"] = MIDDLE
    shown(app, "All models")
    store.remove_run(LAST)
    app.button(key=f"pin-{MIDDLE}").click().run()
    assert [run.run for run in store.runs() if run.pinned] == [MIDDLE]
    assert not app.exception
    assert app.button(key=f"pin-{MIDDLE}").label == "Take the pin off"


def test_a_model_that_cannot_be_read_is_said_and_not_published(several):
    app, store = several
    model = store.runs_folder / MIDDLE / "model.safetensors"
    model.write_bytes(model.read_bytes()[:1000])
    app.session_state["trainings-chosen"] = MIDDLE
    shown(app, "All models")
    app.selectbox(key="model-a").set_value(store.run(MIDDLE)).run()
    assert not app.exception
    assert "not what was trained" in app.warning[0].value
    assert "Which model was in use" in [one.value for one in app.subheader]

    def dialog(run):
        from pages.frame import desk
        from pages.shared import publication

        publication._confirm("Publish", "publish", desk.store().run(run), desk.store().active_run())

    asked = AppTest.from_function(dialog, kwargs={"run": MIDDLE}, default_timeout=60).run()
    asked.text_input(key="reason-Publish").input("sharper")
    asked.button(key="yes-Publish").click().run()
    assert "not what was trained" in asked.error[0].value
    assert store.active_run().run == desk.RUN


def test_a_model_in_use_that_cannot_be_read_is_said_where_it_stands(several):
    app, store = several
    shutil.rmtree(store.runs_folder / desk.RUN)
    from pages.frame import memory

    memory.forget()
    shown(app, "All models")
    assert "is gone: publish another run" in app.error[0].value
    used = next(one.value for one in app.dataframe if "Still there" in one.value)
    assert list(used["Still there"]) == ["Folder gone"]


def test_a_model_that_was_changed_is_not_shown_from_memory_either(open_page):
    from pages.frame import desk as frame

    app = open_page("recommendations", client=CLIENT)
    assert app.dataframe
    model = frame.store().runs_folder / desk.RUN / "model.safetensors"
    held = bytearray(model.read_bytes())
    held[-1] ^= 1
    model.write_bytes(held)
    app.run()
    assert not app.exception
    assert "model.safetensors was changed since" in app.error[0].value.replace("\\", "")
    assert not app.dataframe


def test_models_of_a_removed_version_are_compared_on_a_client(several):
    app, store = several
    store.remove_dataset("Demo bank", 1)
    shown(app, "All models")
    assert not app.warning
    app.text_input(key="on-client").set_value(CLIENT).run()
    assert app.selectbox(key=f"client-{CLIENT}").options
    assert any("From B to A" in one.value for one in app.dataframe)


CAVEAT = "The catalogue has 12 products and a list 20 places."


@pytest.mark.parametrize(("page", "view"), [("models", "How good it is"), ("train", "")])
def test_where_figures_mean_nothing_is_said_above_them(open_page, page, view):
    from pages.frame import desk as frame

    app = open_page()
    with frame.whole_store()._connection.writing() as cursor:
        cursor.execute(
            "UPDATE runs SET metrics = json_merge_patch(metrics, json_object('caveats', json_array(?)))",
            [CAVEAT],
        )
    app.query_params["view"] = view
    app.switch_page(f"pages/{page}/page.py").run()
    assert not app.exception
    assert [one.value.replace("\\", "") for one in app.warning] == [CAVEAT]
