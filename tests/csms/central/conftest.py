"""The central half on both databases: `place` is where one is, for tests that open it more than once."""

from tests.support.both_databases import place

__all__ = ["place"]
