"""What is foreseen: a range that holds what was measured, corrected by earlier trainings."""

import json
from dataclasses import replace

import psutil
import pytest

from finrec_core.jobs import estimate as module
from finrec_core.jobs import record
from finrec_core.jobs.estimate import Estimate, estimate
from finrec_core.jobs.survey import Survey
from finrec_core.jobs.usage import Usage, latest
from tests.store.conftest import make_bank

# Trainings on one core of a busy machine: size, tokens to read, seconds and bytes.
MEASURED = [
    ((400, 100, 3_532), 42_000, 9.3, 0.96e9),
    ((458, 148, 2_965), 57_000, 16.0, 1.10e9),
    ((1_000, 150, 8_832), 0, 7.5, 0.83e9),
    ((3_000, 300, 26_669), 0, 18.9, 0.99e9),
    ((1_859, 2_823, 15_519), 0, 48.3, 1.16e9),
    ((1_859, 2_823, 71_355), 0, 103.1, 1.49e9),
]


def survey(size, tokens):
    clients, products, interactions = size
    weights = 91_000_000 if tokens else 0
    return Survey(
        clients, products, interactions, words=True, reviews=True, ties=True, times=True,
        texts=1000, known=0, tokens=tokens, weights=weights,
    )  # fmt: skip


def usage(size, tokens, seconds, *, compare=True, encoder="", without=(), **stages):
    return Usage(
        *size, tokens=tokens, thorough=False, seconds={"choose": seconds} | stages, memory=10**9,
        compare=compare, encoder=encoder, without=without,
    )  # fmt: skip


@pytest.mark.parametrize(("size", "tokens", "seconds", "memory"), MEASURED)
def test_the_range_holds_what_was_measured(size, tokens, seconds, memory):
    expected = estimate(survey(size, tokens), [])
    assert expected.seconds[0] < seconds < expected.seconds[1]
    assert expected.memory[0] < memory < expected.memory[1]
    assert expected.runs == 0


def test_an_earlier_training_corrects_and_narrows_the_range():
    size = (400, 100, 3_532)
    first = estimate(survey(size, 0), [])
    slow = estimate(survey(size, 0), [usage(size, 0, 40.0)] * 4)
    assert slow.runs == 4
    assert slow.seconds[0] < 40 + module.LOADING < slow.seconds[1]
    assert slow.seconds[1] / slow.seconds[0] < first.seconds[1] / first.seconds[0]
    far = usage((4, 3, 10), 0, 40.0)
    assert estimate(survey(size, 0), [far]) == first  # too small to learn from


def test_only_a_training_that_did_the_same_work_corrects_the_range():
    size = (1_859, 2_823, 71_355)
    real = [usage(size, 0, 109.0), usage(size, 0, 113.0)]
    odd = [
        usage((400, 100, 3_536), 0, 0.7, without=("network",)),
        usage((400, 100, 3_536), 0, 0.7, without=("closed_form",)),
        usage((400, 100, 3_536), 0, 0.7, compare=False),
    ]
    assert estimate(survey(size, 0), odd) == estimate(survey(size, 0), [])
    told = estimate(survey(size, 0), [*odd, *real])
    assert told == estimate(survey(size, 0), real)
    assert told.runs == 2
    assert told.seconds[0] < 109
    assert 113 < told.seconds[1] < 2 * 113
    same = [usage((400, 100, 3_536), 0, 0.7, without=("network", "recency"))]
    small = estimate(survey((400, 100, 3_536), 0), same, without=["network"])
    assert small.runs == 1
    assert small.seconds[0] < 0.7 + module.LOADING < small.seconds[1]
    assert estimate(survey(size, 0), [usage(size, 0, 90.0, compare=False)], compare=False).runs == 1


