import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from finrec_core.intake import FormChoice, IntakeError, Source, find_sources, read_files
from tests.conftest import real_folder
from tests.dataset.tables import HEADER, interactions, problems, read

PRODUCTS = ("products.csv", "product_id,name\np1,One\np2,Two\n")
CLIENTS = ("clients.csv", "client_id,name\nc1,Ann\nc2,Bob\n")
BASIC = ["c1,p1,2024-01-31,5,good", "c2,p2,2024-01-30,2,bad"]


def test_a_clean_import():
    found = read(interactions(*BASIC), PRODUCTS, CLIENTS, name="bank", verb="bought")
    assert (found.rows_read, found.rows_clean, found.rows_repaired, found.rows_rejected) == (6, 6, 0, 0)
    assert [(file.name, file.table, file.rows_read) for file in found.files] == [
        ("interactions.csv", "interactions", 2),
        ("products.csv", "products", 2),
        ("clients.csv", "clients", 2),
    ]
    assert (found.dataset.name, found.dataset.verb, found.dataset.rating_limit) == ("bank", "bought", 3.0)
    assert found.dataset.positive.tolist() == [True, False]
    assert found.notices == (
        "Ratings run from 1 to 5; one below 3 is read as rated low, which 1 of 2 are; 1 client has nothing "
        "else and would get an empty list.",
    )
    assert repr(found).startswith("Intake(3 files, 6 rows read, 0 rejected, 0 repaired: Dataset('bank'")


def test_the_four_figures_add_up():
    found = read(
        interactions(*BASIC, "c1,p1,,,again", "c3,p3,,,", "c1,,,4,", "c1", ",p1,,,", "c1,p9,,abc,"),
        PRODUCTS,
        CLIENTS,
    )
    assert (found.rows_read, found.rows_clean, found.rows_repaired, found.rows_rejected) == (12, 7, 2, 3)
    assert found.rows_accepted == 9
    assert found.rejected_share == 0.25
    assert found.questions
    assert found.reject_counts == [
        ("Client is empty", 1),
        ("Product is empty", 1),
        ("Too few columns", 1),
    ]
    assert found.repair_counts == [
        ("Product not in products.csv, created", 2),
        ("Client not in clients.csv, created", 1),
        ("Rating is not a number, left empty", 1),
    ]
    assert [file.rows_rejected for file in found.files] == [3, 0, 0]


def test_a_row_that_is_repaired_and_then_rejected_counts_as_rejected():
    """A tie whose long kind was cut may still be one of a client to itself."""
    ties = ("ties.csv", f"client_id,other_client_id,kind\nc1,c1,{'x' * 20_001}\n")
    found = read(interactions("c1,p1,,,"), PRODUCTS, CLIENTS, ties)
    assert (found.rows_read, found.rows_clean, found.rows_repaired, found.rows_rejected) == (6, 5, 0, 1)


def test_no_interaction_left_means_no_dataset_but_a_report():
    found = read(interactions(",p1,soon,,"), PRODUCTS)
    assert found.dataset is None
    assert found.rows_rejected == 1


def test_five_percent_rejected_needs_no_confirmation():
    rows = [f"c{i},p{i},,," for i in range(19)]
    assert not read(interactions(*rows, "c1,,,,")).questions
    assert read(interactions(*rows[:-1], "c1,,,,")).questions


def test_columns_show_name_example_and_use_and_can_be_changed():
    text = (
        "customer_no,isin,trade_date,stars,comment,branch\n"
        "C00482,CH0031240127,2026-03-04,5,Moved my money,Lake\n"
    )
    found = read(("holdings.csv", text))
    assert [(use.column, use.example, use.used_as) for use in found.columns] == [
        ("customer_no", "C00482", "client_id"),
        ("isin", "CH0031240127", "product_id"),
        ("trade_date", "2026-03-04", "timestamp"),
        ("stars", "5", "rating"),
        ("comment", "Moved my money", "review"),
        ("branch", "Lake", ""),
    ]
    assert 'holdings.csv: left out "branch", used as nothing in interactions.' in found.notices
    edited = found.mapping | {"holdings.csv:comment": "", "holdings.csv:branch": "review"}
    again = read(("holdings.csv", text), mapping=edited)
    assert again.dataset.interactions["review"].to_pylist() == ["Lake"]
    assert again.mapping == edited


def test_a_missing_column_hands_out_the_columns_for_another_try():
    file = ("export.csv", "wer,was\nc1,p1\n")
    with pytest.raises(
        IntakeError, match=r"export\.csv, line 1: neither the file's name nor its columns"
    ) as caught:
        read(file)
    assert [(use.column, use.example) for use in caught.value.columns] == [("wer", "c1"), ("was", "p1")]
    found = read(file, mapping={"wer": "client_id", "was": "product_id"})
    assert found.dataset.pair_clients.tolist() == [0]


