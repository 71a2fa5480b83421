"""What a program passes is told in a sentence where it is not what is meant."""

import numpy as np
import pandas as pd
import pytest

from finrec_core import FusedRecommender, evaluate
from finrec_core.dataset import DatasetError
from finrec_core.intake import Source, find_sources, from_frames, read_files
from finrec_core.intake.argument import a_count, a_dataset, a_seed

FRAME = pd.DataFrame({"client_id": ["a", "a", "b"], "product_id": ["x", "y", "x"]})


def test_a_frame_and_an_import_are_no_dataset() -> None:
    bank = from_frames(FRAME)
    assert a_dataset(bank) is bank
    for fit in (FusedRecommender().fit, lambda given: evaluate(given, None)):
        with pytest.raises(
            TypeError, match="a Dataset is needed, not a DataFrame: make one with from_frames"
        ):
            fit(FRAME)
        with pytest.raises(TypeError, match=r"pass its \.dataset"):
            fit(read_files([Source("x.csv", b"client,product\na,x\n")]))
        with pytest.raises(DatasetError, match="there is nothing to learn from"):
            fit(from_frames(FRAME.head(0)))


@pytest.mark.parametrize("seed", [-3, 1.5, "1", None, 2**53])
def test_a_seed_is_a_whole_number_that_the_store_can_hold(seed: object) -> None:
    with pytest.raises(ValueError, match="a seed is a whole number from 0"):
        FusedRecommender(seed=seed)  # type: ignore[arg-type]
    assert a_seed(np.int64(7)) == 7


@pytest.mark.parametrize("k", [0, -1, 2.5, "3"])
def test_a_list_has_one_product_or_more(k: object) -> None:
    with pytest.raises(ValueError, match="k is a whole number from 1"):
        a_count(k)
    assert a_count(np.int32(5)) == 5


def test_folders_may_be_named_by_texts(tmp_path) -> None:
    (tmp_path / "rows.csv").write_text("client,product\na,x\n")
    for named in (str(tmp_path), [str(tmp_path)], tmp_path, [tmp_path]):
        assert [source.name for source in find_sources(named)] == ["rows.csv"]
