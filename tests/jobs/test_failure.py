"""A failure says what to do, by its cause."""

import pytest

from finrec_core.jobs import failure, record
from finrec_core.jobs.process import Process


@pytest.mark.parametrize(
    ("sentence", "begin"),
    [
        ("The training ran out of memory or was killed from outside.", "Close other programs"),
        ("The training could not use a file ([Errno 28] No space left on device).", "Make room on the disk"),
        ('The language model "x" is not on this machine: it is no', "Choose another encoder"),
        ("training: the loss is no longer a number.", "Start it again with another seed"),
        ("The machine restarted while the training ran.", "Start it again; texts that were read"),
        ("The folder of run r1 is gone: publish another run, or train again.", "Choose another model"),
        ("The training failed (KeyError: 'x'): log.txt of run r1 says where.", "Start it again; if it fails"),
    ],
)
def test_the_advice_fits_the_cause(sentence, begin):
    assert failure.advice(sentence).startswith(begin)


def test_a_restart_of_the_machine_is_told_from_a_sudden_end(tmp_path):
    record.write(tmp_path / "job.json", {"kind": "compare"})
    Process(1, "12", boot="another start of the machine").save(tmp_path)
    assert Process.load(tmp_path).before_restart
    assert not Process.load(tmp_path).alive
    assert failure.cause(tmp_path, "compare", None) == "The machine restarted while the comparison ran."
    Process(1, "12").save(tmp_path)
    assert failure.cause(tmp_path, "batch", None).startswith("The writing of lists ended without a word")