def test_kinds_override_the_guess_and_leave_files_out():
    found = read(interactions(*BASIC), ("people.csv", "id,name\nc1,Ann\n"), kinds={"people.csv": "clients"})
    assert found.dataset.clients["name"].to_pylist() == ["Ann", None]
    found = read(interactions(*BASIC), ("people.csv", "id,name\nc1,Ann\n"), kinds={"people.csv": ""})
    assert found.dataset.clients["name"].null_count == 2
    assert "people.csv is left out." in found.notices
    assert found.rows_read == 2


def test_the_rating_limit_is_proposed_declared_or_none():
    many = [f"c{i},p1,,{i}," for i in range(20)]
    assert read(interactions(*BASIC)).rating_proposal.limit == 3.0
    assert read(interactions(*BASIC), rating_limit=None).dataset.rating_limit is None
    assert read(interactions(*BASIC), rating_limit=4.5).dataset.rating_limit == 4.5
    assert read(interactions(*many)).dataset.rating_limit is None
    assert read(interactions(*many), rating_limit=7).dataset.positive.sum() == 13
    plays = interactions("c1,p1,1", "c1,p2,5", header="client_id,product_id,play_count\n")
    assert read(plays).rating_proposal is None
    assert read(plays).dataset.positive.all()


def test_movielens_without_a_header():
    found = read(
        ("ratings.dat", "1::1193::5::978300760\n1::661::3::978302109\n2::661::x::978302109\n"),
        ("movies.dat", "1193::Cuckoo's Nest, The::Drama\n661::James::Animation|Musical\n"),
    )
    assert found.dataset.interactions["rating"].to_pylist() == [5.0, 3.0, None]
    assert found.dataset.products["name"].to_pylist() == ["Cuckoo's Nest, The", "James"]
    assert (3, "column 3", "x", "Rating is not a number, left empty") in problems(found.repairs)
    assert "ratings.dat has no header line; its columns are used by their order." in found.notices


def test_amazon_json_lines():
    text = (
        '{"reviewerID": "A1", "asin": "B1", "overall": 5, "unixReviewTime": 1388534400, "reviewText": "x"}\n'
        '{"reviewerID": "A1", "asin": "B2", "overall": 1.0, "unixReviewTime": 1388534401}\n'
    )
    found = read(
        ("reviews_Gift_Cards.json.gz", gzip.compress(text.encode())),
        ("meta_Gift_Cards.jsonl", '{"asin": "B1", "title": "Card", "description": ["a", "b"]}\n'),
    )
    assert found.dataset.positive.tolist() == [True, False]
    assert found.dataset.products["description"].to_pylist() == ["a, b", None]


def test_the_same_content_in_any_form_is_the_same_dataset():
    rows = [line.split(",") for line in (HEADER + "\n".join(BASIC)).splitlines()]
    shuffled = [[row[i] for i in (4, 2, 0, 3, 1)] for row in rows]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("interactions.csv", HEADER + "\n".join(BASIC))
    forms = [
        ("interactions.csv", "\ufeff" + HEADER + "\r\n".join(BASIC)),
        ("interactions.tsv", "\n".join("\t".join(row) for row in shuffled)),
        ("interactions.dat", "\n".join("::".join(row) for row in shuffled)),
        ("interactions.csv", "\n".join(";".join(row) for row in shuffled)),
        ("interactions.csv.gz", gzip.compress((HEADER + "\n".join(BASIC)).encode())),
        ("interactions.zip", archive.getvalue()),
    ]
    assert len({read(form).dataset.content_hash for form in forms}) == 1


