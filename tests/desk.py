"""A data folder as the desk finds it after a first training, made in seconds."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from finrec_core.dataset import Dataset
from finrec_core.recommender import FusedRecommender
from finrec_core.store import RunRow, Store

RUN = "20260301-091200-000"


def trained(data: Path, dataset: Dataset) -> None:
    """Store a dataset in an empty data folder, with a model that has learned it and is in use."""
    placed(data, FusedRecommender(seed=0, vectors=data / "vectors").fit(dataset))


def placed(data: Path, recommender: FusedRecommender) -> None:
    """Store what a recommender has learned from in an empty data folder, and put it in use."""
    with Store(data / "finrec.duckdb") as store:
        version = store.add_dataset(recommender.dataset, source="a test")
        folder = data / "runs" / RUN
        recommender.run = RUN
        folder.mkdir(parents=True)
        recommender.save(folder)
        store.add_run(
            RunRow(
                run=RUN,
                dataset=version.name,
                version=version.version,
                content_hash=version.content_hash,
                created=datetime(2026, 3, 1, 9, 12, tzinfo=UTC),
                seconds=10.0,
                encoder=recommender.encoder_name,
                seed=0,
                metrics=recommender.metrics,
                constants=recommender.constants.to_json(),
            )
        )


def again(store: Store, run: str, *, in_use: bool = True) -> None:
    """Store the model that is in use a second time, under the name and the time of another run."""
    shutil.copytree(store.runs_folder / RUN, store.runs_folder / run)
    created = datetime.strptime(run[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    row = replace(store.run(RUN), run=run, created=created, active=False)
    if in_use:
        store.publish(row)
    else:
        store.add_run(row)
