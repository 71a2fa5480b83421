"""Files: a fused model as `model.safetensors` beside the dataset it was fitted on. No pickle."""

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from finrec_core.dataset import Dataset
from finrec_core.model.closed_form import ClosedForm, restore
from finrec_core.model.constants import Constants
from finrec_core.model.evidence import Evidence
from finrec_core.model.features import TextFeatures
from finrec_core.model.fused import FusedModel, with_network

FILE = "model.safetensors"
_SCALARS = ("a_s", "a_r", "t", "alpha", "beta", "tau")
_TEXT = (
    "centre",
    "own_basis",
    "review_basis",
    "own_spectrum",
    "review_spectrum",
    "own",
    "reviews",
    "review_rows",
    "review_products",
)


class ModelFileError(ValueError):
    """A model file cannot be read; the message is one sentence that names it."""


def save(model: FusedModel, folder: Path) -> None:
    """Write what was learned: the seeds' parameters, the text features and the solved weights."""
    arrays = {f"text.{name}": getattr(model.evidence.features, name) for name in _TEXT}
    for number, seed in enumerate(model.seeds):
        arrays |= {f"network.{number}.{name}": np.atleast_1d(value) for name, value in seed.items()}
    for name in ("closed_form", "tail"):
        if view := getattr(model, name):
            arrays |= {f"{name}.{key}": array for key, array in view.inverse.arrays.items()}
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    save_file(contiguous, folder / FILE)


def load(
    folder: Path, dataset: Dataset, constants: Constants, message_passing: str | None = None
) -> FusedModel:
    """Read what `save` wrote, for the same dataset and constants (spreads included).

    `message_passing` may be another than the one it was trained with, None for the setting.

    Raises `ModelFileError` where the file is damaged or does not fit the dataset.
    """
    path = folder / FILE
    try:
        arrays = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ModelFileError(f"{path}: this file is not a readable model ({error}).") from error
    try:
        features = TextFeatures(**{name: arrays[f"text.{name}"] for name in _TEXT})
        evidence = Evidence.with_features(
            dataset, features, constants.switches, message_passing=message_passing
        )
        numbers = sorted({int(name.split(".")[1]) for name in arrays if name.startswith("network.")})
        seeds = [
            {
                name.split(".", 2)[2]: array[0] if name.split(".", 2)[2] in _SCALARS else array
                for name, array in arrays.items()
                if name.startswith(f"network.{number}.")
            }
            for number in numbers
        ]
        return FusedModel(
            evidence=evidence,
            constants=constants,
            network=with_network(evidence, constants, seeds),
            closed_form=_view(arrays, "closed_form", evidence, constants),
            tail=_view(arrays, "tail", evidence, constants),
            seeds=tuple(seeds),
        )
    except (KeyError, IndexError, ValueError) as error:
        raise ModelFileError(f"{path}: the model does not fit the dataset beside it ({error}).") from error


def _view(
    arrays: dict[str, np.ndarray], name: str, evidence: Evidence, constants: Constants
) -> ClosedForm | None:
    mine = {key.split(".")[1]: array for key, array in arrays.items() if key.startswith(f"{name}.")}
    if not mine:
        return None
    return restore(evidence, getattr(constants, name), mine, interactions=name == "closed_form")
