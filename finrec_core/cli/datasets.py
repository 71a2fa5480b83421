"""Commands about datasets in the store: list versions, compare two, remove one, erase a client's data."""

from dataclasses import asdict
from typing import Annotated

import typer

from finrec_core.cli import core, options
from finrec_core.cli.output import check_ending, write
from finrec_core.cli.session import given, open_store
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms.user import user

EXAMPLES = 10  # lines of a difference that the terminal shows; --output writes all

datasets = typer.Typer(help="List versions, compare two, remove one.", invoke_without_command=True)
Version = Annotated[str, typer.Argument(metavar="NAME[@VERSION]", help="A version, as `datasets` lists it.")]


@datasets.callback()
def list_datasets(context: typer.Context, store: options.Store = None, as_json: options.Json = False) -> None:
    """List the datasets and their versions, newest first."""
    context.obj = store, as_json  # `datasets --store PATH remove X` means the same as with PATH at the end
    if context.invoked_subcommand:
        return
    terminal = Terminal(as_json=as_json)
    with open_store(store, reading=True) as desk:
        versions, erasures = desk.datasets(), desk.erasures()
    terminal.table(
        ("dataset", "came by", "clients", "products", "interactions", "ties", "added", "by", "hash", "from"),
        [
            (
                *(v.label, came_by(v), v.clients, v.products, v.interactions, v.ties),
                *(f"{v.created:%Y-%m-%d}", v.user, v.content_hash[:12], v.source),
            )
            for v in versions
        ],
    )
    if not versions:
        terminal.line("The store holds no dataset yet.")
    for one in erasures:
        left = "" if one.finished else "; folders of runs still hold it"
        terminal.line(f"Data of client {one.client} was erased on {one.created:%Y-%m-%d}{left}.")
    terminal.document(
        {
            "datasets": [version.to_json() for version in versions],
            "erasures": [
                {
                    "client": one.client,
                    "created": one.created.isoformat(),
                    "user": one.user,
                    "reason": one.reason,
                    "versions": [trace.label for trace in one.traces],
                    "runs": list(one.runs),
                    "finished": one.finished and one.finished.isoformat(),
                }
                for one in erasures
            ],
        }
    )


