"""The cells of a matrix become events: what is there from one month to another is taken and given up."""

from tests.dataset.tables import read

SANTANDER = (  # the header that Santander published, twelve of its columns
    "fecha_dato,ncodpers,ind_empleado,sexo,age,ind_nuevo,antiguedad,segmento,"
    "ind_ahor_fin_ult1,ind_cco_fin_ult1,ind_cder_fin_ult1,ind_ctop_fin_ult1,ind_recibo_ult1"
)


def months(*rows: str) -> tuple[str, str]:
    return "train_ver2.csv", SANTANDER + "\n" + "".join(row + "\n" for row in rows)


FIRST = (
    "2015-01-28,1050611,N,V,23,0,35,03 - UNIVERSITARIO,0,1,0,0,1",
    "2015-02-28,1050611,N,V,23,0,36,03 - UNIVERSITARIO,0,1,0,1,1",
    "2015-03-28,1050611,N,V,24,0,37,02 - PARTICULARES,0,1,0,1,0",
    "2015-02-28,1050612,N,H,44,0,35,02 - PARTICULARES,0,0,1,0,NA",
    "2015-03-28,1050612,N,H,44,0,36,02 - PARTICULARES,0,0,1,0,0",
)


def events(found) -> set[tuple]:
    rows = found.dataset.interactions.to_pylist()
    return {
        (row["client_id"][-1], row["product_id"][4:8], f"{row['timestamp']:%m}", row["action"])
        for row in rows
        if row["action"] != "neither"
    }


def test_months_of_santander() -> None:
    for rows in (FIRST, FIRST[::-1]):
        found = read(months(*rows))
        (question,) = found.questions
        assert question.proposal["ind_nuevo"] == "left out"
        assert [name for name, use in question.proposal.items() if use == "product"] == sorted(
            SANTANDER.split(",")[-5:]
        )
        assert events(found) == {
            ("1", "cco_", "01", "takes"),
            ("1", "reci", "01", "takes"),
            ("1", "ctop", "02", "takes"),
            ("1", "reci", "03", "gives_up"),
            ("2", "cder", "02", "takes"),
        }
        assert any('told apart by "fecha_dato"' in one for one in found.notices)
        assert len(found.dataset.products) == 5
        assert found.dataset.interactions["amount"].null_count == len(found.dataset.interactions)


def test_of_a_client_the_newest_profile_counts() -> None:
    clients = {row["client_id"]: row for row in read(months(*FIRST)).dataset.clients.to_pylist()}
    assert clients["1050611"]["segment"] == "02 - PARTICULARES"
    assert str(clients["1050611"]["profile_date"]) == "2015-03-28"


def test_a_month_without_a_word_changes_nothing() -> None:
    rows = [row.replace("36,03 - UNIVERSITARIO,0,1", "36,03 - UNIVERSITARIO,0,") for row in FIRST]
    assert ("1", "cco_", "02", "gives_up") not in events(read(months(*rows)))


def test_counts_over_time_are_changes() -> None:
    text = "date,client_id,a,b,c,d,e,f\n" + "".join(
        f"2024-0{month}-01,{client},{level},{level},{level},{level},0,{int(client == 'v')}\n"
        for client in "uv"
        for month, level in ((1, 5), (2, 8), (3, 0), (4, 0))
    )
    found = read(("m.csv", text))
    rows = [row for row in found.dataset.interactions.to_pylist() if row["product_id"] == "a"]
    assert [(row["action"], row["amount"]) for row in rows if row["client_id"] == "u"] == [
        ("takes", 5),
        ("takes", 3),
        ("gives_up", -8),
    ]


def test_times_that_cannot_be_read_are_a_notice() -> None:
    rows = [f"c{row},{'yesterday' if row % 3 == 0 else '2024-01-01'},1,0,1,0,0,1" for row in range(12)]
    found = read(("held.csv", "client_id,date,F1,F2,F3,F4,F5,F6\n" + "\n".join(rows) + "\n"))
    lost = 'held.csv: "date": 4 of 12 cells cannot be read as'
    assert [notice.split(" and ")[0] for notice in found.notices if notice.startswith(lost)] == [
        f"{lost} timestamp",
        f"{lost} profile_date",
    ]
