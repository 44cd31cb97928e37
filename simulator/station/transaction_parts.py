"""What transactions are made of: the timers of an EVSE, and the token as memory keeps it."""

from ocppj.vocabulary import IdToken, IdTokenType

AFTER_FULL_S = 0.01
"""The car is looked at a moment after it is full, so that rounding leaves no last crumb."""
CRUMB_WH = 0.01
"""What rounding leaves."""
REFUSED_DUE = "refused"
"""Among an EVSE's timers: whoever was refused has had what they may have."""
FULL_DUE = "full"
"""Among an EVSE's timers: the car takes nothing more."""


def kept_token(value: str, type_text: str) -> IdToken:
    """The token again."""
    return IdToken(value, next((kind for kind in IdTokenType if kind.value == type_text), type_text))
