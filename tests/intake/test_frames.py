"""Tests of frames: what a program holds becomes the dataset that files would make, or one sentence."""

import warnings
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from finrec_core.dataset import Dataset, DatasetError, write_csv
from finrec_core.demo.bank import demo_bank
from finrec_core.intake import find_sources, from_frames, read_files

BANK = demo_bank(40, 20, seed=3).dataset
ROW = {"client_id": ["ann"], "product_id": ["card"]}


def frames(bank: Dataset) -> dict[str, pd.DataFrame]:
    return {
        table: getattr(bank, table).to_pandas() for table in ("interactions", "products", "clients", "ties")
    }


def test_pandas_frames_make_the_same_dataset_as_the_files(tmp_path: Path) -> None:
    write_csv(BANK, tmp_path)
    settings = {"name": BANK.name, "verb": BANK.verb, "rating_limit": BANK.rating_limit}
    made = from_frames(**frames(BANK), **settings)
    assert made.content_hash == BANK.content_hash
    assert read_files(find_sources([tmp_path])).dataset.content_hash == made.content_hash


def test_what_is_only_named_gets_a_row_in_the_order_of_naming() -> None:
    made = from_frames(
        {"product_id": ["b", "a", "b"], "client_id": [2, 1, 1]},
        products={"product_id": ["a"], "name": ["Card"]},
        ties=pa.table({"client_id": ["1"], "other_client_id": ["9"]}),
    )
    assert made.clients["client_id"].to_pylist() == ["2", "1", "9"]
    assert made.products.select(["product_id", "name"]).to_pylist() == [
        {"product_id": "a", "name": "Card"},
        {"product_id": "b", "name": None},
    ]


def test_times_are_in_utc_and_cut_to_microseconds() -> None:
    stamp = pd.Series([pd.Timestamp("2026-03-01 10:00:00.123456789")])
    made = from_frames(pd.DataFrame(ROW | {"timestamp": stamp}))
    assert made.interactions["timestamp"][0].as_py() == datetime(2026, 3, 1, 10, 0, 0, 123456, tzinfo=UTC)
    zoned = from_frames(pd.DataFrame(ROW | {"timestamp": stamp.dt.tz_localize("Europe/Berlin")}))
    assert zoned.interactions["timestamp"][0].as_py().hour == 9


def test_whole_numbers_do_for_ids_beside_an_empty_cell() -> None:
    named = from_frames(ROW, ties=pd.DataFrame({"client_id": [1.0], "other_client_id": [2.0]}))
    assert named.ties["client_id"].to_pylist() == ["1"]


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ({"client": ["a"]}, 'interactions: there is no column "client"; there are client_id, product_id'),
        ({"client_id": ["a"]}, "interactions: the column product_id is missing."),
        (ROW | {"rating": ["five"]}, 'interactions, row 0 (the first is 0): rating "five" is not a number.'),
        ({"client_id": ["a", "b"], "product_id": ["x"]}, "interactions: this cannot be read as a table"),
        ([1, 2], "interactions: this cannot be read as a table"),
        (
            {"client_id": [1.5], "product_id": ["x"]},
            'interactions, row 0 (the first is 0): client_id "1.5" is not a whole number.',
        ),
        (
            {"client_id": [None], "product_id": ["x"]},
            "interactions, row 0 (the first is 0): client_id is empty.",
        ),
    ],
)
def test_what_does_not_fit_is_said(frame: object, sentence: str) -> None:
    with pytest.raises(DatasetError) as error:
        from_frames(frame)
    assert str(error.value).startswith(sentence)


