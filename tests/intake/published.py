"""Small files of the shapes in which public data sets are published, in name, header, marks and encoding."""

import gzip
import io
import json
import zipfile

Files = list[tuple[str, bytes]]
STARS = (("1", "4", 5.0), ("2", "4", 2.0), ("2", "6", 4.0))  # user, item, rating


def lines(*rows: dict) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def packed(folder: str, **files: bytes) -> Files:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            archive.writestr(f"{folder}/{path}", content)
    return [(f"{folder}.zip", out.getvalue())]


def _reviews() -> bytes:
    fixed = {"reviewerName": "J. McDonald", "helpful": [2, 3], "reviewText": "Fine.", "summary": "Hymns"}
    return lines(
        *(
            {"reviewerID": f"A2SUAM1J3GNN3{user}", "asin": f"000001371{item}", **fixed}
            | {"overall": stars, "unixReviewTime": 1252800000, "reviewTime": "09 13, 2009"}
            for user, item, stars in STARS
        )
    )


def _meta(**more) -> list[dict]:
    fixed = {"price": 3.17, "salesRank": {"Books": 211836}, "also_buy": ["B00JHONN1S"], **more}
    return [{"asin": f"000001371{item}", "title": f"Hymns {item}", **fixed} for item in "46"]


def amazon_2014() -> Files:
    meta = "".join(f"{row!r}\n" for row in _meta(description="Old", categories=[["Books", "Music"]]))
    return [
        ("reviews_Books_5.json.gz", gzip.compress(_reviews())),
        ("meta_Books.json.gz", gzip.compress(meta.encode())),
    ]


def amazon_2018() -> Files:
    meta = _meta(description=["Old", "and new"], category=["Books", "Music"])
    return [
        ("Books_5.json.gz", gzip.compress(_reviews())),
        ("meta_Books.json.gz", gzip.compress(lines(*meta))),
    ]


def amazon_2023() -> Files:
    reviews = [
        {"rating": stars, "title": "Nice", "text": "Lovely scent", "images": [], "asin": "B00YQ6X8EO"}
        | {"parent_asin": f"B00YQ6X8E{item}", "user_id": f"AGKHLEW2SOWHNMFQIJGBECAF7IN{user}"}
        | {"timestamp": 1588687728923, "helpful_vote": 0, "verified_purchase": True}
        for user, item, stars in STARS
    ]
    meta = [
        {"main_category": "All Beauty", "title": f"Spray {item}", "average_rating": 4.8, "rating_number": 10}
        | {"features": [], "description": ["Long", "lasting"], "price": None, "images": [{"variant": "MAIN"}]}
        | {"store": "Howard", "categories": ["Beauty", "Hair"], "details": {"UPC": "617"}}
        | {"parent_asin": f"B00YQ6X8E{item}"}
        for item in "46"
    ]
    return [
        ("All_Beauty.jsonl.gz", gzip.compress(lines(*reviews))),
        ("meta_All_Beauty.jsonl.gz", gzip.compress(lines(*meta))),
    ]


def amazon_ratings() -> Files:
    rows = [f"A2CX7LUOHB2ND{user},032173294{item},{stars},1341100800\n" for user, item, stars in STARS]
    return [("ratings_Electronics.csv", "".join(rows).encode())]


def amazon_ratings_2018() -> Files:
    rows = [f"032173294{item},A2CX7LUOHB2ND{user},{stars},1341100800\n" for user, item, stars in STARS]
    return [("Electronics.csv", "".join(rows).encode())]


def yelp() -> Files:
    reviews = [
        {"review_id": user + item, "user_id": user, "business_id": item, "stars": stars, "useful": 0}
        | {"text": "Good, quick.", "date": "2018-07-07 22:09:11"}
        for user, item, stars in STARS
    ]
    shops = [
        {"business_id": item, "name": f"Shop {item}", "city": "Tucson", "stars": 3.5, "is_open": 0}
        | {"attributes": {"WiFi": "u'free'"}, "categories": "Doctors, Health", "hours": None}
        for item in "46"
    ]
    users = [
        {"user_id": user, "name": name, "yelping_since": "2007-01-25 16:47:26", "friends": friends}
        for user, name, friends in (("1", "Walker", "2, 3"), ("2", "Daniel", "None"), ("3", "Eva", "1"))
    ]
    tip = {"user_id": "1", "business_id": "6", "text": "Parking", "date": "2012-05-18 02:17:21"}
    visits = {"business_id": "4", "date": "2020-03-13 21:10:56, 2020-06-02 22:18:06"}
    parts = {"review": reviews, "business": shops, "user": users, "tip": [tip], "checkin": [visits]}
    return [(f"yelp_academic_dataset_{name}.json", lines(*rows)) for name, rows in parts.items()]


def movielens_1m() -> Files:
    movies = "4::Misérables, Les (1995)::Drama|Musical|War|Epic\n6::Heat (1995)::Action\n"
    return packed(
        "ml-1m",
        **{
            "README": b"SUMMARY\n",
            "ratings.dat": b"1::4::5::978300760\n2::4::2::978302109\n2::6::4::978301968\n",
            "movies.dat": movies.encode("latin-1"),
            "users.dat": b"1::F::1::10::48067\n2::M::56::16::70072\n",
        },
    )


def movielens_100k() -> Files:
    flags = "|".join(["0"] * 18 + ["1"])
    films = [
        f"{key}|{name}|01-Jan-1995||http://x|{flags}\n" for key, name in (("4", "Misérables"), ("6", "Heat"))
    ]
    return packed(
        "ml-100k",
        **{
            "README": b"SUMMARY\n",
            "u.data": b"1\t4\t5\t881250949\n2\t4\t2\t891717742\n2\t6\t4\t878887116\n",
            "u.item": "".join(films).encode("latin-1"),
            "u.user": b"1|24|M|technician|85711\n2|53|F|other|94043\n",
            "u.genre": b"unknown|0\nAction|1\n",
        },
    )


