"""The pairs: what the events between each client and each product amount to."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

UNKNOWN = np.iinfo(np.int64).min  # stands for an unknown time: before all others
DAY = 86_400e6  # microseconds
NOTHING = 1e-7  # of the largest amount of a pair: what is less is left over by rounding


@dataclass(frozen=True, repr=False, eq=False)
class Pairs:
    """Each client and product that a fact of an event connects, once, by client row, then product row.

    Times are days since 1970, NaN where unknown. Amounts and ratings are NaN where none is known.

    >>> bank.pairs
    Pairs(361 pairs, 361 held, 0 formerly held)
    """

    clients: np.ndarray  # (pairs,) client row, int64
    products: np.ndarray  # (pairs,) product row, int64
    first: np.ndarray  # (pairs,) first event
    last: np.ndarray  # (pairs,) last event
    since: np.ndarray  # (pairs,) when the present holding began; of what is not held, the last one
    until: np.ndarray  # (pairs,) when it was given up; NaN of what is held
    count: np.ndarray  # (pairs,) events, int64
    amount: np.ndarray  # (pairs,) what the amounts add up to
    rating: np.ndarray  # (pairs,) the newest rating
    held: np.ndarray  # (pairs,) whether the client has the product, bool
    had: np.ndarray  # (pairs,) whether it has or had it, bool
    taken: np.ndarray  # (pairs,) whether it was seen taking it: what is first given up was had before, bool
    of_events: np.ndarray  # (events,) pair of each event, -1 for one that is no fact

    def __post_init__(self) -> None:
        if (self.held & ~self.had).any():
            raise ValueError("what is held was had.")

    @property
    def former(self) -> np.ndarray:
        """Whether the client had the product and gave it up, bool (pairs,)."""
        return self.had & ~self.held

    def of_client(self, client: int) -> np.ndarray:
        """Return the numbers of a client's pairs, (its pairs,), without looking at those of others."""
        return np.arange(*np.searchsorted(self.clients, (client, client + 1)))

    def __len__(self) -> int:
        return len(self.clients)

    def __repr__(self) -> str:
        return f"Pairs({len(self):,} pairs, {self.held.sum():,} held, {self.former.sum():,} formerly held)"


def pairs_of(
    events: pa.Table, clients: np.ndarray, products: np.ndarray, *, width: int, amounts_count: bool
) -> Pairs:
    """Work out the pairs of some events, each with its client row and product row (events,).

    An event without an action takes, unless its amount is negative. What takes and what gives up at one
    moment is netted where each such event of the pair has an amount and amounts count pieces: then the pair
    is held while more than nothing is left. Otherwise the last event that takes or gives up decides, and of
    one moment the giving up. Events of unknown time come before all others. `width` is how many products
    there are.
    """
    actions = events["action"].combine_chunks()
    fact = ~_is(actions, "no_fact")
    rows = np.flatnonzero(fact)
    gives, moves = gives_up(events)[rows], ~_is(actions, "neither")[rows]
    times = pc.fill_null(events["timestamp"].cast(pa.int64()), UNKNOWN).to_numpy()[rows]
    amounts = _numbers(events["amount"])[rows]
    amounts = np.where(gives, -np.abs(amounts), amounts)
    ratings = _numbers(events["rating"])[rows]
    keys = clients[rows] * max(1, width) + products[rows]
    order = np.lexsort((ratings, amounts, np.where(moves, 1 + gives, 0), times, keys))
    walk = _Walk(
        keys[order], times[order], moves[order], gives[order], amounts[order], amounts_count=amounts_count
    )
    of_events = np.full(len(fact), -1, dtype=np.int64)
    of_events[rows[order]] = walk.pair
    known = np.where(times == UNKNOWN, np.nan, times / DAY)[order]
    held = walk.status[walk.ends]
    firsts = keys[order][walk.starts]
    return Pairs(
        clients=firsts // max(1, width),
        products=firsts % max(1, width),
        first=_least(known, walk.starts),
        last=-_least(-known, walk.starts),
        since=walk.since(known),
        until=np.where(held, np.nan, walk.until(known)),
        count=np.diff(np.append(walk.starts, len(order))),
        amount=_sums(np.where(moves, amounts, np.nan)[order], walk.starts),
        rating=_latest(ratings[order], walk.starts),
        held=held,
        had=walk.had,
        taken=walk.had & walk.taken(times[order]),
        of_events=of_events,
    )


def gives_up(events: pa.Table) -> np.ndarray:
    """Return which events give up: those that say so, and without an action a negative amount, (events,)."""
    actions = events["action"].combine_chunks()
    silent = actions.is_null().to_numpy(zero_copy_only=False)
    return _is(actions, "gives_up") | (silent & (_numbers(events["amount"]) < 0))