def test_rows_alike_are_events_of_their_own() -> None:
    with pytest.warns(UserWarning, match="1 of 2 rows say what another row says"):
        made = from_frames({"client_id": ["a", "a"], "product_id": ["x", "x"]})
    assert (len(made.interactions), len(made.clients), len(made.products)) == (2, 1, 1)


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        (1_500_000_000, datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        (1_500_000_000_000, datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        (1_500_000_000.5, datetime(2017, 7, 14, 2, 40, 0, 500_000, tzinfo=UTC)),
        ("2020-01-01", datetime(2020, 1, 1, tzinfo=UTC)),
        ("2020-01-01 10:00:00", datetime(2020, 1, 1, 10, tzinfo=UTC)),
        ("2020-01-01T10:00:00+02:00", datetime(2020, 1, 1, 8, tzinfo=UTC)),
        ("31.12.2020", datetime(2020, 12, 31, tzinfo=UTC)),
        (date(2020, 1, 1), datetime(2020, 1, 1, tzinfo=UTC)),
        ("", None),
        (float("nan"), None),
    ],
)
def test_times_are_read_as_in_files(cell: object, time: datetime | None) -> None:
    """Guards unix times that became days of January 1970 without a word."""
    frame = pd.DataFrame({"client_id": ["a", "b"], "product_id": ["x", "x"], "timestamp": [cell, None]})
    assert from_frames(frame).interactions["timestamp"].to_pylist() == [time, None]
    rows = {"client_id": ["a"], "product_id": ["x"], "timestamp": [cell]}
    assert from_frames(rows).interactions["timestamp"].to_pylist() == [time]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            {"timestamp": ["2020-01-01", "soon"]},
            r'row 1 \(the first is 0\): timestamp "soon" is no time: date not readable\.',
        ),
        ({"timestamp": ["03.04.2020", "01.02.2020"]}, "can be read day-first or month-first"),
        ({"rating": ["4", "five"]}, r'interactions, row 1 \(the first is 0\): rating "five" is not a number'),
        ({"rating": [4, "five"]}, r'row 1, the first is 0: rating "five" is of another kind'),
        ({"user_id": ["a", "b"]}, r'no column "user_id"'),
    ],
)
def test_what_does_not_fit_names_its_row(cells: dict[str, list[object]], sentence: str) -> None:
    frame = {"client_id": ["a", "b"], "product_id": ["x", "x"]} | cells
    for form in (frame, pd.DataFrame(frame)):
        with pytest.raises(DatasetError, match=sentence):
            from_frames(form)


@pytest.mark.parametrize("names", [("user_id", "item_id"), ("User ID", "itemId")])
def test_usual_names_are_recognised_in_the_sentence(names: tuple[str, str]) -> None:
    user, item = names
    with pytest.raises(
        DatasetError,
        match=f'no column "{user}".* Found: {user}, {item}, rating. Rename "{user}" to "client_id" and '
        f'"{item}" to "product_id" if that is meant',
    ):
        from_frames(pd.DataFrame({user: ["a"], item: ["x"], "rating": [1.0]}))


def test_a_name_that_is_taken_already_is_not_proposed() -> None:
    with pytest.raises(DatasetError, match=r"Found: client_id, user_id\.$"):
        from_frames({"client_id": ["a"], "user_id": ["b"]})


@pytest.mark.parametrize("empty", [float("nan"), pd.NaT, None, np.float64("nan")])
@pytest.mark.parametrize("cell", ["2020-01-01", datetime(2020, 1, 1, tzinfo=UTC), pd.Timestamp("2020-01-01")])
def test_an_empty_cell_is_one_in_lists_too(cell: object, empty: object) -> None:
    rows = {"client_id": ["a", "b"], "product_id": ["x", "x"], "timestamp": [cell, empty]}
    assert from_frames(rows).interactions["timestamp"].to_pylist() == [datetime(2020, 1, 1, tzinfo=UTC), None]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            pd.period_range("2020-01", periods=2, freq="M"),
            'row 0 .* timestamp ".*" is no time: the column is',
        ),
        (pd.to_timedelta([1, 2], unit="D"), "is no time: the column is of type duration"),
        (pa.array([1, 2**61], pa.timestamp("s")), "row 1 .* is not a time of the years 1 to 9999"),
        (pa.array([1, 2**59], pa.timestamp("us")), "row 1 .* lies outside the years 1 to 9999"),
    ],
)
def test_what_is_no_moment_does_not_become_one_without_a_word(cells: object, sentence: str) -> None:
    """Guards counts of months that became minutes of 1970, and overflows that became January 1970."""
    frame = {"client_id": ["a", "b"], "product_id": ["x", "x"], "timestamp": cells}
    with pytest.raises(DatasetError, match=sentence):
        from_frames(frame if isinstance(cells, pa.Array) else pd.DataFrame(frame))


