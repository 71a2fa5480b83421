"""Damaged files of many kinds, the same each time: {kind: [(name, bytes), ...]}."""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Iterator

HEAD = "client_id,product_id,timestamp,rating,review\n"
ROWS = [f'c{i},p{i % 7},2024-01-{i % 28 + 1:02d},{i % 5 + 1},"word {i}, more"\n' for i in range(30)]
GOOD = (HEAD + "".join(ROWS)).encode()
HUGE = 100_000_000
BOMBS = (b"a,", b"\n", b"c1,p1,,4,\n")
OBJECTS = "".join(json.dumps({"user_id": f"c{i}", "item_id": f"p{i}", "rating": i}) + "\n" for i in range(20))


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def rows(*changed: str, head: str = HEAD) -> bytes:
    return (head + "".join(ROWS[:5]) + "".join(row + "\n" for row in changed) + ROWS[6]).encode()


def _bytes(chance: random.Random) -> dict[str, list[bytes]]:
    """Kinds of damage to the bytes of a CSV file."""
    cuts = [chance.randrange(1, len(GOOD)) for _ in range(12)]
    places = [chance.randrange(50, len(GOOD)) for _ in range(8)]
    utf16 = GOOD.decode().encode("utf-16")
    umlauts = GOOD.decode().replace("word", "wörd")
    return {
        "cut anywhere": [GOOD[:cut] for cut in cuts],
        "a zero byte": [GOOD[:at] + b"\0" + GOOD[at:] for at in places],
        "a mark in the middle": [GOOD[:at] + b"\xef\xbb\xbf" + GOOD[at:] for at in places],
        "a byte that is no UTF-8": [
            GOOD[:at] + bytes([chance.randrange(128, 256)]) + GOOD[at:] for at in places
        ],
        "bytes turned": [bytes(b ^ 0x80 if i == at else b for i, b in enumerate(GOOD)) for at in places],
        "bytes gone": [GOOD[:at] + GOOD[at + 9 :] for at in places],
        "noise": [chance.randbytes(size) for size in (1, 10, 100, 5000)],
        "control characters": [
            GOOD.replace(b"word", bytes([sign])) for sign in (1, 7, 8, 11, 12, 27, 31, 127)
        ],
        "another encoding": [
            umlauts.encode(name) for name in ("cp1252", "cp850", "utf-16-le", "utf-16-be", "utf-32")
        ],
        "utf-16 cut": [utf16[:-1], utf16[:101], utf16[:3], utf16[:2]],
        "empty": [b"", b"\n", b"\r\n\r\n", b" ", b"\xef\xbb\xbf", b"\t\n"],
        "bare carriage returns": [GOOD.replace(b"\n", b"\r"), GOOD.replace(b"\n", b"\r\r\n")],
        "mixed line ends": [GOOD.replace(b"\n", b"\r\n", 9), GOOD.replace(b"\n", b"\r", 9)],
        "other line ends": [GOOD.replace(b"\n", end.encode()) for end in ("\x85", "\u2028", "\x0b")],
        "header only": [HEAD.encode(), HEAD.strip().encode()],
        "other files": [
            b"\x89PNG\r\n\x1a\n" + GOOD,
            b"%PDF-1.7\n" + GOOD,
            b"PAR1" + GOOD,
            b"<html><table></table>",
            b"SQLite format 3\0",
        ],
    }


