"""The reminder: notes that are kept on a client, and follow-ups, which have a day.

Both are entries of the decision log, so the chain holds them, and an erasure takes what they say.
"""

from datetime import date

from finrec_core.advice.decision import Decision, DecisionError, noted


def note(client: str, text: str, *, client_name: str = "", run: str = "") -> Decision:
    """Return a note on a client; `run` is the model that was in use.

    Raises `DecisionError` where it says nothing, or too much.
    """
    said = _said(text, "Write what to note.")
    return Decision("note", client, "", run, "noted", said, client_name=client_name)


def follow_up(
    client: str,
    text: str,
    due: date | None,
    today: date,
    *,
    client_name: str = "",
    product: str = "",
    product_name: str = "",
    category: str = "",
    run: str = "",
) -> Decision:
    """Return what is to be done for a client on a day; raises `DecisionError` where it cannot be kept."""
    if due is None:
        raise DecisionError("Say on which day to follow up.")
    if due < today:
        raise DecisionError("The day of the follow-up lies in the past: choose today or a later one.")
    return Decision(
        kind="follow",
        reason="follow",
        note=_said(text, "Write what is to be done."),
        due=due,
        client=client,
        client_name=client_name,
        product=product,
        product_name=product_name,
        category=category,
        run=run,
    )


def _said(text: str, nothing: str) -> str:
    """Return what a reminder says; raises `DecisionError` with a sentence where it says nothing."""
    said = noted(text)
    if not said:
        raise DecisionError(nothing)
    return said