def test_tabs_allow_quotation_marks_as_plain_characters():
    text = 'client_id\tproduct_id\treview\nc1\tp1\t"Weird Al" it\nc1\tp2\t"half\nc1\tp3\n'
    found = read(("interactions.tsv", text))
    assert found.dataset.interactions["review"].to_pylist() == ['"Weird Al" it', '"half']
    assert [row[0] for row in problems(found.rejects)] == [4]
    assert "interactions.tsv: quotation marks are plain characters here, as line 2 shows." in found.notices
    quoted = 'client_id\tproduct_id\treview\nc1\tp1\t"a\tb\nc"\n'
    assert read(("interactions.tsv", quoted)).dataset.interactions["review"].to_pylist() == ["a\tb\nc"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("interactions.csv", b"", "interactions.csv, line 1: the file is empty."),
        ("interactions.csv", HEADER.encode(), "interactions.csv, line 1: the file has a header but no rows."),
        ("interactions.csv", b"client_id^product_id\nc1^p1\n", "interactions.csv, line 1: found one column"),
        (
            "interactions.csv",
            b"client_id,rating\nc1,5\n",
            "line 1: no column is used as product_id of interactions",
        ),
        ("interactions.csv", b"client_id,client_id\nc1,5\n", 'line 1: "client_id" names columns 1 and 2.'),
        (
            "interactions.csv",
            HEADER.encode() + b"c1,p1,,,\xe9\n",
            "interactions.csv, line 2: byte 9 of the line",
        ),
        (
            "interactions.csv",
            HEADER.encode() + b"c1,p1,,,\0\n",
            "interactions.csv, line 2: byte 9 of the line",
        ),
        ("interactions.csv", HEADER.encode() + b'c1,p1,,,"x\n', "interactions.csv, line 2: a quotation mark"),
        ("interactions.csv", b"\x89PNG\r\n\x1a\n\0", "interactions.csv, line 1: this is a PNG picture"),
        ("photo.jpg", b"\xff\xd8\xff\xe0", "photo.jpg, line 1: this is a JPEG picture"),
        ("clients.csv", b"client_id\nc1\n", "none of the files holds interactions"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(name, content, sentence):
    with pytest.raises(IntakeError) as caught:
        read((name, content))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


CELLS = st.sampled_from(
    ["c1", "c2", "p1", "", "2024-01-31", "5", "abc", '"a\nb"', '"', "1,2", " ", "31/01/2024"]
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=4, max_size=6), min_size=1, max_size=12),
    st.sampled_from([",", ";", "\t"]),
)
@example([['"', '"a\nb"', "1,2", "1,2"]] * 2, ",")
def test_every_row_is_accounted_for_whatever_a_file_holds(rows, delimiter):
    lines = HEADER.replace(",", delimiter) + "".join(delimiter.join(row) + "\n" for row in rows)
    try:
        found = read(("interactions.csv", lines))
    except IntakeError as error:
        assert str(error).startswith("interactions.csv, line")  # noqa: PT017
        return
    assert found.rows_read == found.rows_clean + found.rows_repaired + found.rows_rejected
    kept = len(found.dataset.interactions) if found.dataset else 0
    merged = dict(found.repair_counts).get("Same event, merged", 0)
    assert kept + merged == found.rows_accepted
    numbers = found.rejects["line"].to_pylist()
    assert len(set(numbers)) == len(numbers)
    assert all(2 <= number <= lines.count("\n") + 1 for number in numbers)


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "clients", "products", "pairs", "ties"),
    [
        ("gift_cards", 458, 148, 2_965, 0),
        ("stocknet", 1_080, 84, 12_185, 1_057),
        ("lastfm", 1_859, 2_823, 71_355, 12_488),
    ],
)
def test_the_real_sets_are_read_whole(name, clients, products, pairs, ties):
    found = read_files(find_sources([real_folder(name)]))
    sizes = [len(getattr(found.dataset, table)) for table in ("clients", "products", "interactions", "ties")]
    assert sizes == [clients, products, pairs, ties]
    assert found.rows_rejected == 0
    assert found.repair_counts == [("Client created, no file of clients", clients)]
    assert (found.rating_proposal is not None) == (name == "gift_cards")


@pytest.mark.parametrize("name", ["big.csv", "big.csv.gz", "big.zip"])
def test_progress_moves_within_a_file(name):
    rows = b"client,product\n" + b"".join(b"c%d,p%d\n" % (i, i % 999) for i in range(400_000))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.csv", rows)
    content = {".csv": rows, ".gz": gzip.compress(rows), ".zip": out.getvalue()}[Path(name).suffix]
    seen = []
    read_files([Source(name, content)], progress=lambda stage, share: seen.append(share))
    assert seen == sorted(seen)
    assert len(seen) > 4
    assert 0.0 <= seen[0] < seen[1] < seen[2] < seen[-1] <= 1.0


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "iso2022_jp", "cp932"])
def test_an_encoding_without_a_mark_is_asked_for_and_taken(encoding):
    content = "client,product\n鈴木,株式\n".encode(encoding)
    with pytest.raises(IntakeError) as caught:
        read_files([Source("jp.csv", content)])
    readings = caught.value.__cause__.readings
    assert readings[encoding] in ("client,product", "鈴木,株式")
    found = read_files([Source("jp.csv", content)], forms={"jp.csv": FormChoice(encoding=encoding)})
    assert found.dataset.clients["client_id"].to_pylist() == ["鈴木"]
    assert found.rows_rejected == 0


def test_a_mark_that_is_not_there_is_a_sentence():
    with pytest.raises(IntakeError, match=r"line 1: this line cannot be read as UTF-16\."):
        read_files(
            [Source("x.csv", b"client,product\na,b\n")], forms={"x.csv": FormChoice(encoding="utf-16")}
        )


def test_ids_that_would_be_cut_are_rejected():
    rows = "client,product\n" + "a" * 20_000 + "1,x\n" + "a" * 20_000 + "2,x\nb,x\n"
    found = read_files([Source("x.csv", rows.encode())])
    assert found.dataset.clients["client_id"].to_pylist() == ["b"]
    assert found.reject_counts == [("Client is longer than 20,000 characters", 2)]
