"""Naming: no two clients and no two products can be called alike, wherever a name is shown."""

import re
import time
from pathlib import Path

import pytest

from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import client_names, product_names, with_id
from finrec_core.demo.bank import demo_bank
from finrec_core.intake import find_sources, from_frames, read_files
from tests.conftest import REPOSITORY, real_case

LONG = "Nordlys Global Multi Asset Balanced Income Strategy for Careful Savers, Share Class "


def bank(names: list[str | None], ids: list[str] | None = None) -> Dataset:
    """A dataset whose clients and products bear the same names; ids are F0, F1 and so on."""
    keys = ids or [f"F{row}" for row in range(len(names))]
    return from_frames(
        {"client_id": keys[:1], "product_id": keys[:1]},
        products={"product_id": keys, "name": names},
        clients={"client_id": keys, "name": names},
    )


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (["Fund", "Card"], ["Fund", "Card"]),
        (["Fund", "Fund"], ["Fund (F0)", "Fund (F1)"]),
        (["Fund", "FUND", "Card"], ["Fund (F0)", "FUND (F1)", "Card"]),
        (["Global Fund", "Global  Fund"], ["Global Fund (F0)", "Global Fund (F1)"]),
        (["Euro Bond", "Euro\u00a0Bond", "EuroBond"], ["Euro Bond (F0)", "Euro Bond (F1)", "EuroBond (F2)"]),
        (["Global\nFund", "Global Fund"], ["Global Fund (F0)", "Global Fund (F1)"]),
        (["Fu\u200bnd", "Fund"], ["Fu\u200bnd (F0)", "Fund (F1)"]),
        (["Crédit", "Cre\u0301dit"], ["Crédit (F0)", "Cre\u0301dit (F1)"]),
        (["Ｆｕｎｄ", "Fund"], ["Ｆｕｎｄ (F0)", "Fund (F1)"]),
        (["Fund", None, "Fund", ""], ["Fund (F0)", "", "Fund (F2)", ""]),
        ([None, None], ["", ""]),
        (["F1", None], ["F1 (F0)", ""]),  # the second is called by its id
        (["ЗАО Фонд", "зао фонд"], ["ЗАО Фонд (F0)", "зао фонд (F1)"]),
        ([], []),
    ],
)  # fmt: skip
def test_a_name_that_stands_twice_carries_its_id(names: list[str | None], called: list[str]) -> None:
    dataset = bank(names) if names else from_frames([])
    for naming in (product_names(dataset), client_names(dataset)):
        assert naming.every == called
        assert [naming[row] for row in range(len(called))] == called
    keys = dataset.products["product_id"].to_pylist()
    assert [product_names(dataset).or_id(row) for row in range(len(called))] == [
        name or key for name, key in zip(called, keys, strict=True)
    ]


def test_names_that_are_alike_once_cut_are_one() -> None:
    apart = bank([LONG + "A for institutions and other clients with deep pockets", LONG + "B for savers"])
    assert product_names(apart).every == apart.products["name"].to_pylist()
    middle = [f"{LONG}{sign}, distributing, hedged into euro" for sign in "AB"]
    ids = ["a" * 36, "b" * 36]
    called = product_names(bank(middle, ids)).every
    assert [name.endswith(f" ({key})") for name, key in zip(called, ids, strict=True)] == [True, True]
    assert max(map(len, called)) <= 90


def test_an_id_is_never_cut_out_of_a_name() -> None:
    assert with_id("Fund", "F07") == "Fund (F07)"
    assert with_id("x" * 200, "F07").endswith("x (F07)")
    assert len(with_id("x" * 200, "y" * 200)) == 90


def test_the_order_of_rows_changes_no_name() -> None:
    names = ["Fund", "Card", "fund", None, "Card", "Loan"]
    ids = [f"P{row}" for row in range(6)]
    there = bank(names, ids)
    back = bank(names[::-1], ids[::-1])
    assert product_names(there).every == product_names(back).every[::-1]


def test_all_funds_of_one_name_are_told_apart() -> None:
    dataset = read_files(
        find_sources(
            [
                real_case("same-names-in-a-sentence") / "products.csv",
                real_case("same-names-in-a-sentence") / "interactions.csv",
            ]
        )
    ).dataset
    assert dataset is not None
    ids = dataset.products["product_id"].to_pylist()
    assert product_names(dataset).every == [f"Global Equity Fund ({key})" for key in ids]


def test_names_are_worked_out_once_and_fast() -> None:
    names = [f"Anna Meier {row % 70_000}" for row in range(100_000)]
    dataset = bank([*names])
    start = time.process_time()
    assert client_names(dataset)[0] == "Anna Meier 0 (F0)"
    assert client_names(dataset)[69_999] == "Anna Meier 69999"
    assert time.process_time() - start < 5
    assert client_names(dataset) is client_names(dataset)


def test_the_demo_bank_needs_no_ids_for_its_products() -> None:
    made = demo_bank(60, 30, seed=3).dataset
    assert product_names(made).every == made.products["name"].to_pylist()


# Where names are read for another end than to be shown: written, searched, counted, or made up.
READERS = (
    "finrec_core/dataset/", "finrec_core/intake/", "finrec_core/demo/", "finrec_core/store/",
    "finrec_core/views/recommendation/catalogue.py",
)  # fmt: skip
READS = re.compile(
    r"""(?:products|clients|chosen|found|table|rows?|matches)\[['"]name['"]\]|\bselect\(\[.*['"]name['"]"""
)


def test_nothing_that_shows_a_name_reads_it_from_the_tables() -> None:
    faults = []
    for top in ("finrec_core", "pages"):
        for file in sorted((REPOSITORY / top).rglob("*.py")):
            place = file.relative_to(REPOSITORY).as_posix()
            if not place.startswith(READERS):
                faults += [
                    f"{place}: {line.strip()}"
                    for line in file.read_text("utf-8").splitlines()
                    if READS.search(line) and "is_valid()" not in line
                ]
    assert faults == []


def test_the_search_above_finds_what_it_looks_for() -> None:
    assert READS.search('name = dataset.products["name"][row].as_py()')
    assert READS.search('names = clients.select(["client_id", "name"])')
    assert Path(REPOSITORY / READERS[-1]).exists()
