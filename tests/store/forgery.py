"""Forgeries: what somebody with the store's file, but neither key nor anchors, could do to the record."""

from finrec_core.store import Store, chain
from finrec_core.store.log import COLUMNS, _hash
from tests.store.conftest import make_bank, make_run


def filled(file):
    """Return a store with rows in every table of the record, open."""
    store = Store(file)
    store.add_dataset(make_bank(), source="a test")
    for run in ("a", "b"):
        folder = store.runs_folder / run
        folder.mkdir(parents=True)
        (folder / "run.json").write_text("{}")
        store.add_run(make_run(run))
    store.publish("b", reason="better", user="ana")
    store.add_rules({"risk": "block"}, reason="the first", user="cora")
    store.add_rules({"risk": "warn"}, reason="softer", user="cora")
    for number in range(4):
        write(store, number)
    store.log_shown(client="c1", run="b", content={"products": ["p1"]}, user="ana")
    store.erase_client("c2", reason="asked for", user="ana")
    return store


def write(store, number=9):
    return store.add_decision(
        kind="accept", client="c1", product="p1", run="b", content={"rank": number}, user="ana"
    )


def change(store, *statements):
    with store._connection.writing() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rewrite(store):
    """Write the logs' own chains and the chain of the record anew, so that all within the file fits."""
    with store._connection.writing() as cursor:
        for log in ("decisions", "shown"):
            previous = "0" * 64
            for place, row in enumerate(
                cursor.execute(f"SELECT {COLUMNS} FROM {log} ORDER BY sequence").fetchall(), start=1
            ):
                values = [place, *row[1:-2], previous]
                cursor.execute(
                    f"UPDATE {log} SET sequence = ?, previous = ?, hash = ? WHERE id = ?",
                    [place, previous, _hash(values), row[1]],
                )
                previous = _hash(values)
        told = [
            (link.about, link.name, chain.row_digest(cursor, link.about, link.name) if link.digest else "")
            for link in [*chain.links(cursor)]
        ]
        held = {(table, name) for table in chain.RECORD for name, _ in [*chain.digests(cursor, table)]}
        cursor.execute("DELETE FROM chain")
        kept = [row for row in told if row[:2] in held or row[0] not in chain.RECORD]
        new = [(*row, chain.row_digest(cursor, *row)) for row in sorted(held - {row[:2] for row in kept})]
        chain._append(cursor, kept + new)


# What was done, and a part of the sentence that must tell it. The first need no anchor.
PLAIN = {
    "altered decision": (
        ["UPDATE decisions SET client = 'c9' WHERE sequence = 2"],
        "decisions: row 2 was changed",
    ),
    "altered list shown": (["UPDATE shown SET content = '{}'"], "shown: row 1 was changed"),
    "altered rule": (["UPDATE rules SET content = '{}' WHERE version = 1"], "rules: row 1 was changed"),
    "altered activation": (
        ["UPDATE activations SET run = 'a' WHERE sequence = 2"],
        "activations: row 2 was changed",
    ),
    "altered reason of an activation": (
        ["UPDATE activations SET reason = 'x'"],
        "activations: row 1 was changed",
    ),
    "altered erasure": (["UPDATE erasures SET user_name = 'nobody'"], "erasures: row"),
    "altered import": (["UPDATE datasets SET source = 'elsewhere'"], "datasets: row demo@1 was changed"),
    "altered data of an import": (
        ["UPDATE interactions SET rating = 2 WHERE rating = 5"],
        "datasets: the rows of demo@1",
    ),
    "altered figures of a run": (
        ["UPDATE runs SET metrics = '{}' WHERE run = 'b'"],
        "runs: row b was changed",
    ),
    "altered hash of a run": (
        ["UPDATE run_hashes SET hash = 'x' WHERE run = 'b'"],
        "run_hashes: row 2 was changed",
    ),
    "decision taken out": (["DELETE FROM decisions WHERE sequence = 2"], "decisions: row 2 is missing"),
    "tail of a log cut": (["DELETE FROM decisions WHERE sequence > 2"], "decisions: row 4 is missing"),
    "rule taken out": (["DELETE FROM rules WHERE version = 2"], "rules: row 2 is missing"),
    "activation taken out": (["DELETE FROM activations WHERE sequence = 2"], "activations: row 2 is missing"),
    "erasure taken out": (["DELETE FROM erasures"], "is missing"),
    "rule put in": (
        ["INSERT INTO rules SELECT 3, created, user_name, reason, content FROM rules WHERE version = 1"],
        "rules: row 3 was added past the chain",
    ),
    "activation put in": (
        [
            "INSERT INTO activations SELECT 3, 'a', created, user_name, reason, step "
            "FROM activations WHERE sequence = 1"
        ],
        "activations: row 3 was added past the chain",
    ),
    "link taken out": (["DELETE FROM chain WHERE sequence = 3"], "chain: link 3 is missing"),
    "link altered": (["UPDATE chain SET digest = '' WHERE sequence = 3"], "chain: link 3 was changed"),
}
# These leave a file in which everything fits: only an anchor tells.
WHOLE = {
    "tail cut with its links": (
        ["DELETE FROM decisions WHERE sequence > 2"],
        ["decisions: row 3 was cut", "decisions: row 4 was cut"],
    ),
    "chain written anew over an altered decision": (
        ["UPDATE decisions SET client = 'c9' WHERE sequence = 2"],
        ["decisions: row 2 was altered", "decisions: row 4 was altered"],
    ),
    "chain written anew over an altered rule": (
        ["UPDATE rules SET content = '{}' WHERE version = 1"],
        ["rules: row 1 was altered"],
    ),
    "chain written anew over an altered activation": (
        ["UPDATE activations SET run = 'a' WHERE sequence = 2"],
        ["activations: row 2 was altered"],
    ),
    "chain written anew without a rule": (["DELETE FROM rules WHERE version = 2"], ["rules: row 2 was cut"]),
    "chain written anew over another hash of a run": (
        ["UPDATE run_hashes SET hash = 'x' WHERE run = 'b'"],
        ["run_hashes: row 2 was altered"],
    ),
}