def test_what_a_training_did_is_read_from_its_order_and_an_older_one_still_counts(tmp_path):
    for run, order in {
        "1": {},
        "2": {"encoder": "tf-idf", "compare": False, "switches": dict.fromkeys(("tail", "network"), False)},
        "3": {"switches": "no"},
    }.items():
        folder = tmp_path / run
        folder.mkdir()
        usage((400, 100, 3_532), 7, 9.0).save(folder)
        record.write(folder / "job.json", {"kind": "train"} | order)
    kept = set(json.loads((tmp_path / "1" / "usage.json").read_text()))
    assert kept == {"clients", "products", "interactions", "tokens", "thorough", "seconds", "memory"}
    second, first = latest(tmp_path)  # the order of the third cannot be read
    assert (first.compare, first.encoder, first.without) == (True, "", ())
    assert (second.compare, second.encoder, second.without) == (False, "tf-idf", ("network", "tail"))
    assert first == usage((400, 100, 3_532), 7, 9.0)


def test_the_stages_of_a_training_are_foreseen_for_the_time_left(tmp_path):
    bank, order = make_bank(), {"thorough": False, "compare": True}
    plan = module.stages(bank, order, tmp_path)
    assert [begin for begin, _ in plan] == [0.3, 0.7, 0.8, 0.88]
    without = module.stages(bank, order | {"switches": {"network": False}}, tmp_path)
    assert all(seconds > 0 for _, seconds in plan)
    assert sum(seconds for _, seconds in without) < sum(seconds for _, seconds in plan)
    (tmp_path / "r1").mkdir()
    size = len(bank.clients), len(bank.products), len(bank.interactions)
    usage(size, 0, 60.0).save(tmp_path / "r1")
    record.write(tmp_path / "r1" / "job.json", {"kind": "train", "compare": True})
    assert sum(seconds for _, seconds in module.stages(bank, order, tmp_path)) == pytest.approx(60.0)


def test_counted_words_say_nothing_of_how_fast_a_language_model_reads():
    size = (400, 100, 3_532)
    quick = [usage(size, 80_000, 5.0, encoder="tf-idf", encode=module.LOADING + 0.1)]
    plain = estimate(survey(size, 800_000), [usage(size, 0, 5.0)])
    assert estimate(survey(size, 800_000), quick).seconds == plain.seconds


def test_the_speed_of_reading_is_learned_too():
    size = (400, 100, 3_532)
    plain = estimate(survey(size, 800_000), [])
    fast = estimate(survey(size, 800_000), [usage(size, 80_000, 5.0, encode=module.LOADING + 1.0)])
    assert fast.seconds[1] < plain.seconds[0]


def test_more_work_takes_longer():
    small, large = (estimate(survey(size, 0), []) for size in ((400, 100, 3_500), (40_000, 3_000, 350_000)))
    assert large.seconds[0] > small.seconds[1]
    assert large.memory[0] > small.memory[1]
    size = (1_859, 2_823, 71_355)
    plain = estimate(survey(size, 0), [])
    assert estimate(survey(size, 0), [], thorough=True).seconds[0] > plain.seconds[0]
    assert estimate(survey(size, 0), [], without=["network"]).seconds[1] < plain.seconds[1]
    assert estimate(survey(size, 9_000), [], without=["text"]).memory[1] < plain.memory[1]


def test_memory_is_compared_with_its_high_end():
    expected = Estimate((1.0, 2.0), (1e9, 2e9), 0)
    assert expected.fits(2e9)
    assert not expected.fits(1.9e9)
    assert module.free_memory() > 1e8
    with pytest.raises(ValueError, match="a range goes from"):
        replace(expected, seconds=(2.0, 1.0))


def test_a_control_group_limits_what_is_free(tmp_path):
    free = module.free_memory(tmp_path)  # there is no group
    assert 1e8 < free <= psutil.virtual_memory().total
    for name, text in {
        "memory.max": "4000\n",
        "memory.current": "3000\n",
        "memory.stat": "anon 2000\ninactive_file 500\n",
    }.items():
        (tmp_path / name).write_text(text)
    assert module.free_memory(tmp_path) == 1500
    (tmp_path / "memory.max").write_text("max\n")
    assert module.free_memory(tmp_path) == pytest.approx(free, rel=0.5)
    (tmp_path / "memory.max").write_text(f"{2**60}\n")  # looser than the machine
    assert module.free_memory(tmp_path) == pytest.approx(free, rel=0.5)
