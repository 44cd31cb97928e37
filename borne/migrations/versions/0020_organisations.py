"""Organisations, and who has which role in them; all there was before belongs to the one called default."""

import sqlalchemy as sa
from alembic import op

from runtime.database.schema import only_where

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OWNED = ("sites", "tariffs", "stations")
OF_OTHERS = sa.text("organisation_id != 'default'")


def upgrade() -> None:
    """Apply: people and programs keep their roles, as members of the default organisation."""
    op.create_table(
        "organisations",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("name", name=op.f("uq_organisations_name")),
    )
    op.create_table(
        "memberships",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.organisation_id"],
            name=op.f("fk_memberships_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("kind", "name", "organisation_id", "site_id", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_organisation", "memberships", ["organisation_id"])
    op.execute(
        "INSERT INTO organisations (organisation_id, name, created_at) VALUES ('default', 'default', 0)"
    )
    for table in _OWNED:  # no foreign key: on SQLite that would be a new table, and others refer to it
        op.add_column(
            table, sa.Column("organisation_id", sa.String(), nullable=False, server_default="default")
        )
    op.create_index(
        "ix_stations_organisation", "stations", ["organisation_id", "station_id"], **only_where(OF_OTHERS)
    )
    for kind, table in (("person", "people"), ("program", "api_tokens")):
        op.execute(
            "INSERT INTO memberships (kind, name, organisation_id, site_id, role)"  # noqa: S608 - our own names
            f" SELECT '{kind}', name, 'default', '', role FROM {table}"
        )
        with op.batch_alter_table(table) as changed:
            changed.drop_column("role")


def downgrade() -> None:
    """Take back; who had no role in the default organisation may look."""
    for kind, table in (("person", "people"), ("program", "api_tokens")):
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column("role", sa.String(), nullable=False, server_default="viewer"))
        op.execute(
            f"UPDATE {table} SET role = coalesce((SELECT m.role FROM memberships m WHERE m.kind = '{kind}'"  # noqa: S608
            f" AND m.name = {table}.name AND m.organisation_id = 'default' AND m.site_id = ''), 'viewer')"
        )
        with op.batch_alter_table(table) as changed:
            changed.alter_column("role", server_default=None)
    op.drop_index("ix_stations_organisation", table_name="stations")
    for table in _OWNED:
        op.drop_column(table, "organisation_id")
    op.drop_index("ix_memberships_organisation", table_name="memberships")
    op.drop_table("memberships")
    op.drop_table("organisations")
