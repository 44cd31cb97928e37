"""The one history of the database: Alembic revisions, applied when the database is opened."""

MIGRATIONS = __name__
"""As `Database.open` and Alembic take it."""