def text_numbers(pairs: Pairs, told: np.ndarray, days: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return the number of each event's text among those of its pair, from 1 in order of time, 0 for none.

    `told` marks events with a text, `days` are their times, `order` the rows by content; all (events,).
    """
    found = np.zeros(len(told), dtype=np.int64)
    rows = order[told[order] & (pairs.of_events[order] >= 0)]
    rows = rows[np.lexsort((np.nan_to_num(days[rows], nan=-np.inf), pairs.of_events[rows]))]
    mine = pairs.of_events[rows]
    found[rows] = np.arange(len(rows)) - np.searchsorted(mine, mine) + 1
    return found


class _Walk:
    """Events in order, pair by pair, moment by moment; all arrays are (facts,) unless said."""

    def __init__(
        self,
        keys: np.ndarray,
        times: np.ndarray,
        moves: np.ndarray,
        gives: np.ndarray,
        amounts: np.ndarray,
        *,
        amounts_count: bool,
    ) -> None:
        size = len(keys)
        begins = np.append(True, keys[1:] != keys[:-1])[:size]
        self.starts = np.flatnonzero(begins)  # (pairs,)
        self.ends = np.append(self.starts[1:], size) - 1 if size else self.starts  # (pairs,)
        self.pair = np.cumsum(begins) - 1
        self.moves = moves
        self.takes = moves & ~gives & ~(amounts < 0)
        new = begins | np.append(True, times[1:] != times[:-1])[:size]
        closes = np.append(new[1:], True)[:size]  # the last event of a moment
        known = ~(moves & np.isnan(amounts))
        nets = np.logical_and.reduceat(known, self.starts) if size else np.zeros(0, dtype=bool)
        nets &= amounts_count
        nets &= np.logical_or.reduceat(moves, self.starts) if size else nets
        self.had = _any(moves & (amounts != 0), self.starts)  # (pairs,); an unknown amount is one
        after = np.where(nets[self.pair], self._left(amounts, closes), self._decided(gives))
        # Within a moment nothing is decided yet: what it ends with holds for all of it.
        last = np.flatnonzero(closes)
        self.status = after[last[np.searchsorted(last, np.arange(size))]]
        self.status &= self.had[self.pair]

    def _left(self, amounts: np.ndarray, closes: np.ndarray) -> np.ndarray:
        """Return where more than nothing is left after an event, amounts of a pair added up.

        Nobody gives up more than it has: what lies below nothing at the end of a moment, as `closes` marks
        it, was taken before the first event.
        """
        moved = np.where(self.moves & ~np.isnan(amounts), amounts, 0.0)
        if not len(moved):
            return np.zeros(0, dtype=bool)
        largest = np.maximum.reduceat(np.abs(moved), self.starts)
        moved = moved / np.where(largest > 0, largest, 1.0)[self.pair]  # so that no pair drowns another
        total = np.cumsum(moved)
        total = total - np.append(0.0, total)[self.starts][self.pair]
        # A running minimum for each pair: every pair is shifted below the lowest that those before can reach.
        size = self.ends - self.starts + 1
        shift = (self.starts * 2 + size + np.arange(len(size))).astype(np.float64)[self.pair]
        lowest = np.minimum.accumulate(np.where(closes, total - shift, np.inf)) + shift
        return total - np.minimum(lowest, 0.0) > NOTHING

    def _decided(self, gives: np.ndarray) -> np.ndarray:
        """Return whether the last event so far that takes or gives up took."""
        place = np.where(self.moves, np.arange(len(gives)), -1)
        place = np.maximum.accumulate(place) if len(place) else place
        there = place >= self.starts[self.pair] if len(place) else np.zeros(0, dtype=bool)
        return there & ~gives[place]

    def taken(self, times: np.ndarray) -> np.ndarray:
        """Return whether the first moment in which each pair moved is one that takes, (pairs,)."""
        latest = np.iinfo(np.int64).max
        first, moved = (
            np.minimum.reduceat(np.where(marks, times, latest), self.starts) if len(times) else times
            for marks in (self.takes, self.moves)
        )
        return (first == moved) & (moved < latest)

    def since(self, known: np.ndarray) -> np.ndarray:
        """Return the first known time of each pair's holding, the last one of what is not held, (pairs,)."""
        place = np.arange(len(known))
        # Of what was given up, the events after the last one that left something are not the holding.
        end = _greatest(np.where(self.status, place, -1), self.starts)
        out = np.where(self.status | (place > end[self.pair]), -1, place)
        left = _greatest(out, self.starts)  # the last event before the holding
        inside = self.moves & (place > left[self.pair]) & (place <= end[self.pair])
        return _least(np.where(inside, known, np.nan), self.starts)

    def until(self, known: np.ndarray) -> np.ndarray:
        """Return the first known time after which each pair was held no more, (pairs,)."""
        place = np.arange(len(known))
        end = _greatest(np.where(self.status, place, -1), self.starts)
        after = _least(np.where(self.moves & (place > end[self.pair]), known, np.nan), self.starts)
        never = end < 0
        last = -_least(np.where(self.moves, -known, np.nan), self.starts)
        return np.where(self.had, np.where(never, last, after), np.nan)


def _is(actions: pa.Array, action: str) -> np.ndarray:
    return pc.fill_null(pc.equal(actions, action), fill_value=False).to_numpy(zero_copy_only=False)


def _numbers(cells: pa.ChunkedArray) -> np.ndarray:
    return cells.to_numpy(zero_copy_only=False).astype(np.float64)


def _any(marks: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return np.logical_or.reduceat(marks, starts) if len(marks) else np.zeros(0, dtype=bool)


def _greatest(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return np.maximum.reduceat(values, starts) if len(values) else np.zeros(0, dtype=np.int64)


def _least(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the least known value of each pair, NaN where none is."""
    return np.fmin.reduceat(values, starts) if len(values) else np.zeros(0)


def _sums(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the sum of the known values of each pair, NaN where none is."""
    if not len(values):
        return np.zeros(0)
    known = ~np.isnan(values)
    sums = np.add.reduceat(np.where(known, values, 0.0), starts)
    return np.where(_any(known, starts), sums, np.nan)


def _latest(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the last known value of each pair, NaN where none is."""
    if not len(values):
        return np.zeros(0)
    place = np.maximum.reduceat(np.where(np.isnan(values), -1, np.arange(len(values))), starts)
    return np.where(place >= 0, values[place], np.nan)
