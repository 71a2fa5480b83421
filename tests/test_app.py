"""The desk without a browser: what each page shows for what the store holds."""

import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank
from finrec_core.store import Store, StoreError
from tests import desk
from tests.desk import Open
from tests.pages.deciding import stored, texts

HOSTILE = "<img src=http://evil.example/x> **bold** :material/bug_report: www.evil.example"
GOOD = "client_id,product_id,rating,review\n" + "".join(
    f"c{client},p{product},{1 + (client + product) % 5},fine\n" for client in range(6) for product in range(4)
)


def dataset() -> Dataset:
    """Return a small demo bank with a client that has nothing, and one with a hostile name."""
    bank = demo_bank(60, 30, 1).dataset
    clients = bank.clients.to_pylist()
    clients[0]["name"] = HOSTILE
    clients.append(dict.fromkeys(clients[0]) | {"client_id": "NEW", "name": "Nora New"})
    return replace(bank, clients=pa.Table.from_pylist(clients, schema=bank.clients.schema))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a trained model, not to be changed."""
    return desk.trained(tmp_path_factory.mktemp("trained"), dataset())


def test_an_empty_store_offers_two_ways_in(open_desk: Open) -> None:
    app = open_desk()
    assert app.title[0].value == "Start with clients and products"
    assert [app.button(key="demo").label, len(app.file_uploader)] == [
        ":material/play_arrow: Load the demo bank",
        1,
    ]
    assert "No model yet" in texts(app)


@pytest.mark.parametrize("page", ["pages/recommendations/page.py", "pages/train/page.py"])
def test_without_a_model_every_page_says_what_to_do_next(open_desk: Open, page: str) -> None:
    app = open_desk(page)
    assert app.file_uploader or app.page_link


def test_a_store_that_another_process_has_open_is_one_sentence(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("The store is open in process 9928.")

    monkeypatch.setattr(Store, "__init__", fail)
    app = open_desk()
    assert [one.value for one in app.error] == ["The store is open in process 9928."]
    assert not app.title
    assert not app.button


def test_an_import_is_reported_before_it_is_saved(open_desk: Open) -> None:
    app = open_desk("pages/data/page.py")
    rows = GOOD + 'c1,,5,x\n,p1,five,x\nc0,p0,5,"said\ntwice"\n'
    app.file_uploader[0].upload("holdings.csv", rows.encode()).run()
    figures = {one.label: int(one.value) for one in app.metric}
    assert figures["Rows read"] == 27
    assert figures["Rejected"] == 2
    assert figures["Rows read"] == sum(figures.values()) - figures["Rows read"]
    rejects = next(frame.value for frame in app.dataframe if "reason" in frame.value)
    assert rejects[["line", "column"]].values.tolist() == [[26, "product_id"], [27, "client_id"]]

    # Above 5 % of rejected rows, the button says what is being decided.
    assert "To decide first: 1 question" in texts(app)
    assert app.button(key="save-0").label.endswith('Save, taking "leave them out" for holdings\\.csv')
    app.text_input(key="name-0").set_value("Our bank").run()
    app.button(key="save-0").click().run()
    assert not app.exception
    version = stored().version()
    assert (version.label, version.rejected, version.rating_limit) == ("Our bank@1", 2, 3.0)
    assert "is saved" in texts(app)
    assert not app.metric


def test_a_discarded_import_leaves_nothing(open_desk: Open) -> None:
    app = open_desk("pages/data/page.py")
    app.file_uploader[0].upload("holdings.csv", GOOD.encode()).run()
    app.button(key="discard-0").click().run()
    assert not app.metric
    assert stored().datasets() == []


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG picture"),
        ("interactions.csv", b"client_id,rating\nc1,5\n", "product"),
        ("interactions.csv", b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_nothing_stored(
    open_desk: Open, name: str, content: bytes, sentence: str
) -> None:
    app = open_desk("pages/data/page.py")
    app.file_uploader[0].upload(name, content).run()
    assert not app.exception
    assert len(app.error) == 1
    assert sentence in app.error[0].value
    assert stored().datasets() == []


def test_the_order_of_dates_is_asked_for_where_it_is_open(open_desk: Open) -> None:
    app = open_desk("pages/data/page.py")
    rows = "client_id,product_id,timestamp\n" + "".join(f"c{n},p1,0{n}/04/2025\n" for n in range(1, 7))
    app.file_uploader[0].upload("interactions.csv", rows.encode()).run()
    assert len(app.error) == 1
    for order in ("Day first", "Month first"):  # an answer can be changed
        app.segmented_control(key="order-0").set_value(order).run()
        assert not app.error
    app.button(key="save-0").click().run()
    times = stored().dataset().interactions["timestamp"].to_pylist()
    assert [(time.day, time.month) for time in times] == [(4, month) for month in range(1, 7)]


def test_a_column_can_be_used_as_another(open_desk: Open) -> None:
    app = open_desk("pages/data/page.py")
    rows = GOOD.replace("review", "remark")
    app.file_uploader[0].upload("interactions.csv", rows.encode()).run()
    app.button(key="change-0-0").click().run()
    assert "How columns are read" in texts(app)
    app.session_state["told-0"].mapping["interactions.csv:remark"] = "review"  # as the table's cell does
    app.run()
    app.button(key="save-0").click().run()
    assert stored().dataset().interactions["review"][0].as_py() == "fine"


def test_a_failed_training_stays_until_it_is_dismissed(open_desk: Open, tmp_path: Path) -> None:
    run = tmp_path / "data" / "runs" / "20260301-091200-000"
    run.mkdir(parents=True)
    job = run / "job.json"
    job.write_text(json.dumps({"run": run.name}), "utf-8")
    os.utime(job, (0, 0))  # older than a training that is about to start
    (run / "error.txt").write_text("The training ran out of memory.", "utf-8")
    app = open_desk()
    app.switch_page("pages/data/page.py").run()
    assert "ran out of memory" in app.error[0].value
    app.button(key="dismiss").click().run()
    assert not app.error
    assert not open_desk().error


def test_a_client_is_found_and_explained(open_desk: Open, trained: Path) -> None:
    app = open_desk("", trained, client="C00002")
    ranked = next(frame.value for frame in app.dataframe if "rank" in frame.value)
    assert ranked["rank"].tolist() == list(range(1, 11))
    assert ranked["points"][0] == 100
    assert ranked["points"].is_monotonic_decreasing
    assert "1st of" in texts(app) + app.get_by_key("card").markdown[0].value
    assert app.query_params["client"] in ("C00002", ["C00002"])
    drawings = [one.proto.body for one in app.get("html")]
    assert sum('role="img"' in one for one in drawings) >= 2  # the bars and the picture
    assert not app.get("iframe")  # made when it is opened

    app.segmented_control(key="lens").set_value("product").run()
    assert not app.exception
    assert "Similar clients" in texts(app)
    assert "seen from the product; do not add the two views" in texts(app)


def test_what_is_not_there_is_said(open_desk: Open, trained: Path) -> None:
    app = open_desk("", trained, client="C0002", product="nothing", lens="both")
    assert "There is no client" in app.warning[0].value
    app = open_desk("", None, client="C00002", product="nothing", lens="both", run="none")
    said = " ".join(one.value for one in app.warning)
    assert "There is no product" in said
    assert "There is no view" in said
    assert "holds no run" in said


def test_a_client_without_anything_gets_a_popularity_list_that_says_so(
    open_desk: Open, trained: Path
) -> None:
    app = open_desk("", trained, client="NEW")
    assert "no products, no connections" in texts(app)
    assert "New: nothing to go by" in texts(app)
    assert "Nothing is known of this client yet" in app.info[0].value
    assert "This is a popularity list" in texts(app)


def test_names_from_the_data_are_shown_and_not_read(open_desk: Open, trained: Path) -> None:
    app = open_desk("", trained, client="C00001")
    title = app.title[0].value
    assert title.startswith("\\<img src\\=http")
    assert "**" not in title.replace("\\*", "")
    assert ":material" not in title
    assert not any("<img" in one.value for one in app.html)


def test_a_newer_model_does_not_change_an_open_card(open_desk: Open, trained: Path) -> None:
    app = open_desk("", trained, client="C00002")
    desk.again(stored(), "20260302-091200-000")
    app.run()
    assert "The one in use was trained" in texts(app)
    app.button(key="newer").click().run()
    assert not app.exception
    assert "The one in use was trained" not in texts(app)
    assert "20260302-091200-000" in str(app.query_params["run"])


def test_an_older_model_can_be_published_again(open_desk: Open, trained: Path) -> None:
    app = open_desk("", trained)
    store = stored()
    desk.again(store, "20260228-091200-000")
    app.session_state["runs-chosen"] = desk.RUN
    app.switch_page("pages/train/page.py").run()
    assert not app.exception
    against = next(frame.value for frame in app.dataframe if "Against" in frame.value)
    assert sorted(against["Against"]) == ["EASE", "Item-kNN", "Popularity"]
    app.button(key=f"publish-{desk.RUN}").click().run()
    assert not app.exception
    assert app.text_input(key="reason-Publish").value == ""
    assert app.button(key="yes-Publish").label.endswith("Publish")
    assert any("cannot be compared" in one.value or "95 % interval" in one.value for one in app.warning)
    assert store.active_run().run != desk.RUN  # nothing changes until a reason is given


def test_reports_of_a_version_can_be_downloaded_whole(open_desk: Open) -> None:
    app = open_desk("pages/data/page.py")
    app.file_uploader[0].upload("interactions.csv", (GOOD + "c1,,5,x\n").encode()).run()
    app.button(key="save-0").click().run()
    assert [button.label for button in app.get("download_button")]
    rejects, _ = stored().report()
    assert rejects["reason"].to_pylist() == ["Product is empty"]


def test_every_page_of_help_opens(open_desk: Open) -> None:
    for page in ("files", "words"):
        assert texts(open_desk(f"pages/help_{page}/page.py"))


def test_the_bytes_of_an_upload_can_be_a_zip(open_desk: Open) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("interactions.csv", GOOD)
    app = open_desk("pages/data/page.py")
    app.file_uploader[0].upload("bank.zip", packed.getvalue()).run()
    assert not app.error
    assert next(int(one.value) for one in app.metric if one.label == "Rows read") == 24
