"""Both ways of passing messages on lastfm: processor seconds of a training and of each relation.

One thread and processor time, so that what else the machine does counts little. What it printed is kept in
tests/bench/results/message_passing.md.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch

from finrec_core.dataset import split_by_client
from finrec_core.intake import find_sources, read_files
from finrec_core.model import NetworkConstants, Switches
from finrec_core.model.evidence import Evidence
from finrec_core.model.graph import EdgeType
from finrec_core.model.message_passing import Backend, MessagePassing
from finrec_core.model.training import train
from finrec_core.text import Reading, VectorCache
from finrec_core.text.reading import TF_IDF
from tests.conftest import real_folder

STEPS = (30, 15)
TRAININGS, PASSES = 3, 20  # the fastest counts: nothing but other work makes one slower
BACKENDS = get_args(Backend)

pytestmark = [pytest.mark.bench, pytest.mark.real, pytest.mark.timeout(3600)]


def seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def test_the_rule_takes_the_faster_one_and_both_learn_the_same(tmp_path, capsys) -> None:
    dataset = read_files(find_sources([real_folder("lastfm")])).dataset
    assert dataset is not None
    split = split_by_client(dataset, 0)
    reading = Reading(TF_IDF, VectorCache(tmp_path))
    texts = reading.table(dataset, reading.encoder(dataset, split.train)).take(split.train)
    known, threads = dataset.take(split.train), torch.get_num_threads()
    evidence = {one: Evidence.of(known, texts, Switches(), message_passing=one) for one in BACKENDS}
    constants = NetworkConstants(steps=STEPS)
    torch.set_num_threads(1)
    try:
        trained, training, passing = {}, dict.fromkeys(BACKENDS, np.inf), {}
        for one in BACKENDS:  # what is made once counts for neither
            train(evidence[one], replace(constants, steps=(1, 1)), seed=0)
        for _ in range(TRAININGS):
            for one in BACKENDS:
                start = time.process_time()
                trained[one] = train(evidence[one], constants, seed=0).parameters
                training[one] = min(training[one], time.process_time() - start)
        for edge_type in get_args(EdgeType):
            for one in BACKENDS:
                passing[edge_type, one] = passed(evidence[one], edge_type, constants)
    finally:
        torch.set_num_threads(threads)
    relations = {name: getattr(evidence["csr"].graph, name) for name in get_args(EdgeType)}
    lines = [
        f"import of DGL beside what a training has loaded: {loading():.2f} s",
        "",
        "| processor time | csr | dgl |",
        "|---|---|---|",
        f"| training, {STEPS[0]} + {STEPS[1]} steps | {training['csr']:.2f} s | {training['dgl']:.2f} s |",
    ]
    for name, relation in relations.items():
        csr, dgl = (f"{1000 * passing[name, one]:.2f} ms" for one in BACKENDS)
        lines.append(f"| {name}, {relation.edges:,} edges, forward and backward | {csr} | {dgl} |")
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    for name, values in trained["csr"].items():
        assert np.abs(values - trained["dgl"][name]).max() < 2e-2 * np.abs(values).max() + 1e-4, name
    ran = MessagePassing.of("auto", edges=evidence["csr"].x.nnz).ran
    assert training[ran] == min(training.values())


def passed(evidence: Evidence, edge_type: EdgeType, constants: NetworkConstants) -> float:
    """Return the processor seconds of one pass forward and backward, as wide as the second stage."""
    relation = getattr(evidence.graph, edge_type)
    x = torch.randn(relation.cols, constants.dim + constants.text_dim, requires_grad=True)
    values, pull = torch.rand(relation.edges), torch.randn(relation.rows, x.shape[1])

    def work() -> None:
        evidence.graph.gather(edge_type, values, x).backward(pull)

    return min(seconds(work) for _ in range(PASSES))


def loading() -> float:
    """Return the processor seconds that importing DGL takes in a process that is ready to train."""
    script = (
        "import time, finrec_core.recommender; from finrec_core.model.graph import load_dgl;"
        "start = time.process_time(); load_dgl(); print(time.process_time() - start)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return float(said.stdout)
