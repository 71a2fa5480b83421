"""Help: the file contract, column by column, with the names of other data sets that are recognised."""

import streamlit as st

from finrec_core.dataset import TABLES, Column
from finrec_core.intake.source import READABLE

MEANING = {
    "client_id": "the client's number or code",
    "product_id": "the product's number, code or ISIN",
    "timestamp": "when it happened: 2026-03-04, 2026-03-04T09:12:00Z, or seconds since 1970",
    "action": "what the client did, such as buy or sell; empty is taking it",
    "amount": "pieces or money, with a sign; what nets to nothing is held no more",
    "rating": "stars or a score; where the scale has a lower end, ratings under a limit count as low",
    "review": "what the client wrote, up to 20,000 characters",
    "name": "what it is called on screen",
    "category": "the shelf it stands on, such as Funds or Loans",
    "description": "what it is, in words: the model reads them",
    "risk_class": "1 (lowest) to 7",
    "min_horizon_years": "recommended holding period in years",
    "ongoing_cost_pct": "cost in percent a year",
    "available": "false where it is not offered any more",
    "min_knowledge": "what a client should know",
    "loss_potential": "what can be lost: beyond means more than was paid in",
    "valid_from": "the day from which this row holds, where a product stands several times",
    "segment": "private, business, ...",
    "branch": "where the client is looked after",
    "risk_tolerance": "1 (lowest) to 7",
    "horizon_years": "how long the client plans to invest",
    "knowledge": "what the client knows about investing",
    "loss_capacity": "the loss that the client can bear",
    "adviser": "who looks after the client; their own clients stand first for them",
    "profile_date": "when the client's profile was taken down; the newest one decides",
    "other_client_id": "the client at the other end",
    "kind": "household, colleague, friend, ...",
}
ABOUT = {
    "interactions": "Who took or gave up what. The one file that is needed; a row for each event. What a "
    "client has is worked out from all its rows.",
    "products": "What the products are. Names, categories and descriptions make the reasons readable.",
    "clients": "Who the clients are. Ids alone are enough for ranking.",
    "ties": "Who is close to whom. A tie counts in both directions.",
}


def row(column: Column) -> str:
    """Return one column as a line of a Markdown table."""
    meaning = MEANING[column.name]
    if column.values:
        meaning += f" ({', '.join(column.values)})"
    return f"| `{column.name}` | {'**needed**' if column.required else 'optional'} | {meaning} |"


with st.columns([1, 8, 1])[1]:
    st.title("What the files hold", anchor=False)
    st.markdown(
        f"finrec reads {READABLE}. In text files comma, semicolon, tab, `::` or `|` stands "
        "between the columns, in UTF-8; for another encoding you are shown how a line reads in each and "
        "choose. A table with a row for each client and a column for each product is read too. "
        "The order of columns is free. Nothing is saved until you have seen what was read."
    )
    for table, columns in TABLES.items():
        st.subheader(f"{table}.csv", anchor=False)
        st.markdown(f"{ABOUT[table]}")
        st.markdown("\n".join(["| Column | | What it holds |", "|:--|:--|:--|", *map(row, columns)]))
    st.subheader("Other names", anchor=False)
    st.markdown(
        "Usual names of other data sets are recognised and shown for you to change: "
        "`user_id`, `reviewerID` or `customer_id` for the client; `item_id`, `asin`, `isin` or `ticker` "
        "for the product; `stars`, `overall` or `score` for the rating; `text`, `comment` or `body` for the "
        "review; `date` or `unixReviewTime` for the time."
    )
    st.subheader("Rejected and repaired", anchor=False)
    st.markdown(
        "A row that cannot be used is **rejected**, with file, line, column, value and reason. "
        "A row that can be used after a change is **repaired** and counted: an optional cell that cannot be "
        "read is left empty, a product or client that only `interactions.csv` names is created, of a client "
        "or product that stands several times the newest row decides, a text over 20,000 characters is cut. "
        "Dates such as 03/04/2026 are never guessed: you say whether the day or the month stands first."
    )
    st.subheader("Asked", anchor=False)
    st.markdown(
        "What a file leaves open is asked before anything is saved: what a word such as *storno* means, "
        "whether a zero is a holding, what stands for a risk class, why two files do not join. Most "
        "questions come with a proposal, and the button that saves says what it decides."
    )
