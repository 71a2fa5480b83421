"""The refusal: what somebody asked for is not theirs to do or to see."""


class AccessError(RuntimeError):
    """Something that a person may not do or see; the message says what, and who may."""
