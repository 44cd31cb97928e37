"""What is stored is the same on both databases: every test here runs on SQLite and on PostgreSQL."""

from tests.support.both_databases import database

__all__ = ["database"]