def _cells() -> dict[str, list[bytes]]:
    """Kinds of damage to the rows and cells of a CSV file."""
    return {
        "a quote never closed": [rows('c1,p1,,,"open'), rows('"c1,p1,,,'), GOOD + b'"'],
        "a quote in the midst": [
            rows('c1,p1,,,a"b'),
            rows('c1,p1,,,"a"b"'),
            rows('c1,p1,,,"a" "b"'),
            rows('c"1,p1,,,'),
        ],
        "too few columns": [rows("c1"), rows("c1,p1"), rows("c1,p1,,")],
        "too many columns": [rows("c1,p1,,,,"), rows("c1,p1,,,x,y,z"), rows("," * 500)],
        "10,000 columns": [(",".join(f"x{i}" for i in range(10_000)) + "\n").encode(), rows("," * 10_000)],
        "one cell of 100 MB": [
            rows("c1,p1,,," + "x" * HUGE),
            rows('c1,p1,,,"' + "x" * HUGE + '"'),
            rows('c1,p1,,,"' + "x\n" * (HUGE // 2) + '"'),
            b"x" * HUGE,
        ],
        "a long cell": [rows("c1,p1,,," + "x" * 3_000_000), rows('c1,p1,,,"' + "x\n" * 100_000 + '"')],
        "duplicate headers": [
            rows(head="client_id,client_id,a,b,c\n"),
            rows(head="client_id,product_id,a,a,c\n"),
        ],
        "empty headers": [
            rows(head=",,,,\n"),
            rows(head="client_id,,,,\n"),
            rows(head="client_id,product_id,,,\n"),
        ],
        "no header": [GOOD[len(HEAD) :]],
        "header in the middle": [rows(HEAD.strip())],
        "unknown columns": [rows(head="a,b,c,d,e\n"), rows(head="client_id,b,c,d,e\n")],
        "ids that are empty": [rows(",p1,,,"), rows("c1,,,,"), rows(" , ,,,")],
        "numbers out of range": [
            rows(f"c1,p1,,{text},") for text in ("1e999", "-1e999", "9" * 400, "nan", "inf", "0x10", "1,5")
        ],
        "numbers that are none": [
            rows(f"c1,p1,,{text},") for text in ("five", "5 stars", "--5", "5e", "٣", "½")
        ],
        "dates out of range": [
            rows(f"c1,p1,{text},,")
            for text in ("2024-02-30", "0000-01-01", "99999-01-01", "9" * 15, "-9e9", "2024-13-01")
        ],
        "dates in many forms": [
            rows(f"c1,p1,{text},,")
            for text in ("1/2/24", "soon", "yesterday", "2024W101", "Feb 30 2024", "12:30")
        ],
        "dates of two orders": [rows("c1,p1,03/04/2024,,"), rows("c1,p1,13/04/2024,,", "c1,p1,04/13/2024,,")],
        "formulas": [
            rows(f"{text},p1,,x,") for text in ("=1+1", "@SUM(1)", "+1", "-1", "=cmd|' /C calc'!A0")
        ],
        "hostile text": [
            rows(f"{text},p1,,x,")
            for text in ("<script>", "'; DROP TABLE x;--", "../../etc", "\u202eabc", "${x}")
        ],
        "another separator": [GOOD.replace(b",", sign) for sign in (b"^", b"~", b" ", b"\x01")],
        "separators mixed": [rows("c1;p1;;;"), rows("c1\tp1\t\t\t"), rows("c1::p1::::::")],
        "contradicting Excel line": [b"sep=;\n" + GOOD, b"sep=\n" + GOOD, b"sep=,\n"],
    }


def _objects() -> dict[str, list[bytes]]:
    """Kinds of damage to JSON lines."""
    changes = (
        "[1, 2]",
        "3",
        "null",
        "{",
        '{"user_id": }',
        "{'a': 1}",
        '{"user_id": "a\\u0000"}',
        '{"user_id": "\\ud800"}',
    )
    return {
        "lines that are no objects": [f"{OBJECTS}{line}\n{OBJECTS}".encode() for line in changes],
        "no object first": [f"{line}\n{OBJECTS}".encode() for line in changes],
        "an array of objects": [
            json.dumps([json.loads(line) for line in OBJECTS.splitlines()], indent=1).encode()
        ],
        "deep nesting": [
            (OBJECTS + '{"user_id":' + "[" * 100_000 + "\n").encode(),
            b"{'a': " + b"(" * 5000 + b"}\n",
        ],
        "nested values": [
            (OBJECTS + '{"user_id": {"a": 1}, "item_id": [[1], {}], "rating": "x"}\n').encode()
        ],
        "numbers without end": [
            (OBJECTS + '{"user_id": 1e999, "item_id": NaN, "rating": Infinity}\n').encode()
        ],
        "objects cut": [OBJECTS.encode()[:cut] for cut in (7, 20, 101, 333, 650)],
        "a huge literal": [b"{'a': '" + b"x" * size + b"'}\n" for size in (2_000_000, HUGE)],
        "a program": [b"{'user_id': __import__('os')}\n", (OBJECTS + "{'user_id': open('x')}\n").encode()],
    }


def _archives() -> dict[str, list[tuple[str, bytes]]]:
    """Kinds of damaged archives."""
    whole, packed = zipped(("interactions.csv", GOOD)), gzip.compress(GOOD, mtime=0)
    flipped = bytearray(whole)
    flipped[70] ^= 0xFF
    locked = bytearray(whole)
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    climbing = ("../interactions.csv", "/etc/interactions.csv", "a/../../b.csv", "..\\interactions.csv")
    return {
        "zip cut": [("bank.zip", whole[:cut]) for cut in (0, 4, 50, 120, len(whole) - 5)],
        "zip turned": [("bank.zip", bytes(flipped)), ("bank.zip", b"x" * 100)],
        "zip locked": [("bank.zip", bytes(locked))],
        "zip that climbs out": [("bank.zip", zipped((name, GOOD))) for name in climbing],
        "zip in a zip": [("bank.zip", zipped(("more.zip", whole)))],
        "zip of nothing": [("bank.zip", zipped()), ("bank.zip", zipped(("a.exe", b"MZ")))],
        "zip bomb": [
            ("bank.zip", zipped(("interactions.csv", HEAD.encode() + text * (HUGE // len(text)))))
            for text in BOMBS
        ],
        "zip of two alike": [("bank.zip", zipped(("x.csv", GOOD), ("./x.csv", GOOD)))],
        "gz cut": [("interactions.csv.gz", packed[:cut]) for cut in (0, 5, 20, len(packed) - 4)],
        "gz of no gz": [("interactions.csv.gz", GOOD), ("interactions.csv.gz", whole)],
        "gz bomb": [
            ("interactions.csv.gz", gzip.compress(HEAD.encode() + text * (HUGE // len(text)), mtime=0))
            for text in BOMBS
        ],
        "wrong ending": [
            ("interactions.json", GOOD),
            ("x.exe", GOOD),
            ("x", GOOD),
            ("interactions.csv", whole),
        ],
    }


def corpus() -> Iterator[tuple[str, str, bytes]]:
    """Yield (kind, name, bytes) of each damaged file."""
    for kinds, name in ((_bytes(random.Random(7)), "x.csv"), (_cells(), "x.csv"), (_objects(), "x.jsonl")):
        for kind, contents in kinds.items():
            for content in contents:
                yield kind, name, content
    for kind, files in _archives().items():
        for name, content in files:
            yield kind, name, content
