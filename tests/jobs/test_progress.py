"""Progress lines and the time left."""

import json
import time
from itertools import pairwise

import pytest

from finrec_core.jobs import progress
from finrec_core.jobs.progress import ProgressFile, TimeLeft, curve, last


def test_at_an_even_pace_the_time_left_is_exact():
    left = TimeLeft()
    assert left(0.01, 1.0) is None
    assert left(0.02, 2.0) is None
    for second in range(4, 100):
        assert left(second / 100, float(second)) == pytest.approx(100 - second)
    assert left(1.0, 100.0) == 0.0


def test_the_time_before_any_work_does_not_count_as_slow_work():
    left = TimeLeft()
    assert left(0.0, 0.0) is None
    assert left(0.0, 30.0) is None
    assert left(0.1, 31.0) is None
    assert left(0.2, 33.0) == pytest.approx(16.0)


def test_too_early_to_say():
    left = TimeLeft()
    left(0.1, 1.0)
    assert left(0.5, 2.9) is None
    assert left(0.5, 3.1) is not None
    slow = TimeLeft()
    slow(0.1, 1.0)
    assert slow(0.11, 30.0) is None


def test_a_stage_that_jumps_ahead_moves_the_estimate_smoothly():
    left = TimeLeft()
    for tenth in range(1, 100):
        before = left(tenth / 1000, tenth / 10)  # on the way to 100 s
    assert before == pytest.approx(100 - 9.9)
    after = left(0.6, 10.0)  # the plain estimate falls at once to 6.6 s
    assert 80 < after < before
    for tenth in range(101, 600):
        after = left(0.6 + 0.4 * (tenth - 100) / 500, tenth / 10)
    assert after == pytest.approx(0.1, abs=1.0)


def test_the_time_left_is_never_below_zero():
    left = TimeLeft()
    left(0.1, 1.0)
    left(0.9, 9.0)
    assert left(0.9, 11.0) >= 0.0


PLAN = ((0.3, 60.0), (0.7, 10.0), (0.8, 20.0), (0.88, 10.0))  # the network takes most of the time
MOMENTS = [(0.3, 0.0), (0.7, 60.0), (0.8, 70.0), (0.88, 90.0), (1.0, 100.0)]  # share by seconds of learning


def shares(reading, slower=1.0):
    """Yield (share, seconds, seconds left) of a training that first reads for so many seconds."""
    ends = [(0.001, 2.0), *((share, 2.0 + reading + slower * at) for share, at in MOMENTS)]
    whole, second = ends[-1][1], 2.0
    while second < whole:
        (low, since), (high, until) = next((a, b) for a, b in pairwise(ends) if a[1] <= second < b[1])
        yield low + (high - low) * (second - since) / (until - since), second, whole - second
        second += 0.5


@pytest.mark.parametrize("reading", [3.0, 20.0, 400.0])
@pytest.mark.parametrize("slower", [0.5, 1.0, 2.0])
def test_with_a_plan_the_time_left_is_within_a_factor_2_from_the_reading_on(reading, slower):
    left = TimeLeft(PLAN)
    told = [(left(share, seconds), true) for share, seconds, true in shares(reading, slower)]
    said = [(found, true) for found, true in told if found is not None]
    assert len(said) > 0.85 * len(told)
    # It is exactly a factor 2 at first where the work takes twice as long as planned, or half.
    near = [0.49 * true <= found <= 2.1 * true for found, true in said if true > 5]
    assert sum(near) > 0.9 * len(near)


def test_without_a_plan_texts_that_are_soon_read_mislead_and_with_it_they_do_not():
    plain, planned = TimeLeft(), TimeLeft(PLAN)
    for share, seconds, true in shares(10.0):
        found = [left(share, seconds) for left in (plain, planned)]
        if 9.0 < seconds < 9.6:
            assert found[0] < true / 3
            assert found[1] == pytest.approx(true, rel=0.1)


def test_a_stage_that_stands_still_never_brings_the_time_left_to_nothing():
    left = TimeLeft(PLAN)
    for second in range(600):
        found = left(0.5, float(second))
    assert found > 10.0
    assert TimeLeft(PLAN)(0.3, 5.0) == pytest.approx(100.0)
    assert TimeLeft(((0.3, 0.0),))(0.3, 5.0) is None  # nothing is expected, so it is told by its pace


def test_what_is_expected_stands_in_the_lines(tmp_path):
    report = ProgressFile(tmp_path / "p.jsonl")
    report.expect(PLAN)
    report("Reading texts", 0.3)
    assert last(tmp_path / "p.jsonl").left == pytest.approx(100.0)


def test_lines_are_thinned_but_no_stage_is_lost_and_no_share_falls(tmp_path, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    report = ProgressFile(tmp_path / "p.jsonl")
    for step in range(100):
        clock[0] += 0.01
        report("reading", step / 200)
    report("fitting", 0.2)
    report("fitting", 1.5)
    lines = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    assert [line["stage"] for line in lines] == ["reading"] * 4 + ["fitting"] * 2
    assert [line["share"] for line in lines] == [0.0, 0.125, 0.25, 0.375, 0.495, 1.0]
    assert [line["seconds"] for line in lines] == [0.01, 0.26, 0.51, 0.76, 1.0, 1.0]
    assert [line["seconds_left"] for line in lines] == [None, None, None, None, None, 0.0]


def test_a_line_cut_off_by_a_kill_is_passed_over(tmp_path):
    file = tmp_path / "p.jsonl"
    assert progress.last(file) is None
    file.write_text('{"stage": "a", "share": 0.1}\n{"stage": "b", "sha')
    assert progress.last(file).stage == "a"
    file.write_text("nothing\n")
    assert progress.last(file) is None


def test_a_tail_is_the_end_of_a_file_of_any_bytes(tmp_path):
    assert progress.last_lines(tmp_path / "none", 10) == ""
    (tmp_path / "log").write_bytes(b"x" * 100 + "é".encode() + b"end\n")
    assert progress.last_lines(tmp_path / "log", 6) == "éend\n"
    assert progress.last_lines(tmp_path / "log", 5) == "\ufffdend\n"


def test_the_curve_is_that_of_the_newest_network_with_its_second_stage(tmp_path):
    file = tmp_path / "progress.jsonl"
    assert curve(file) is None
    progress = ProgressFile(file)
    for stage, step, figure in [(0, 0, 0.1), (0, 5, 0.3), (0, 0, 0.11), (0, 5, 0.2), (0, 10, 0.19)]:
        progress.check(stage, step, figure)
    first = curve(file)
    assert (first.network, first.second) == (2, None)
    assert first.checks == ((0, 0.11), (5, 0.2), (10, 0.19))
    progress("Training", 0.5)
    progress.check(1, 5, 0.2)  # the second stage goes on from the best step of the first
    progress.check(1, 10, 0.25)
    progress.check(1, 15, float("nan"))
    with file.open("a") as out:
        out.write('{"network": 2, "st')  # cut off by a kill
    assert curve(file).second == 5
    assert curve(file).checks == ((0, 0.11), (5, 0.2), (10, 0.25))
    assert last(file).share == 0.5
