"""Files: a fused model as `model.safetensors` beside the dataset it was fitted on. No pickle."""

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from finrec_core.dataset import Dataset
from finrec_core.model.constants import Constants
from finrec_core.model.evidence import Evidence
from finrec_core.model.features import TextFeatures
from finrec_core.model.fused import VIEWS, FusedModel

FILE = "model.safetensors"
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
    """Write the text features as "text.<name>" and what each view keeps as "<view>.<name>"."""
    arrays = {f"text.{name}": getattr(model.evidence.features, name) for name in _TEXT}
    for view in model.views:
        arrays |= {f"{view.name}.{key}": array for key, array in view.arrays.items()}
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
        known = zip(VIEWS, constants.sigmas or (), strict=False)  # a view added later has no spread here
        views = [
            view.restore(evidence, constants, _under(view.name, arrays))
            for view, _ in known
            if view.speaks(evidence, constants)
        ]
        return FusedModel(evidence, constants, tuple(views))
    except (KeyError, IndexError, ValueError) as error:
        raise ModelFileError(f"{path}: the model does not fit the dataset beside it ({error}).") from error


def _under(name: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the arrays of a view by their names in it."""
    return {
        key.removeprefix(f"{name}."): array for key, array in arrays.items() if key.startswith(f"{name}.")
    }