def test_a_column_is_there_once() -> None:
    twice = pa.table([["a"], ["x"], ["y"]], names=["client_id", "product_id", "product_id"])
    with pytest.raises(DatasetError, match="the column product_id is there twice"):
        from_frames(twice)
    with pytest.raises(DatasetError, match="cannot be read as a table"):
        from_frames(np.zeros((2, 2)))


def test_numbers_written_as_text_are_read_as_in_files() -> None:
    frame = pd.DataFrame({"client_id": ["a", "b"], "product_id": ["x", "x"], "rating": [" 5 ", ""]})
    for form in (frame, frame.astype("category")):
        assert from_frames(form).interactions["rating"].to_pylist() == [5.0, None]


def test_no_row_makes_an_empty_dataset() -> None:
    made = from_frames(pd.DataFrame(ROW).head(0))
    assert (len(made.interactions), len(made.clients)) == (0, 0)


def test_a_rating_that_is_no_number_is_an_empty_cell() -> None:
    made = from_frames({"client_id": ["a", "b"], "product_id": ["x", "x"], "rating": [float("nan"), 4.0]})
    assert made.interactions["rating"].to_pylist() == [None, 4.0]


def test_what_files_would_be_asked_is_told_in_a_warning_and_answered() -> None:
    stars = [1.0, 2, 3, 4, 5, 99]
    rated = {"client_id": list("abcabc"), "product_id": list("xxxyyy"), "rating": stars}
    with pytest.warns(UserWarning, match=r'99 stands in 1 rows.*Assumed is "no opinion" of 99; say so by'):
        assert from_frames(rated).interactions["rating"].null_count == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = {"codes:interactions:rating": {"99": "a rating"}}
        assert from_frames(rated, answers=told).interactions["rating"].to_pylist() == stars
        plain = from_frames({"client_id": ["a", "b"], "product_id": ["x", "y"], "amount": [3.0, 2.0]})
    assert plain.interactions["amount"].to_pylist() == [3.0, 2.0]
    with pytest.raises(DatasetError, match='"five" is no answer to'):
        from_frames(rated, answers={"codes:interactions:rating": {"99": "five"}})
    with pytest.raises(DatasetError, match='nobody asks "zeros:here:amount"'):
        from_frames(rated, answers=told | {"zeros:here:amount": "held"})


def test_an_amount_of_nothing_is_not_held_unless_the_caller_says_so() -> None:
    owned = {"client_id": list("aabb"), "product_id": list("xyxy"), "amount": [0, 2, 3, 0]}
    with pytest.warns(UserWarning, match='"amount" is 0 in 2 of 4 rows, as on line 0'):
        assert from_frames(owned).interactions["action"].to_pylist() == ["neither", None, None, "neither"]
    told = from_frames(owned, answers={"zeros:interactions:amount": "held"})
    assert told.interactions["action"].null_count == 4


def test_a_frame_of_nearly_all_pairs_is_said_to_be_one_and_may_be_refused() -> None:
    everything = {"client_id": list("abcde") * 6, "product_id": sorted(list("uvwxyz") * 5)}
    with pytest.warns(UserWarning, match=r"30 of the 30 pairs.*Nothing is assumed; say so by"):
        made = from_frames(everything)
    assert len(made.interactions) == 30
    with pytest.raises(DatasetError, match="do not import"):
        from_frames(everything, answers={"density:interactions:": "do not import"})
