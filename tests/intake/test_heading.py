"""Where the header stands, and how the rows fit it, as banks, brokers, R, pandas and databases write it."""

import pytest

from finrec_core.intake import FormChoice, IntakeError
from tests.conftest import real_case
from tests.dataset.tables import problems, read

ROWS = [f"c{row % 4},p{row},2024-01-{row + 1:02d},{10 + row}" for row in range(8)]
HEAD = "client_id,product_id,date,quantity"
BODY = "\n".join(ROWS)
SEMICOLONS = f"{HEAD}\n{BODY}\n".replace(",", ";")
PIPES = [row.replace(",", " | ") for row in ROWS]
BOX = "+----+----+----+----+\n"


def skipped(found):
    return [(line["line"], line["reason"]) for line in found.skipped.to_pylist()]


def case(name: str, file: str):
    return read((file, (real_case(name) / file).read_bytes()))


def whole(found, rows: int = 8) -> bool:
    amounts = found.dataset.interactions["amount"].to_pylist()
    return found.rows_rejected == 0 and found.rows_read == rows and amounts == [10 + r for r in range(rows)]


def test_the_preamble_as_a_bank_wrote_it() -> None:
    found = case("preamble", "holdings.csv")
    assert (len(found.dataset.interactions), found.rows_rejected) == (171, 0)
    assert skipped(found) == [(1, "Above the header"), (2, "Above the header"), (176, "A total")]
    assert "holdings.csv: the header is found on line 4." in found.notices
    assert found.previews[0].header_line == 4


@pytest.mark.parametrize(
    ("name", "rows", "sentence"),
    [
        ("trailing-delimiter", 171, "171 rows end in a comma that the header lacks"),
        ("r-row-names", 171, "begin with a cell that the header has no name for"),
        ("quoted-sep-line", 2, ""),
        ("header-repeated", 4, "1 line is left out as no row of the table (the header again): line 4"),
    ],
)
def test_the_other_forms_as_they_came(name, rows, sentence) -> None:
    found = case(name, "interactions.csv")
    assert (len(found.dataset.interactions), found.rows_rejected) == (rows, 0)
    assert not {"client_id", "1", ""} & set(found.dataset.clients["client_id"].to_pylist())
    assert sentence in " ".join(found.notices)


@pytest.mark.parametrize(
    ("above", "count"),
    [
        ("My title\n", 1),
        ("Holdings, as of 31.12.2024\nBank, Zurich, Muster AG\n\n", 2),
        ("Export\nKey,Value\nClient,10001\nAccount,55\n\n\n\n\n", 4),
        ("Report,,,\nBank:,Muster,,\n,,,\n", 2),
        ("# exported by X\n# version 2, really\n", 2),
        ("-- exported\n// twice\n", 2),
        ("Statement,Header,Field Name,Value\nStatement,Data,Title,Trades\n", 2),
        ("Client,,Trade,\n", 1),
        ("==========\nTitle\n==========\n", 3),
        ('"Depot ""A"""\n', 1),
        ("\n\nBericht;Stand 2024\n\n", 1),
    ],
)
def test_what_stands_above_the_header_is_skipped_and_told(above, count) -> None:
    found = read(("holdings.csv", f"{above}{HEAD}\n{BODY}\n"))
    assert whole(found)
    assert len(skipped(found)) == count
    line = f"{above}".count("\n") + 1
    assert f"holdings.csv: the header is found on line {line}." in found.notices


@pytest.mark.parametrize(
    "under",
    [
        ",,dd.mm.yyyy,EUR",
        "string,string,date,float",
        "varchar(20),varchar(12),timestamp,numeric",
        "[text],[text],[date],[EUR]",
        "Customer,ISIN,Booking date,Units",
        "---------,----------,----,--------",
    ],
)
def test_a_second_line_under_the_header_is_no_row(under) -> None:
    found = read(("holdings.csv", f"{HEAD}\n{under}\n{BODY}\n"))
    assert whole(found)
    assert [line for line, _ in skipped(found)] == [2]
    assert under in found.skipped["value"].to_pylist()


def test_two_lines_may_hold_the_header_together() -> None:
    found = read(("holdings.csv", f"Client,Product,Trade,Filled\nID,ID,Date,Quantity\n{BODY}\n"))
    assert whole(found)
    assert [use.column for use in found.columns] == [
        "Client ID",
        "Product ID",
        "Trade Date",
        "Filled Quantity",
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"#{HEAD}\n{BODY}\n",
        f"# a tool\n# {HEAD}\n{BODY}\n",
        f"//{HEAD}\n{BODY}\n",
        " client_id | product_id | date | quantity \n-----+-----+-----+-----\n "
        + "\n ".join(PIPES)
        + "\n(8 rows)\n\n",
        f"{BOX}| client_id | product_id | date | quantity |\n{BOX}"
        + "".join(f"| {row} |\n" for row in PIPES)
        + f"{BOX}8 rows in set (0.00 sec)\n",
        "| client_id | product_id | date | quantity |\n|---|---|:--:|---:|\n"
        + "".join(f"| {row} |\n" for row in PIPES),
        f"{HEAD}\n---,---,---,---\n{BODY}\n\n(8 rows affected)\n",
        "client_id  product_id  date        quantity\n---------  ----------  ----------  --------\n"
        + "".join("  ".join(row.split(",")) + "\n" for row in ROWS),
    ],
)
def test_headers_of_tools_and_databases(text) -> None:
    assert whole(read(("holdings.csv", text)))


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n" + "".join(f"{row},\n" for row in ROWS),
        f"{HEAD},\n" + "".join(f"{row},\n" for row in ROWS),
        f"{HEAD},\n{BODY}\n",
        f"{HEAD}\n".replace(",", ";") + "".join(f"{row},,\n".replace(",", ";") for row in ROWS),
        f"{HEAD}\n".replace(",", "\t") + "".join(f"{row},\n".replace(",", "\t") for row in ROWS),
        f"{HEAD}\n" + "\n".join(ROWS[:6]) + "".join(f"\n{row}," for row in ROWS[6:]),
        f"{HEAD}\n" + "".join(f"{row}, \n" for row in ROWS),
        "client_id|product_id|date|quantity|\n" + "".join(f"{row}|\n".replace(",", "|") for row in ROWS),
        "|client_id|product_id|date|quantity|\n" + "".join(f"|{row}|\n".replace(",", "|") for row in ROWS),
        "client_id|product_id|date|quantity\n" + "".join(f"|{row}|\n".replace(",", "|") for row in ROWS),
    ],
)
def test_delimiters_at_the_ends_of_rows(text) -> None:
    assert whole(read(("holdings.csv", text)))


