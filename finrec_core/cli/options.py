"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from finrec_core.terms.bounds import MOST_SEED

Store = Annotated[
    Path | None,
    typer.Option("--store", help="The store: a file, or the folder that holds it.", show_default="settings"),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Run = Annotated[
    Path | None,
    typer.Option("--run", help="Read a run's folder, without any store.", show_default="the active model"),
]
Dataset = Annotated[
    str | None, typer.Option("--dataset", metavar="NAME[@VERSION]", show_default="the latest")
]
Output = Annotated[
    Path | None, typer.Option("--output", help="Write to this file; its ending chooses the format.")
]
Encoder = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        help="tf-idf, or a language model: a package that ships one, a folder, a GGUF file or a hub name.",
        show_default="settings",
    ),
]
Encoders = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        metavar="A,B,...",
        help="As in `train`; beside several, what reads texts stands once for each.",
        show_default="settings",
    ),
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, max=MOST_SEED, show_default="settings")]
