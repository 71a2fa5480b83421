"""The log without a browser: listed, filtered, opened, corrected and verified."""

from finrec_core.store import seal
from pages.frame import memory
from tests.pages.conftest import Open
from tests.pages.deciding import CLIENT, HOSTILE, OLD, decide, record, stored, texts


def test_an_empty_log_says_what_to_do(open_page: Open) -> None:
    app = open_page("decisions")
    assert "Nothing was decided yet" in texts(app)
    app.button(key="verify").click().run()
    assert "Every entry is as it was written: no decisions" in app.success[0].value


def test_decisions_are_listed_filtered_opened_and_withdrawn(open_page: Open) -> None:
    decide(open_page(client=CLIENT), "accept", "need", "asked twice")
    decide(open_page(client=OLD), "later", "talk")
    app = open_page("decisions")
    frame = app.dataframe[0].value
    assert frame["No."].tolist() == [2, 1]
    assert frame["Client"][1] == HOSTILE
    app.text_input(key="of-client").set_value("evil").run()
    assert app.dataframe[0].value["No."].tolist() == [1]
    app.text_input(key="of-client").set_value("nobody at all").run()
    assert "No entry is like that" in app.info[0].value
    app.text_input(key="of-client").set_value("").run()
    app.toggle(key="of-overrides").set_value(True).run()
    assert not app.dataframe
    app.toggle(key="of-overrides").set_value(False).run()
    assert len(app.get("download_button")) == 2

    newest = stored().decisions()[0]
    app.session_state[f"decided-{newest.id}-2"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    app.run()
    said = texts(app)
    assert "What was shown" in said
    assert "asked twice" in said
    assert "<img" not in said.replace("\\<img", "")
    app.button(key="follow-withdraw").click().run()
    app.button_group(key="reason-withdraw").set_value("wrong")
    record(app, "withdraw")
    assert app.dataframe[0].value["Decision"].tolist() == [["Withdrawn"], ["Put off"], ["Accepted"]]
    assert app.dataframe[0].value["State"][2] == "Withdrawn by no. 3"


def test_a_log_is_read_page_by_page(open_page: Open) -> None:
    decide(open_page(client=CLIENT), "later", "talk")
    row = stored().decisions()[0]
    for number in range(30):
        values = {"kind": "later", "client": f"X{number}", "product": "p", "run": row.run}
        stored().add_decision(**values, content=row.content, user="bo")
    app = open_page("decisions")
    assert app.dataframe[0].value["No."].tolist() == list(range(31, 6, -1))
    app.button(key="decisions-older").click().run()
    assert app.dataframe[0].value["No."].tolist() == list(range(6, 0, -1))
    app.multiselect(key="of-user").set_value(["bo"]).run()
    assert "30 entries" in texts(app)


def test_a_changed_entry_is_found_by_one_click(open_page: Open) -> None:
    decide(open_page(client=CLIENT), "later", "talk")
    app = open_page("decisions")
    with stored()._connection.writing() as cursor:
        cursor.execute("UPDATE decisions SET product = 'p9'")
    app.button(key="verify").click().run()
    assert "row 1 was changed after it was written" in app.error[0].value


def test_a_row_that_holds_no_decision_does_not_stop_the_page(open_page: Open) -> None:
    open_page()
    stored().add_decision(kind="approve", client="c", product="p", run="r", content={"x": 1})
    app = open_page("decisions")
    assert "1 entry cannot be read" in app.warning[0].value
    assert open_page("today")


def test_of_an_erased_client_one_sentence_stands_for_what_was_shown(open_page: Open) -> None:
    decide(open_page(client=CLIENT), "accept", "need", "in debt")
    stored().erase_client(CLIENT, reason="asked")
    memory.forget()
    row = stored().decisions()[0]
    app = open_page("decisions")
    app.session_state[f"decided-{row.id}-1"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    said = texts(app)
    assert seal.GONE in said
    assert "What was shown" not in said.replace(seal.GONE, "")
    assert "in debt" not in said
    assert not any(button.label == "Recommendation record" for button in app.get("download_button"))
    assert open_page("today")
