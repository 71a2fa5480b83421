"""The page Models without a browser: what it draws, from which comparison, and what it says of it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from finrec_core.demo.bank import demo_bank
from finrec_core.store import RunRow, Store
from tests.desk import Open
from tests.views.compared import figure, protocol

PAGE = "pages/models/page.py"
HOSTILE = "<img src=http://evil.example/x> **bold** :material/bug_report: $x$"
WIN, OPEN = (0.02, 0.08), (-0.01, 0.04)


def document(**changes: object) -> dict[str, Any]:
    """Return a comparison with one protocol."""
    part = protocol(popularity=WIN, ease=OPEN)
    slices = {key: {"clients": n, "arms": part["arms"]} for key, n in (("1-2", 2), ("3-9", 90))}
    return {
        "dataset": "x",
        "keep": 1.0,
        "protocols": {"per-client": part | {"by_client_degree": slices} | changes},
    }


@pytest.fixture
def opened(open_desk: Open, tmp_path: Path) -> Open:
    """Return a function that opens the page over a store with trainings and comparisons, oldest first."""
    data = tmp_path / "data"

    def start(
        *runs: Mapping[str, Any], kept: tuple[Mapping[str, Any], ...] = (), name: str = "bank"
    ) -> AppTest:
        with Store(data / "finrec.duckdb") as store:
            version = store.add_dataset(replace(demo_bank(20, 10, 1).dataset, name=name))
            for place, metrics in enumerate(runs):
                row = RunRow(
                    run=f"run-{place}",
                    dataset=version.name,
                    version=1,
                    content_hash=version.content_hash,
                    created=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=place),
                    seconds=10.0,
                    encoder="small",
                    seed=0,
                    metrics=metrics,
                    user=name,
                )
                (data / "runs" / row.run).mkdir(parents=True)
                (data / "runs" / row.run / "run.json").write_text("{}", "utf-8")
                store.publish(row)
            for one in kept:
                store.add_comparison(version, one)
        return open_desk(PAGE)

    return start


def said(app: AppTest) -> str:
    """Return all that the page says in Markdown and captions."""
    return "\n".join(str(one.value) for kind in (app.subheader, app.markdown, app.caption) for one in kind)


def test_without_a_model_the_page_says_what_to_do(opened: Open) -> None:
    app = opened()
    assert "There is no model yet" in said(app)
    assert app.page_link


def test_a_training_without_figures_still_has_its_page(opened: Open) -> None:
    app = opened({})
    assert "made no test figures" in said(app)
    assert not app.get("plotly_chart")


def test_the_trainings_own_test_is_drawn_where_there_is_no_other(opened: Open) -> None:
    app = opened(document())
    assert "ranks held\\-back products better than popularity; against EASE" in said(app)
    assert "the test that the training made of this model" in said(app)
    assert "evaluate --dataset bank@1" in app.code[0].value
    # The whole, and the slice that has clients enough.
    assert len(app.get("plotly_chart")) == 2
    assert "2 clients, too few to tell" in said(app)
    against = next(one.value for one in app.dataframe if "Against" in one.value)
    assert [row["Result"] for row in against.to_dict("records")] == [["Better"], ["Not settled"]]


def test_the_newest_comparison_of_all_data_comes_first_and_others_can_be_chosen(opened: Open) -> None:
    lone = {"dataset": "x", "keep": 1.0, "protocols": {"per-client": protocol(77)}}
    thinned = {"dataset": "x", "keep": 0.3, "protocols": {"per-client": protocol(33, ease=WIN)}}
    app = opened(document(), kept=(document(clients=11), lone, thinned))
    box = app.selectbox(key="comparison")
    assert [option.partition(": ")[2] for option in box.options[:3]] == [
        "2 methods, 1 seed, 30 % of the data",
        "1 method, 1 seed",
        "3 methods, 1 seed",
    ]
    assert "On 77 clients only the fused model was tested" in said(app)
    assert "trained anew" in said(app)
    box.select_index(3).run()
    assert box.options[3] == "The training's own test"
    assert "On 458 clients the fused model ranks" in said(app)
    assert not app.exception


def test_both_protocols_can_be_seen(opened: Open) -> None:
    both = document()
    both["protocols"]["global-time"] = protocol(110, ease=OPEN)
    app = opened(both)
    app.segmented_control(key="protocol").set_value("global-time").run()
    assert not app.exception
    assert "On 110 clients, tested on what came after one date, no difference" in said(app)


def test_a_change_since_the_training_before_says_what_is_not_known_of_it(opened: Open) -> None:
    better = document()
    better["protocols"]["per-client"]["arms"]["fused"] = {"ndcg@20": figure(0.31)}
    app = opened(document(), better)
    delta = next(one.delta for one in app.metric if one.label == "NDCG@20")
    assert delta.startswith("\\+0\\.010 since ")
    assert "The folder of run run-0 is gone" not in said(app)
    assert "trained before figures were kept client by client" in said(app)


def test_names_from_data_and_documents_are_shown_and_not_read(opened: Open) -> None:
    odd = document(
        notes=[HOSTILE],
        controls={
            HOSTILE: {"description": HOSTILE, "arms": {HOSTILE: {"ndcg@20": figure(0.2)}}, "paired": []}
        },
        by_product_degree={HOSTILE: {"clients": 40, "arms": {HOSTILE: {"ndcg@20": figure(0.2)}}}},
        constants={HOSTILE: {HOSTILE: HOSTILE}},
    )
    odd["protocols"]["per-client"]["arms"][HOSTILE] = {"ndcg@20": figure(0.2)}
    app = opened({}, kept=(json.loads(json.dumps(odd)),), name=HOSTILE)
    app.segmented_control(key="slices").set_value("by_product_degree").run()
    assert not app.exception
    text = said(app)
    assert "\\<img" in text
    read = [
        piece for piece in ("<img", "**bold", ":material/bug", " $x$") if piece in text.replace("\\<img", "")
    ]
    assert read == []
