"""Clients in the store: the search for one of hundreds of thousands by id or name."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, islice, product
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection

from finrec_core.terms.spelling import Vocabulary

# Letters that Unicode does not take apart into a base letter and a mark, and the marks of Latin letters.
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŧ": "t"}
    | {chr(mark): "" for mark in range(0x300, 0x370)}
)
NO_WORD = re.compile(r"[\W_]+")
MOST_WORDS = 8
FEW = 1000  # clients that are ranked one by one
WAYS = 24  # readings of a mistyped text that are looked for


@dataclass(frozen=True)
class ClientMatch:
    """A client that a search found; `name`, `segment` and `adviser` are "" where there is none.

    `near` says that it is spelled another way than the text.
    """

    client_id: str
    name: str
    segment: str
    adviser: str = ""
    near: bool = False


def fold(text: str) -> str:
    """Return the text as a search compares it: lower case, no accents, words with one blank between.

    Anything that is no letter or digit parts words. A text of such signs alone stays as it is.
    """
    plain = text.casefold()
    if plain.isascii() and plain.isalnum():  # one word, as most ids are: in a quarter of the time
        return plain
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).translate(PLAIN)
    if not plain.isascii():
        plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
    return NO_WORD.sub(" ", plain).strip() or " ".join(text.split())


def haystack(client_id: str, name: str | None) -> str:
    """Return what a search looks through: name and id folded, on a line each, a blank before each word."""
    return f"\n {fold(name or '')}\n {fold(client_id)}\n"


def haystacks(ids: pa.ChunkedArray, names: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the haystack of each client, those in plain letters by columns, in a tenth of the time."""
    named = folded(pc.fill_null(names.cast(pa.string()), ""))
    return pc.binary_join_element_wise("\n ", named, "\n ", folded(ids), "\n", "")


