"""What is asked for where a test has one organisation only."""

from access.principals import DEFAULT, AccessScope

EVERYTHING = AccessScope(frozenset({DEFAULT}))
"""All there is where there is one organisation."""
