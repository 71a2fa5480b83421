"""The demo bank's reviews: moves of a short text chosen by tone and stars, each a line of the grammar."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from finrec_core.dataset.demo_catalogue import CATEGORIES, TASTES
from finrec_core.dataset.demo_grammar import Bag, Dice, Line, expand, parse_lines, read, words
from finrec_core.dataset.demo_holdings import Holdings
from finrec_core.dataset.demo_slips import connect, contract, finish, mistype, run_on
from finrec_core.dataset.demo_truth import Truth
from finrec_core.dataset.demo_voices import Scene, Voice, voice

STREAM = 54
SHARE = {0: 0.30, 1: 0.66, 2: 0.55, 3: 0.40, 4: 0.40, 5: 0.47}  # of interactions with a review, by stars
REMEMBERED = 300_000  # sentences that are not said again; beyond, memory matters more

# Moves: W w why (taste, category), L P C p praise (product, taste, category, without a point), S service,
# Q quibble, G T c complaint (product, taste, category), B bad service, Z M E closing (good, mixed, bad),
# X Y N one-liner (good, mixed, bad), O U opening (good, bad), * about the stars, D plus and minus,
# R a whole story.
SHAPES = {
    ("good", "terse"): "X L X P p X C L X LZ L p P C D X pX".split(),
    ("good", "plain"): "L p LC WL wL LZ pL PL R LQ wp WP CL Lp pP L R WLZ wC LP pS C LCQ D WPS LS wP pQ CP* Wp".split(),
    ("good", "chatty"): "WLCZ R OLpS wLPZ WLGZ R LPSp wCLQ R OLPZ pLZ wLSZ R WLPC OLQZ wpLZ R WLp".split(),
    ("good", "keen"): "LZ X WLZ LPZ OLP SLZ PZ R WLP pCS XL LP* wL pL".split(),
    ("good", "grumpy"): "LQ X OLQ wLQ PQ pQ R CQZ GL LG BL CQ OLG PQZ LQ".split(),
    ("mixed", "terse"): "Y G Y LG C Y M Y T p".split(),
    ("mixed", "plain"): "LG CQ WG pQM PG Gc R CG LB wG PcM LT Y R GM D WLG PG".split(),
    ("mixed", "chatty"): "WLGM wCGB R WPcM LCGM R wLQBM OLG WLBM R wPTM".split(),
    ("mixed", "keen"): "LG PG Y LBM R wLG CGM".split(),
    ("mixed", "grumpy"): "GB cM GM R UG TcM Y BG GcM D".split(),
    ("bad", "terse"): "N G c N GE N B T N".split(),
    ("bad", "plain"): "G GB R WG cE GE R BE UG wGE cB WTE wc R GcE TB G* wcE".split(),
    ("bad", "chatty"): "WGBE R wGcE UGBE R WTcE wcBE R UWGE wGTE R WcBGE".split(),
    ("bad", "keen"): "GE WG R UG cB N wGE".split(),
    ("bad", "grumpy"): "UGB GcE R GBE cBE R UG N TGE BcE GTcE".split(),
}
ELSE = {"W": "w", "L": "PC", "P": "C", "G": "c", "T": "c", "R": "pc"}  # stand-ins, in order
KINDS = {
    "S": "service_good", "Q": "quibble", "B": "service_bad", "Z": "close_good", "M": "close_mixed",
    "E": "close_bad", "X": "short_good", "Y": "short_mixed", "N": "short_bad", "O": "opening_good",
    "U": "opening_bad",
}  # fmt: skip
STARS = {2: "star_left", 4: "star_off", 5: "star_full"}
CLEAR = 0.3  # weaker tastes of a product are not talked about
SHORT = frozenset("ZMEXYNOU*")
PRAISE, BLAME = set("LPCpSXZ"), set("QGTcB")


class Writer:
    """Writes reviews one after the other; remembers what it said to whom and of which product."""

    def __init__(self, truth: Truth, seed: int) -> None:
        self._truth = truth
        self._dice = Dice(seed, STREAM)
        manners, tastes = read("manners"), read("tastes")
        blocks = {kind: manners[kind] for kind in (*KINDS.values(), *STARS.values())}
        for taste in TASTES:
            blocks |= {f"{part} {taste}": tastes[taste][part] for part in ("why", "praise", "gripe")}
        for name in (*CATEGORIES, "any"):
            told = read("categories").get(name, {}) | read("stories")[name]
            blocks |= {f"{part} {name}": lines for part, lines in told.items()}
        self._bags = {key: Bag(parse_lines(block), self._dice) for key, block in blocks.items()}
        catalogue = truth.catalogue
        for part, lines in (("likes", catalogue.likes), ("gripes", catalogue.gripes)):
            self._bags |= {f"{part} {row}": Bag(of_one, self._dice) for row, of_one in enumerate(lines)}
        self._plus = {taste: words(tastes[taste]["plus"]) for taste in TASTES}
        self._minus = words(manners["minus"])
        self._category = catalogue.table["category"].to_pylist()
        self._voices: dict[int, Voice] = {}
        self._said: set[str] = set()
        self._by_client: dict[int, set[Line]] = defaultdict(set)
        self._by_product: dict[int, set[Line]] = defaultdict(set)
        self._uses: Counter[Line] = Counter()
        self._written = 0
        self._last = ""

    def write(self, client: int, product: int, second: int, rating: int) -> str:
        """Return a review of a product by a client; `rating` 1 to 5, 0 where there is none."""
        dice = self._dice
        self._written += 1
        if client not in self._voices:
            self._voices[client] = voice(client, self._truth.people, dice)
        who = self._voices[client]
        mood = _mood(rating)
        scene = Scene(who, second, int(self._truth.catalogue.launched[product]), dice)
        taste = self._taste(client, product)
        shape = dice.pick(SHAPES[mood, who.tone])
        sentences: list[tuple[str, str]] = []
        for move in shape:
            if rating == 5 and move in BLAME - {"Q"}:
                continue
            text = self._move(move, client, product, rating, taste, scene, sentences)
            if text:
                sentences.append((move, text))
        if not sentences:  # all was said already
            key = {"good": "short_good", "mixed": "short_mixed", "bad": "short_bad"}[mood]
            line = self._bags[key].draw(lambda line: line.fits(who.tokens, scene.slots))
            sentences = [("X", expand(line.pieces, dice, scene.fill) if line else "ok")]
        return self._compose(sentences, who, rating)

    def _taste(self, client: int, product: int) -> str:
        """Return the taste that the review is about: one of the product's, weighted by the client's."""
        weight = self._truth.product_tastes[product] * (self._truth.client_tastes[client] + 0.08)
        weight = np.where(self._truth.product_tastes[product] > CLEAR, weight, 0.0)
        steps = np.cumsum(weight) / weight.sum() * 1_000_000
        return TASTES[int(np.searchsorted(steps, self._dice.roll(1_000_000), side="right"))]

    def _move(
        self,
        move: str,
        client: int,
        product: int,
        rating: int,
        taste: str,
        scene: Scene,
        before: list[tuple[str, str]],
    ) -> str:
        """Return the text of a move, "" where nothing fits."""
        if move == "D":
            return self._plus_and_minus(taste, scene)
        tokens = scene.voice.tokens | {self._category[product].lower()}
        opening = before[-1][1].split(" ", 1)[0] if before else self._last
        for candidate in (move, *ELSE.get(move, "")):
            most = self._written  # stories stick in a reader's mind, plain lines less so
            if candidate not in SHORT:
                most = 1 + self._written // (1000 if candidate == "R" else 250)
            bag = self._bags.get(self._key(candidate, product, rating, taste))
            if bag is None or not bag.lines:
                continue
            for fresh in (True, False):  # at first no line that this client or this product has had

                def allowed(line: Line, fresh: bool = fresh, most: int = most) -> bool:
                    used = line in self._by_client[client] or (fresh and line in self._by_product[product])
                    return not used and self._uses[line] < most and line.fits(tokens, scene.slots)

                for _ in range(4):
                    line = bag.draw(allowed)
                    if line is None:
                        break
                    text = expand(line.pieces, self._dice, scene.fill)
                    short = text.count(" ") < 3
                    if (short or text not in self._said) and text.split(" ", 1)[0] != opening:
                        self._remember(line, text, client, product)
                        return text
        return ""

    def _key(self, move: str, product: int, rating: int, taste: str) -> str:
        """Return the name of the bag that a move draws from."""
        category = self._category[product]
        if move in KINDS:
            return KINDS[move]
        if move == "R":
            return f"{_mood(rating)} {'any' if self._dice.chance(0.3) else category}"
        return {
            "W": f"why {taste}",
            "P": f"praise {taste}",
            "T": f"gripe {taste}",
            "w": f"why {category}",
            "C": f"like {category}",
            "p": f"plain {category}",
            "c": f"gripe {category}",
            "L": f"likes {product}",
            "G": f"gripes {product}",
            "*": STARS.get(rating, ""),
        }[move]

    def _remember(self, line: Line, text: str, client: int, product: int) -> None:
        """Note that this was said, so that it is not said again soon."""
        self._uses[line] += 1
        self._by_client[client].add(line)
        self._by_product[product].add(line)
        if len(self._said) < REMEMBERED:
            self._said.add(text)

    def _plus_and_minus(self, taste: str, scene: Scene) -> str:
        """Return a review in the form of two lists."""
        dice = self._dice
        good, bad = dice.pick(self._plus[taste]), dice.pick(self._minus)
        also = dice.pick(("clear papers", f"{scene.fill('adviser')}", "quick", "simple", "friendly people"))
        return dice.pick(
            (
                f"Plus: {good}, {also}. Minus: {bad}.",
                f"+ {good}\n+ {also}\n- {bad}",
                f"Good: {good}. Less good: {bad}.",
                f"Pros: {good}. Cons: {bad}.",
                f"Like: {good}. Don't like: {bad}. That's it.",
            )
        )

    def _compose(self, sentences: list[tuple[str, str]], who: Voice, rating: int) -> str:
        """Join the sentences as this writer would."""
        dice = self._dice
        text = sentences[0][1]
        self._last = text.split(" ", 1)[0]
        for (before, _), (move, sentence) in zip(sentences, sentences[1:], strict=False):
            if before in PRAISE and move in BLAME:
                text = f"{finish(text)} {connect(sentence, dice)}"
            elif before in PRAISE and move in PRAISE - {"Z"} and who.runs_on:
                text = run_on(text, sentence, dice)
            else:
                text = f"{finish(text)} {sentence}"
        one_liner = len(sentences) == 1 and sentences[0][0] in "XYN"
        if not one_liner:
            text = finish(text)
        text = text[0].upper() + text[1:] if not one_liner else text
        if who.contracts:
            text = contract(text)
        if who.tone == "keen" and rating >= 4 and text.endswith(".") and dice.chance(0.5):
            text = text[:-1] + "!"
        if who.lower:
            text = text.lower().rstrip(".")
        elif who.tone == "terse" and dice.chance(0.3):
            text = text.rstrip(".")
        if who.slips and dice.chance(0.6):
            text = mistype(text, dice)
        return text


def _mood(rating: int) -> str:
    """Return the mood of a review; one without stars is good."""
    return "bad" if 0 < rating < 3 else "mixed" if rating == 3 else "good"


def reviews(truth: Truth, holdings: Holdings, seed: int) -> Iterator[str | None]:
    """Yield a review or None for each holding, in order."""
    writer = Writer(truth, seed)
    rng = np.random.default_rng([seed, STREAM, 1])
    rows = zip(
        holdings.client.tolist(),
        holdings.product.tolist(),
        holdings.second.tolist(),
        holdings.rating.astype(int).tolist(),
        rng.random(len(holdings.client)).tolist(),
        strict=True,
    )
    for client, product, second, rating, chance in rows:
        yield writer.write(client, product, second, rating) if chance < SHARE[rating] else None