def movielens_latest() -> Files:
    return packed(
        "ml-latest-small",
        **{
            "README.txt": b"Summary\n",
            "ratings.csv": b"userId,movieId,rating,timestamp\n"
            b"1,4,5.0,964982703\n2,4,2.0,964981247\n2,6,4.0,964982224\n",
            "movies.csv": b'movieId,title,genres\n4,Toy Story,Adventure|Comedy\n6,"President, The",Comedy\n',
            "tags.csv": b"userId,movieId,tag,timestamp\n2,6,funny,1445714994\n",
            "links.csv": b"movieId,imdbId,tmdbId\n4,0114709,862\n6,0113497,8844\n",
        },
    )


def lastfm_hetrec() -> Files:
    artists = (
        'id\tname\turl\tpictureURL\n4\tMALICE MIZER\thttp://a\thttp://b\n6\tDiary "of" Dréams\thttp://a\t\n'
    )
    return packed(
        "hetrec2011-lastfm-2k",
        **{
            "readme.txt": b"hetrec2011\n",
            "artists.dat": artists.encode(),
            "tags.dat": b"tagID\ttagValue\n1\tmetal\n",
            "user_artists.dat": b"userID\tartistID\tweight\n1\t4\t13883\n2\t4\t11690\n2\t6\t11351\n",
            "user_friends.dat": b"userID\tfriendID\n1\t2\n2\t1\n",
            "user_taggedartists.dat": b"userID\tartistID\ttagID\tday\tmonth\tyear\n1\t6\t1\t1\t4\t2009\n",
        },
    )


def lastfm_360k() -> Files:
    one, two = "00000c289a1829a808ac09c00daf10bc3c4e223b", "00001411dc427966b17297bf4d69e7e193135d89"
    mbid = "3bd73256-3905-4f3a-97e2-8b341527f805"
    plays = (
        f"{one}\t{mbid}\tbetty blowtorch\t2137\n{two}\t\tsigur rós\t1\n{two}\t{mbid}\tbetty blowtorch\t44\n"
    )
    people = f"{one}\tf\t22\tGermany\tFeb 1, 2007\n{two}\t\t\tCanada\tDec 4, 2007\n"
    return [("usersha1-artmbid-artname-plays.tsv", plays.encode()), ("usersha1-profile.tsv", people.encode())]


def recbole() -> Files:
    """As https://recbole.io/docs/user_guide/data/atomic_files.html has it."""
    rated = "".join(f"{user}\t{item}\t{stars}\t881250949\n" for user, item, stars in STARS)
    return [
        ("ml.inter", f"user_id:token\titem_id:token\trating:float\ttimestamp:float\n{rated}".encode()),
        (
            "ml.item",
            b"item_id:token\tmovie_title:token_seq\tgenre:token_seq\n4\tHeat\tAction\n6\tOld\tDrama\n",
        ),
        ("ml.user", b"user_id:token\tage:float\tgender:token\n1\t24\tM\n2\t53\tF\n"),
        ("ml.net", b"source_id:token\ttarget_id:token\n1\t2\n"),
    ]


def far_trans() -> Files:
    """As https://doi.org/10.5525/gla.researchdata.1658 has it (J. Sanz-Cruzado et al., arXiv:2407.08692)."""
    assets = (
        "ISIN,assetName,assetShortName,assetCategory,assetSubCategory,marketID,sector,industry,timestamp\n"
    )
    people = "customerID,customerType,riskLevel,investmentCapacity,lastQuestionnaireDate,timestamp\n"
    trades = "customerID,ISIN,transactionID,transactionType,timestamp,totalValue,units,channel,marketID\n"
    one, two = "GRC419345006", "FR0010655712"
    return [
        (
            "asset_information.csv",
            f"{assets}{one},ALPHA BANK,ALPHA,Stock,,XATH,Financial,Banks,2022-01-10\n"
            f"{two},LYXOR ETF,,MTF,Equity,XPAR,,,2022-01-10\n".encode(),
        ),
        ("close_prices.csv", f"ISIN,timestamp,closePrice\n{one},2018-01-02,1.8\n".encode()),
        (
            "customer_information.csv",
            f"{people}1,Mass,,CAP_LT30K,2019-01-09,2019-01-09\n2,Premium,,CAP_LT30K,2019-01-09,2019-01-09\n".encode(),
        ),
        (
            "limit_prices.csv",
            b"ISIN,minDate,maxDate,priceMinDate,priceMaxDate,profitability\n" + f"{one},,,1,2,1\n".encode(),
        ),
        (
            "markets.csv",
            b"exchangeID,marketID,name,description,country,tradingDays,tradingHours,marketClass\n"
            b"XATH,XATH,Athens,,GR,,,\n",
        ),
        (
            "transactions.csv",
            f"{trades}1,{one},7,Buy,2018-01-03,1000.0,100.0,Phone Banking,XATH\n"
            f"2,{one},8,Buy,2018-01-04,10.0,1.0,Branch,XATH\n"
            f"2,{two},9,Buy,2018-01-05,20.0,2.0,Branch,XPAR\n".encode(),
        ),
    ]


def stocktwits() -> Files:
    """The fields of a message as https://api.stocktwits.com/developers/docs names them, a row each."""
    rows = [(user, item, f"Long ${item}") for user, item, _ in STARS]
    head = "message_id,user,symbol,body,created_at,likes\n"
    cells = "".join(f"{n},{u},T{i},{text},2022-07-18T00:28:39Z,0\n" for n, (u, i, text) in enumerate(rows))
    return [("stocktwits.csv", (head + cells).encode())]