@datasets.command("compare")
def compare(
    context: typer.Context,
    old: Version,
    new: Version,
    *,
    output: options.Output = None,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Tell what two versions hold otherwise: rows added, removed and changed."""
    store, terminal = given(context, store, as_json=as_json)
    check_ending(output)
    with open_store(store, reading=True) as desk:
        labels = desk.version(old).label, desk.version(new).label
        found = core.Difference.between(*(desk.dataset(label) for label in labels))
    counts = found.counts()
    terminal.table(
        ("table", "added", "removed", "changed", "the same"),
        [
            (table, *(count[k] for k in ("added", "removed", "changed", "same")))
            for table, count in counts.items()
        ],
        title=f"From {labels[0]} to {labels[1]}",
    )
    for name, (before, after) in found.settings.items():
        terminal.line(f"{name.replace('_', ' ').capitalize()}: {before} became {after}.")
    rows = found.rows()
    terminal.table(rows.schema.names, [tuple(row.values()) for row in rows.slice(0, EXAMPLES).to_pylist()])
    if len(rows) > EXAMPLES:
        terminal.line(f"And {len(rows) - EXAMPLES:,} more; --output FILE writes all.")
    if found.nothing:
        terminal.line("Both hold the same.")
    document = {
        "old": labels[0],
        "new": labels[1],
        "tables": counts,
        "settings": {name: list(pair) for name, pair in found.settings.items()},
    }
    terminal.document(document)
    if output:
        write(output, rows, document | {"rows": rows.to_pylist() if output.suffix == ".json" else []})


@datasets.command("profile")
def profile(
    context: typer.Context,
    version: Annotated[
        str | None, typer.Argument(metavar="NAME[@VERSION]", help="A version.", show_default="the latest")
    ] = None,
    *,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Tell what a version can carry and what it cannot, and guess what text and ties will add."""
    store, terminal = given(context, store, as_json=as_json)
    with open_store(store, reading=True) as desk:
        found = desk.version(version)
        measured = core.Profile.of(desk.dataset(found.name, found.version))
        kept = [one.document for one in desk.comparisons(found.name, found.version)]
    said = core.capacity.sentences(measured)
    text, ties = core.latest_text_forecast(kept), core.ties_forecast(measured)
    marks = {"can": "+", "mind": "!", "cannot": "-"}
    for one in said:
        terminal.line(f"{marks[one.kind]} {one.text}")
    for name, rows in (
        ("Products of a client", measured.by_client),
        ("Holders of a product", measured.by_product),
    ):
        terminal.table((name, "count"), [(band.label, band.count) for band in rows])
    if text is not None:
        terminal.line(core.capacity.text_sentence(text))
    else:
        terminal.line(
            "What text will add can be guessed from a comparison: "
            f"python -m finrec_core evaluate --dataset {found.label} --arms {','.join(core.FORECAST_ARMS)}"
        )
    if ties is not None:
        terminal.line(core.capacity.ties_sentence(ties))
    terminal.document(
        {
            "dataset": found.label,
            "profile": measured.to_json(),
            "sentences": [asdict(one) for one in said],
            "forecast": {"guess": True, "text": text and asdict(text), "ties": ties and asdict(ties)},
        }
    )


@datasets.command("remove")
def remove(
    context: typer.Context,
    version: Version,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove it; without, only say what hangs on it.")
    ] = False,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Remove a version from the store; what hangs on it is named first, and stays."""
    store, terminal = given(context, store, as_json=as_json)
    with open_store(store) as desk:
        found = desk.version(version)
        hanging = desk.dependents(found.name, found.version)
        if yes:
            desk.remove_dataset(found.name, found.version)
    for sentence in sentences(hanging):
        terminal.line(sentence)
    terminal.document(
        {
            "dataset": found.label,
            "removed": yes,
            "runs": list(hanging.runs),
            "active": hanging.active,
            "comparisons": hanging.comparisons,
            "decisions": hanging.decisions,
            "later_versions": list(hanging.children),
        }
    )
    if not yes:
        raise CallerError(f"Nothing was removed: confirm with --yes that {found.label} goes.")
    terminal.line(f"{found.label} is removed.")


@datasets.command("erase")
def erase(
    context: typer.Context,
    client: Annotated[str, typer.Argument(help="A client's id.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the record.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without, only say what would go.")] = False,
    store: options.Store = None,
    as_json: options.Json = False,
) -> None:
    """Erase one client's data from every version and every run; logs stay and are marked.

    Models keep what they learned with the client until the next training.
    """
    store, terminal = given(context, store, as_json=as_json)
    jobs = core.jobs  # imported before the store is opened, which others may wait for
    with open_store(store) as desk:
        traces = desk.traces(client)
        runs = [folder.name for folder in jobs.runs_with(desk.runs_folder, client)]
        decisions = len(desk.decisions(client, limit=1_000_000))
        if not traces and not runs:
            raise CallerError(f'No version of any dataset and no run holds a client "{client}".')
        if yes and reason.strip():
            with terminal.progress() as progress:
                begun = jobs.erase(desk, client, reason=reason, user=user())
                jobs.finish_erasures(desk, progress=progress)
                erasure = next(one for one in desk.erasures() if one.id == begun.id)
    terminal.table(
        ("version", "client rows", "interactions", "ties", "report rows"),
        [(t.label, t.clients, t.interactions, t.ties, t.reported) for t in traces],
    )
    if runs:
        terminal.line(f"Runs that hold the data: {', '.join(runs)}.")
    terminal.line(f"Decisions about this client stay in the log, marked: {decisions:,}.")
    document = {
        "client": client,
        "erased": False,
        "versions": [{"dataset": t.label, **_rows(t)} for t in traces],
        "runs": runs,
        "decisions": decisions,
    }
    if not yes or not reason.strip():
        terminal.document(document)
        raise CallerError("Nothing was erased: give a --reason and confirm with --yes.")
    with open_store(store):
        pass  # opening writes the file anew, so that no freed block of it holds the rows
    terminal.document(document | {"erased": True, "finished": erasure.finished is not None})
    if erasure.finished is None:
        terminal.line("A job is running: folders of runs that still hold the data follow when it has ended.")
    terminal.line("Erased. Models keep what they learned with this client: train again.")


def came_by(version: "core.DatasetVersion") -> str:
    """Return how a version came, as "append to 2, erased from"."""
    how = f"append to {version.parent}" if version.how == "append" else version.how
    return f"{how}, erased from" if version.erased else how


def sentences(hanging: "core.Dependents") -> list[str]:
    """Return what hangs on a version, a sentence each."""
    said = []
    if hanging.runs:
        said.append(f"Runs that learned from it, which stay: {', '.join(hanging.runs)}.")
    if hanging.active:
        said.append(f"The active model is one of them: {hanging.active}.")
    if hanging.comparisons:
        said.append(f"Comparisons made on it, which stay: {hanging.comparisons:,}.")
    if hanging.decisions:
        said.append(f"Decisions made with these runs, which stay: {hanging.decisions:,}.")
    if hanging.children:
        said.append(f"Later versions that came from it: {', '.join(map(str, hanging.children))}.")
    return said or ["Nothing hangs on it."]


def _rows(trace: object) -> dict[str, int]:
    return {name: getattr(trace, name) for name in ("clients", "interactions", "ties", "reported")}
