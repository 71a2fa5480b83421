"""The verb of a dataset, as sentences bend it: "has" and "have", "listens to" and "listen to"."""


def plural(verb: str) -> str:
    """Return a dataset's verb for several people: "have" for "has", "listen to" for "listens to"."""
    first, _, rest = verb.partition(" ")
    irregular = {"has": "have", "is": "are", "was": "were", "does": "do", "goes": "go"}
    if first in irregular:
        first = irregular[first]
    elif first.endswith("ies") and len(first) > 4:
        first = f"{first[:-3]}y"
    elif first.endswith(("ches", "shes", "sses", "xes", "zzes")):
        first = first[:-2]
    elif first.endswith("s") and not first.endswith("ss"):
        first = first[:-1]
    return f"{first} {rest}".strip()
