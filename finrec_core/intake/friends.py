"""Friends: a list of clients in a cell of a file of clients becomes ties."""

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.intake.names import FRIENDS
from finrec_core.intake.records import Records
from finrec_core.intake.values import says_nothing


def befriended(records: Records, notices: list[str]) -> Records:
    """Return the ties in a file of clients, a row for each friend in its list of ids with commas between.

    Marks of a missing value and the client's own id are no friends; how many name themselves is noticed.
    The lines are those of the clients, so the rows count as none of their own.
    """
    cells = records.cells.combine_chunks()
    lists = pc.split_pattern(pc.fill_null(cells[FRIENDS], "").combine_chunks(), ",")
    owners = pc.list_parent_indices(lists)
    ties = pa.table(
        {
            "line": cells["line"].take(owners),
            "client_id": pc.utf8_trim_whitespace(cells["client_id"].take(owners)),
            "other_client_id": pc.utf8_trim_whitespace(pc.list_flatten(lists)),
        }
    )
    other = ties["other_client_id"]
    nobody = says_nothing(other)
    unknown = pc.equal(pc.fill_null(ties["client_id"], ""), "")
    own = pc.and_not(pc.fill_null(pc.equal(ties["client_id"], other), fill_value=False), nobody)
    if themselves := pc.sum(pc.and_not(own, unknown)).as_py():
        many = f"{themselves:,} clients name themselves as friends"
        who = "1 client names itself as a friend" if themselves == 1 else many
        notices.append(f"{records.file}: {who}, which makes no connection.")
    dropped = pc.or_(pc.or_(nobody, own), unknown)
    names = {"client_id": records.names["client_id"], "other_client_id": records.names[FRIENDS]}
    return Records(records.file, "ties", ties.filter(pc.invert(dropped)), names, 0)
