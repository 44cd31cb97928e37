"""The one history of the database: Alembic revisions, applied when the database is opened."""