def folded(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return each text as `fold` returns it."""
    words = pc.replace_substring_regex(pc.ascii_lower(texts), "[^0-9a-z]+", " ")
    words = pc.utf8_trim(words, " ")
    plain = pc.and_(pc.string_is_ascii(texts), pc.not_equal(words, ""))
    others = [fold(text) for text in texts.filter(pc.invert(plain)).to_pylist()]
    mask = pc.invert(plain).combine_chunks()
    return pa.chunked_array(
        [pc.replace_with_mask(words.combine_chunks(), mask, pa.array(others, pa.string()))]
    )


def patterns(text: str) -> list[list[str]]:
    """Return what a haystack holds that is the text, begins so, has words that begin so, or has its words.

    A haystack that holds all of a later list is a worse match; the last list is what each match holds.
    """
    whole = fold(text)
    words = whole.split(" ")[:MOST_WORDS]
    words.sort(key=len, reverse=True)  # the longest is likely the rarest, and is looked for first
    return [[f"\n {whole}\n"], [f"\n {whole}"], [f" {word}" for word in words], words]


def grade(hay: str, ranks: list[list[str]]) -> int:
    """Return the place of the first patterns that a haystack holds all of, their number for none."""
    return next((n for n, rank in enumerate(ranks) if all(one in hay for one in rank)), len(ranks))


def meant(words: list[str], known: str, vocabulary: Vocabulary) -> Iterator[list[str]]:
    """Yield what mistyped words may have meant, nearest first; a word that `known` holds may be right."""
    ways = [[word] * (word in known) + [f" {near}" for near in vocabulary.near(word)] for word in words]
    return (list(way) for way in islice(product(*ways), WAYS) if list(way) != words)


class ClientIndex:
    """The clients of one version of a dataset, in memory for search; a version never changes.

    All haystacks stand in one text in alphabetical order, so that a search is one scan, or a few
    that stop once enough is found; a query took four times as long.
    """

    def __init__(self, clients: pa.Table) -> None:
        haystacks = clients["haystack"].to_pylist()
        self._clients = clients.drop_columns("haystack")
        self._text = "".join(haystacks)
        self._ends = [0, *accumulate(map(len, haystacks))]  # (clients + 1,)

    @classmethod
    def read(cls, cursor: DuckDBPyConnection, key: str) -> Self:
        """Read the clients of a version."""
        query = """
            SELECT client_id, coalesce(name, '') AS name, coalesce(segment, '') AS segment,
                coalesce(adviser, '') AS adviser, haystack
            FROM clients WHERE dataset_id = ? ORDER BY alphabet"""
        return cls(cursor.execute(query, [key]).to_arrow_table())

    @classmethod
    def of(cls, clients: pa.Table) -> Self:
        """Index the clients of a dataset that no version holds any more."""
        columns = {"client_id": clients["client_id"]}
        told = ("name", "segment", "adviser")
        columns |= {name: pc.fill_null(clients[name].cast(pa.string()), "") for name in told}
        columns["haystack"] = haystacks(columns["client_id"], columns["name"])
        return cls(pa.table(columns).sort_by("haystack"))

    def __repr__(self) -> str:
        return f"ClientIndex({len(self._clients):,} clients)"

    def search(
        self,
        text: str,
        limit: int,
        within: Callable[[str], bool] | None = None,
        mine: Callable[[str], bool] | None = None,
    ) -> list[ClientMatch]:
        """Return the clients whose id or name holds every word of the text, at most `limit`.

        First the client with this very id, then whole ids and names, beginnings, beginnings of words,
        and anything else that holds the words; equals by name, then by id. An empty text finds the
        first clients by name. Where nothing holds the words, those are found whose words they become by
        a slip or two of the keys. `within` tells of an id whether its client may be found; None: all may.
        `mine` tells of an adviser whether its clients stand first, behind the one with this very id.
        """

        def may(row: int) -> bool:
            return within is None or within(self._clients["client_id"][row].as_py())

        found = self._search(text, limit, may)
        own = set() if mine is None else {one for one in self._advisers if one and mine(one)}
        if not own or not found:
            return found
        column = self._clients["adviser"]
        more = self._search(text, limit, lambda row: column[row].as_py() in own and may(row))
        if not found[0].near:  # none that is only spelled alike stands before what is spelled so
            more = [one for one in more if not one.near]
        exact = [one for one in found[:1] if one.client_id == text.strip()]
        return list(dict.fromkeys([*exact, *more, *found]))[:limit]

    def _search(self, text: str, limit: int, may: Callable[[int], bool]) -> list[ClientMatch]:
        """Return the first matches among the rows that may be found."""
        ranks = patterns(text)
        exact = pc.index(self._clients["client_id"], text.strip()).as_py()
        few = list(islice(self._rows(ranks[-1]), FEW))
        rows: Iterable[int]
        if len(few) < FEW:  # one scan found all there are
            rows = sorted(few, key=lambda row: (self._grade(row, ranks), row))
        else:  # each rank in turn, until there are enough
            rows = chain.from_iterable(self._rows(rank) for rank in ranks)
        found = self._first(chain([exact] if exact >= 0 else [], rows), limit, may)
        if found or not text.strip():
            return found
        ways = meant(ranks[-1], self._text, self._vocabulary)
        return self._first(chain.from_iterable(map(self._rows, ways)), limit, may, near=True)

    @cached_property
    def _advisers(self) -> list[str]:
        return self._clients["adviser"].unique().to_pylist()

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._text.split())

    def _first(
        self, rows: Iterable[int], limit: int, may: Callable[[int], bool], *, near: bool = False
    ) -> list[ClientMatch]:
        """Return the first of some rows that may be found, each once."""
        found: dict[int, None] = {}  # a set that keeps the order
        for row in rows:
            if len(found) == limit:
                break
            if may(row):
                found[row] = None
        matches = self._clients.take(pa.array(found, pa.int64())).to_pylist()
        return [ClientMatch(**match, near=near) for match in matches]

    def _rows(self, patterns: list[str]) -> Iterator[int]:
        """Yield the rows whose haystack holds all patterns."""
        text, ends = self._text, self._ends
        first, *others = patterns
        place = text.find(first)
        while 0 <= place < len(text):
            row = bisect_right(ends, place) - 1
            start, end = ends[row], ends[row + 1]
            for other in others:
                if text.find(other, start, end) < 0:
                    break
            else:
                yield row
            place = text.find(first, end)

    def _grade(self, row: int, ranks: list[list[str]]) -> int:
        return grade(self._text[self._ends[row] : self._ends[row + 1]], ranks)
