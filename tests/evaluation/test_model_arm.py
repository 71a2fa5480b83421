"""The ablations are the fused model with switches off, all with both stages."""

from dataclasses import asdict

import numpy as np
import pytest

from finrec_core.evaluation import model_arm as module
from finrec_core.evaluation.arms import ARMS
from finrec_core.evaluation.model_arm import ModelArm
from finrec_core.model import Tuning

MODELS = ("graph-network", "graph-sum", "fused-network", "fused")


def test_switches_say_what_the_names_say():
    switches = {name: ARMS[name].switches for name in MODELS}
    off = {name: {key for key, on in asdict(one).items() if not on} for name, one in switches.items()}
    graph = {"text", "reviews", "ties", "similar", "tail"}
    assert off["graph-network"] == graph | {"closed_form"}
    assert off["graph-sum"] == graph
    assert off["fused-network"] == {"closed_form", "tail"}
    assert off["fused"] == set()


def test_two_seeds_of_an_arm_share_no_network(task, monkeypatch):
    used = []
    monkeypatch.setattr(module, "fit", lambda dataset, texts, constants, *, seed, progress: used.append(seed))
    arm = ModelArm("fused", ARMS["fused"].switches)
    constants = module.Constants()
    for seed in (0, 1):
        arm.fit(task.dataset, task.texts, constants.to_json(), seed)
    assert np.diff(used)[0] >= constants.network.seeds


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_chosen_under_its_switches(task, monkeypatch, name):
    seen = {}

    def choose(dataset, texts, split, *, switches, seed, progress):
        seen.update(switches=switches, split=split)
        return Tuning(module.Constants(switches=switches))

    monkeypatch.setattr(module, "choose", choose)
    constants = ARMS[name].choose(task)
    assert module.Constants.from_json(constants).switches == ARMS[name].switches == seen["switches"]
    assert not seen["split"].test.any()
