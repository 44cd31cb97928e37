"""Who is let in is asked of both databases."""

from tests.support.both_databases import database

__all__ = ["database"]