def test_a_cell_behind_the_header_that_is_not_empty_rejects_its_row() -> None:
    rows = [f"{row}," for row in ROWS[:7]] + [f"{ROWS[7]},more"]
    found = read(("holdings.csv", f"{HEAD}\n" + "\n".join(rows)))
    assert problems(found.rejects) == [(9, "", f"{ROWS[7]},more", "Too many columns: 5 of 4")]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('"client_id","product_id","date","quantity"', '"{n1}",'),
        (HEAD, "{n1},"),
        (HEAD, "{n},"),
        (HEAD, "row{n},"),
        (HEAD, '"{n3}",'),
        (f",{HEAD}", "{n},"),
        (f'"",{HEAD}', '"{n1}",'),
        (f"Unnamed: 0,{HEAD}", "{n},"),
    ],
)
@pytest.mark.parametrize("sep", [",", ";", "\t", " "])
def test_row_names_of_r_and_pandas(header, name, sep) -> None:
    if sep == " " and header[:1] in (",", "U"):
        pytest.skip("blanks that lead a line part nothing")
    rows = "".join(
        name.format(n=number, n1=number + 1, n3=3 * number + 7) + row + "\n"
        for number, row in enumerate(ROWS)
    )
    assert whole(read(("holdings.txt", f"{header}\n{rows}".replace(",", sep))))


def test_row_names_of_rows_that_r_has_sorted_are_row_names_too() -> None:
    rows = "".join(f'"{7 * number % 11}",{row}\n' for number, row in enumerate(ROWS, start=1))
    assert whole(read(("holdings.csv", f"{HEAD}\n{rows}")))


def test_a_decimal_comma_that_cuts_cells_is_no_row_name() -> None:
    rows = "".join(f"{1000 + row},p{row},2024-01-0{row + 1},4,5\n" for row in range(8))
    found = read(("holdings.csv", f"{HEAD}\n{rows}"))
    assert found.reject_counts == [("Too many columns", 8)]


@pytest.mark.parametrize(
    "first",
    [
        "sep=;",
        "SEP=;",
        '"sep=;"',
        "\ufeffsep=;",
        '\ufeff"SEP=;"',
        "sep = ;",
        "sep=;;;;",
        "'sep=;'",
        "Sep=;\r",
    ],
)
def test_the_line_of_excel(first) -> None:
    assert whole(read(("holdings.csv", f"{first}\n{SEMICOLONS}")))


@pytest.mark.parametrize(
    ("word", "sign"), [("\\t", "\t"), ("\t", "\t"), ("|", "|"), (",", ","), ("tab", "\t")]
)
def test_the_line_of_excel_may_name_any_separator(word, sign) -> None:
    assert whole(read(("holdings.csv", f"sep={word}\n" + f"{HEAD}\n{BODY}".replace(",", sign))))


def test_unknown_names_under_a_title_are_found_by_the_cut() -> None:
    text = "Bericht\nErstellt: heute\n\nkd;wp;dt;mg\n" + BODY.replace(",", ";")
    uses = {"kd": "client_id", "wp": "product_id", "dt": "timestamp", "mg": "amount"}
    assert whole(read(("holdings.csv", text), mapping=uses))


def test_the_analyst_names_the_line_of_the_header() -> None:
    text = f"client_id,product_id,x,y\n{HEAD}\n{BODY}\n"
    found = read(("holdings.csv", text), forms={"holdings.csv": FormChoice(header_line=2)})
    assert whole(found)
    assert skipped(found) == [(1, "Above the header")]
    with pytest.raises(IntakeError, match=r"holdings\.csv: the file has no line 20 that could be the header"):
        read(("holdings.csv", text), forms={"holdings.csv": FormChoice(header_line=20)})
    with pytest.raises(IntakeError, match="whole number from 1"):
        FormChoice(header_line=0)
    with pytest.raises(IntakeError, match="escapes no quotation mark"):
        FormChoice(escape="^")


def test_a_plain_file_is_read_from_its_first_line() -> None:
    found = read(("holdings.csv", f"{HEAD}\n{BODY}\n"))
    assert whole(found)
    assert len(found.skipped) == 0
    assert found.previews[0].header_line == 1
