import pytest

from finrec_core.dataset.schema import TABLES
from finrec_core.intake.mapping import propose
from finrec_core.intake.names import ALIASES, is_header, is_other, is_unbounded, plain, table_of_name


def test_every_column_has_its_own_name_first():
    for table, columns in TABLES.items():
        for column in columns:
            assert ALIASES[table][column.name][0] == plain(column.name)
        beside = ["friends"] if table == "clients" else []  # a list of ids, which becomes ties
        assert sorted(ALIASES[table]) == sorted([*(column.name for column in columns), *beside])


def test_plain_ignores_case_and_marks():
    assert {plain(name) for name in ("User ID", "userId", "user_id", "USER-ID")} == {"userid"}


@pytest.mark.parametrize(
    ("stem", "table"),
    [
        ("ratings", "interactions"),
        ("user_friends", "ties"),
        ("user_reviews", "interactions"),
        ("fund-holdings 2024", "interactions"),
        ("meta_Gift_Cards", "products"),
        ("yelp_academic_dataset_business", "products"),
        ("Customers", "clients"),
        ("export", None),
        ("mooring", None),
    ],
)
def test_table_of_name(stem, table):
    assert table_of_name(stem) == table


def test_is_header():
    assert is_header(["client_id", "2020"])
    assert is_header(["kunde", "produkt"])
    assert not is_header(["1", "1193", "5"])
    assert not is_header(["17", "4", "friend"])


def test_is_unbounded():
    assert is_unbounded("playCount")
    assert is_unbounded("Quantity")
    assert not is_unbounded("stars")


@pytest.mark.parametrize(
    ("stem", "other"),
    [
        ("links", True),
        ("genome-scores", True),
        ("yelp_academic_dataset_checkin", True),
        ("user_taggedartists-timestamps", True),
        ("blinks", False),
        ("photosynthesis", False),
        ("genomes_bought", False),
    ],
)
def test_files_beside_a_published_data_set_are_known_by_whole_words(stem, other):
    assert is_other(stem) is other


@pytest.mark.parametrize(
    ("header", "uses"),
    [
        ("Kundennummer;WKN;Buchungsdatum;Bewertung", ("client_id", "product_id", "timestamp", "rating")),
        ("Kunden-Nr.;ISIN;Datum;Kommentar", ("client_id", "product_id", "timestamp", "review")),
        ("Depot;Wertpapier;Handelsdatum", ("client_id", "product_id", "timestamp")),
        ("KUNDE;Artikelnr.;Zeitpunkt;Sterne", ("client_id", "product_id", "timestamp", "rating")),
        ("N\u00b0 client;Code ISIN;Date d'op\u00e9ration", ("client_id", "product_id", "timestamp")),
        ("Num\u00e9ro client;Produit;Date", ("client_id", "product_id", "timestamp")),
        ("Nume\u0301ro client;Titre;Date valeur", ("client_id", "product_id", "timestamp")),
        ("C\u00f3digo cliente;Fondo;Fecha;Comentario", ("client_id", "product_id", "timestamp", "review")),
        ("ncodpers;fecha_dato", ("client_id", "timestamp")),
        ("Codice cliente;Titolo;Data;Voto", ("client_id", "product_id", "timestamp", "")),
        ("Cliente;Ativo;Data;Avalia\u00e7\u00e3o", ("client_id", "product_id", "timestamp", "rating")),
        ("Klantnr;Productnummer;Datum;Beoordeling", ("client_id", "product_id", "timestamp", "rating")),
        ("user_id:token;item_id:token;rating:float", ("client_id", "product_id", "rating")),
        ("customerId:string;isin:string;when:date", ("client_id", "product_id", "timestamp")),
        ("CustomerID;StockCode;InvoiceDate", ("client_id", "product_id", "timestamp")),
        ("t_dat;customer_id;article_id", ("timestamp", "client_id", "product_id")),
    ],
)
def test_columns_are_known_in_other_languages(header, uses):
    found = propose("interactions", header.split(";"))
    assert tuple(found.get(name, "") for name in header.split(";")) == uses


@pytest.mark.parametrize(
    ("table", "header", "uses"),
    [
        (
            "products",
            "WKN;Bezeichnung;Anlageklasse;Risikoklasse",
            ("product_id", "name", "category", "risk_class"),
        ),
        ("products", "Code ISIN;Libell\u00e9;Classe d'actifs", ("product_id", "name", "category")),
        ("products", "ISIN;assetName;assetCategory", ("product_id", "name", "category")),
        (
            "clients",
            "Kundennr;Kundensegment;Filiale;Risikoprofil",
            ("client_id", "segment", "branch", "risk_tolerance"),
        ),
        ("clients", "ncodpers;segmento", ("client_id", "segment")),
        (
            "clients",
            "customerID;riskLevel;lastQuestionnaireDate",
            ("client_id", "risk_tolerance", "profile_date"),
        ),
        ("ties", "source_id:token;target_id:token", ("client_id", "other_client_id")),
    ],
)
def test_what_is_told_of_products_and_clients_is_known_in_other_languages(table, header, uses):
    found = propose(table, header.split(";"))
    assert tuple(found.get(name, "") for name in header.split(";")) == uses


@pytest.mark.parametrize("stem", ["close_prices", "prices", "limit-prices", "aisles", "stock_prices"])
def test_prices_and_the_like_are_left_out_by_their_name(stem):
    assert is_other(stem)
    assert not is_other(f"{stem}eries")


@pytest.mark.parametrize(
    ("stem", "table"),
    [
        ("Depotbestand", "interactions"),
        ("Transaktionen 2024", "interactions"),
        ("op\u00e9rations", "interactions"),
        ("Wertpapiere", "products"),
        ("asset_information", "products"),
        ("Kunden", "clients"),
        ("customer_information", "clients"),
        ("clientes", "clients"),
    ],
)
def test_files_are_known_in_other_languages(stem, table):
    assert table_of_name(stem) == table
