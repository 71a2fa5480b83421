"""Ties from a column of clients that lists other clients, as Yelp's users have their friends."""

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.names import FRIENDS
from finrec_core.dataset.records import Records
from finrec_core.dataset.values import NO_VALUE


def befriended(records: Records) -> Records:
    """Return the ties in a file of clients, a row for each friend in its list of ids with commas between.

    Marks of a missing value and the client's own id are no friends. The lines are those of the clients,
    so the rows count as none of their own.
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
    nobody = pc.is_in(pc.utf8_lower(other), value_set=pa.array(["", *NO_VALUE]))
    own = pc.equal(ties["client_id"], other)
    unknown = pc.equal(pc.fill_null(ties["client_id"], ""), "")
    dropped = pc.or_(nobody, pc.or_(pc.fill_null(own, fill_value=True), unknown))
    names = {"client_id": records.names["client_id"], "other_client_id": records.names[FRIENDS]}
    return Records(records.file, "ties", ties.filter(pc.invert(dropped)), names, 0)
