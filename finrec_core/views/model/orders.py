"""Orders: what a job was asked to do, in the words of a line, a table and a title."""

from collections.abc import Mapping
from typing import Any

from finrec_core.terms import wording

WHAT = {
    "train": "Training",
    "compare": "Comparison",
    "batch": "Lists",
    "import": "Import",
    "erase": "Erasure",
}
RUNNING = {
    "train": "Training a model",
    "compare": "Comparing all methods",
    "batch": "Writing the lists of all clients",
    "import": "Reading files",
    "erase": "Erasing a client's data",
}
FORMATS = {"parquet": "Parquet", "csv": "CSV"}
WITHOUT = {
    "text": "words",
    "reviews": "reviews",
    "ties": "ties",
    "recency": "dates",
    "network": "the network",
    "closed_form": "the closed form",
}


def what(order: Mapping[str, Any]) -> str:
    """Return what a job does, in one word."""
    return WHAT.get(order.get("kind", "train"), WHAT["train"])


def running(order: Mapping[str, Any]) -> str:
    """Return the title of a job that runs."""
    return RUNNING.get(order.get("kind", "train"), RUNNING["train"])


def data(order: Mapping[str, Any]) -> str:
    """Return the dataset that a job works on, as plain text."""
    if order.get("kind") == "erase":
        return "all models and lists"
    return f"{wording.name(order.get('dataset'), 'a dataset', 40)}, version {order.get('version', '?')}"


def settings(order: Mapping[str, Any]) -> str:
    """Return how a job is to work, as "quick, seed 3, without ties"; plain text."""
    if order.get("kind") == "batch":
        said = [f"{order.get('k', 10):,} products each", FORMATS.get(str(order.get("format")), "")]
        said += ["with reasons"] * bool(order.get("reasons"))
        said += ["only suitable"] * bool(order.get("suitable"))
    elif order.get("kind") == "erase":
        said = [wording.counted(len(order.get("erasures") or ()), "client")]
    elif order.get("kind") == "compare":
        arms = order.get("arms") or ()
        said = [wording.counted(len(arms), "method") if arms else "all methods"]
        said += ["with controls"] * bool(order.get("controls")) + [encoder(order)]
    else:
        said = ["thorough" if order.get("thorough") else "quick", f"seed {order.get('seed', 0)}"]
        said += [encoder(order)]
        gone = without(order.get("switches") or {})
        said += [f"without {gone}"] if gone else []
        said += [] if order.get("compare", True) else ["no plain methods"]
    return ", ".join(said)


def without(switches: Mapping[str, bool]) -> str:
    """Return what a model may not use, as "words, reviews and ties"; "" where it may use all."""
    gone = [name for name, on in switches.items() if not on]
    if "text" in gone:  # which covers reviews
        gone = [name for name in gone if name != "reviews"]
    return wording.joined([WITHOUT.get(name, name.replace("_", " ")) for name in gone])


def encoder(order: Mapping[str, Any]) -> str:
    """Return what reads the texts; of a folder or file only the last part."""
    name = str(order.get("encoder", ""))
    return "TF-IDF" if name == "tf-idf" else wording.name(name.rstrip("/").rpartition("/")[2], "", 40)
