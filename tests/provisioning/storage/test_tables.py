"""The migration makes the tables that the code describes."""

from pathlib import Path

from alembic import command
from sqlalchemy import Connection, Table, inspect

from provisioning.storage import budget_tables, delivery_tables, preparation_tables, tables
from runtime.database import Database, metadata
from runtime.database.migration import migration_config

OWNERS = (tables, budget_tables, delivery_tables, preparation_tables)
OURS = [
    table
    for table in metadata.sorted_tables
    if table in [each for owner in OWNERS for each in vars(owner).values()]
]


def test_these_are_the_tables_of_provisioning() -> None:
    """The list that the tests below go through."""
    assert {table.name for table in OURS} == {
        "account_contacts",
        "account_set_ups",
        "activation_runs",
        "activation_steps",
        "power_up_certificates",
        "power_up_photo_parts",
        "power_up_photos",
        "power_up_runs",
        "adoptions",
        "assignments",
        "box_items",
        "entitlements",
        "shipped_boxes",
        "site_budgets",
        "certifications",
        "claim_keys",
        "guide_receipts",
        "prepared_products",
        "site_answers",
        "site_preparations",
        "site_signals",
        "claims",
        "device_names",
        "devices",
        "installers",
        "job_places",
        "jobs",
        "lifecycle_history",
        "orders",
        "pepper_checks",
        "places",
        "site_hours",
        "site_plans",
        "site_tokens",
        "sites",
        "tariffs",
    }


async def test_the_migration_makes_what_is_described(database: Database) -> None:
    """Columns with their nullability, keys, unique constraints and indexes."""
    for table in OURS:
        await database.run_read(lambda connection, table=table: _compare(connection, table))  # type: ignore[misc] # bound now


def _compare(connection: Connection, described: Table) -> None:
    found = inspect(connection)
    columns = {each["name"]: each["nullable"] for each in found.get_columns(described.name)}
    assert columns == {each.name: bool(each.nullable) for each in described.columns}
    key = found.get_pk_constraint(described.name)["constrained_columns"]
    assert key == [each.name for each in described.primary_key]
    indexes = {
        each["name"]: bool(each["unique"])
        for each in found.get_indexes(described.name)
        if "duplicates_constraint" not in each  # PostgreSQL lists those of its constraints too
    }
    assert indexes == {each.name: each.unique for each in described.indexes}
    foreign = {
        (tuple(each["constrained_columns"]), each["referred_table"])
        for each in found.get_foreign_keys(described.name)
    }
    assert foreign == {
        (tuple(c.name for c in each.columns), each.referred_table.name)
        for each in described.foreign_key_constraints
    }


async def test_the_migration_can_be_taken_back(tmp_path: Path) -> None:
    """And made again."""
    database = await Database.open(f"sqlite:///{tmp_path / 'a.db'}", migrations="borne.migrations")

    def down_and_up(connection: Connection) -> tuple[set[str], set[str]]:
        config = migration_config("borne.migrations")
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        down = set(inspect(connection).get_table_names())
        command.upgrade(config, "head")
        return down, set(inspect(connection).get_table_names())

    down, up = await database.run_write(down_and_up)
    await database.close()
    names = {table.name for table in OURS}
    assert not down & names
    assert names <= up
