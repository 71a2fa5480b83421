import numpy as np
import pytest

from finrec_core.demo.bank import demo_bank
from finrec_core.intake import Source, read_files
from tests.conftest import REPOSITORY
from tests.demo.banks import bank

FILES = ("clients.csv", "interactions.csv", "products.csv", "ties.csv")


def test_the_committed_files_are_made_again_bit_for_bit(tmp_path):
    bank().write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == list(FILES)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (REPOSITORY / "data" / "demo" / name).read_bytes(), (
            f"{name}: write it again with `python -m finrec_core demo data/demo`"
        )


def test_the_files_are_read_back_without_a_reject(tmp_path):
    bank().write(tmp_path)
    read = read_files([Source(name, tmp_path / name) for name in FILES], rating_limit=3.0, name="Demo bank")
    assert len(read.rejects) == len(read.repairs) == 0
    assert read.dataset.content_hash == bank().dataset.content_hash


def test_the_dataset_is_a_banks():
    dataset = bank().dataset
    assert (dataset.name, dataset.verb, dataset.rating_limit) == ("Demo bank", "has", 3.0)
    assert 0.03 < np.mean(~dataset.positive) < 0.15
    assert (len(dataset.clients), len(dataset.products)) == (400, 100)


def test_size_and_seed_are_the_callers():
    first = demo_bank(clients=50, products=20, seed=1).dataset
    assert (len(first.clients), len(first.products)) == (50, 20)
    assert first.content_hash == demo_bank(50, 20, 1).dataset.content_hash
    assert first.content_hash != demo_bank(50, 20, 2).dataset.content_hash


@pytest.mark.parametrize(("clients", "products"), [(1, 1), (2, 3), (10, 300)])
def test_odd_sizes_are_banks_too(clients, products):
    dataset = demo_bank(clients, products, seed=0).dataset
    assert (len(dataset.clients), len(dataset.products)) == (clients, products)


def test_a_large_bank_is_made_in_seconds():
    """Two thousand clients need no more than a few seconds; guards what is done client by client."""
    dataset = demo_bank(clients=2000, products=150, seed=1).dataset
    assert len(dataset.interactions) > 12_000
