"""The processes that share a database, each with its lease."""

from csms.storage.nodes import Node, add_node, all_nodes, extend_lease, remove_node
from runtime.database import Database
from tests.support.inbound import NOON, minutes


async def test_a_node_is_there_until_its_lease_is_over_or_it_goes(database: Database) -> None:
    """Put off by itself alone: another process of the same name has another number."""
    await database.run_write(lambda c: add_node(c, "here", 1, NOON, minutes(1)))
    await database.run_write(lambda c: add_node(c, "there", 2, NOON, minutes(2)))
    await database.run_write(lambda c: add_node(c, "here", 3, NOON, minutes(9)))  # the name is taken
    assert await database.run_read(all_nodes) == [Node("here", minutes(1)), Node("there", minutes(2))]
    assert await database.run_write(lambda c: extend_lease(c, "here", 1, minutes(3))) is True
    assert await database.run_write(lambda c: extend_lease(c, "here", 3, minutes(9))) is False
    assert await database.run_read(all_nodes) == [Node("here", minutes(3)), Node("there", minutes(2))]
    await database.run_write(lambda c: remove_node(c, "here"))
    assert await database.run_read(all_nodes) == [Node("there", minutes(2))]
    assert await database.run_write(lambda c: extend_lease(c, "here", 1, minutes(4))) is False
