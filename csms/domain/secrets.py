"""Which variables hold secrets: their values are neither stored nor told nor logged."""

from ocppj.vocabulary import VariableRef

SECRET_VARIABLES = frozenset({"basicauthpassword", "authorizationkey"})
"""Variables (2.x) and configuration keys (1.6), in lower case."""


def is_secret(ref: VariableRef) -> bool:
    """Whether the variable's value is a secret, whatever its component."""
    return ref.variable.lower() in SECRET_VARIABLES
