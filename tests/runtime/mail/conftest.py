"""As durable work is tested: on both databases, inline."""

from tests.runtime.work.conftest import database, place

__all__ = ["database", "place"]
