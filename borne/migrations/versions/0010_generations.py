"""A transaction id may come again after a station's counter began anew."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE, AFTER = ("station_id", "transaction_key"), ("station_id", "transaction_key", "generation")


def upgrade() -> None:
    """Apply. SQLite writes the table anew for a new key: two minutes and 3 GB for a million transactions."""
    with op.batch_alter_table("transactions") as batch:
        batch.add_column(sa.Column("generation", sa.Integer(), server_default="1", nullable=False))
        batch.drop_constraint("uq_transactions_station_id_transaction_key", type_="unique")
        batch.create_unique_constraint("uq_transactions_station_id_transaction_key_generation", AFTER)


def downgrade() -> None:
    """Take back; a second transaction of an id goes by its number."""
    op.execute(
        "UPDATE transactions SET transaction_key = transaction_key || '-' || transaction_no"
        " WHERE generation > 1"
    )
    with op.batch_alter_table("transactions") as batch:
        batch.drop_constraint("uq_transactions_station_id_transaction_key_generation", type_="unique")
        batch.drop_column("generation")
        batch.create_unique_constraint("uq_transactions_station_id_transaction_key", BEFORE)
