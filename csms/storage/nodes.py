"""Which processes share the database, and until when each can be taken for alive."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, delete, select, update

from csms.storage.node_tables import nodes
from runtime.database.rows import add_row


class Node(NamedTuple):
    """A process, and when its lease is over."""

    node: str
    lease_until: datetime


def add_node(connection: Connection, node: str, number: int, at: datetime, until: datetime) -> None:
    """It is there, unless another process goes by its name."""
    row = {"node": node, "number": number, "since": at, "lease_until": until}
    add_row(connection, nodes, row)


def extend_lease(connection: Connection, node: str, number: int, until: datetime) -> bool:
    """It is still there; False: its row is gone, or another process's."""
    ours = nodes.c.node == node, nodes.c.number == number
    return connection.execute(update(nodes).where(*ours).values(lease_until=until)).rowcount == 1


def all_nodes(connection: Connection) -> list[Node]:
    """All, by name."""
    query = select(nodes.c.node, nodes.c.lease_until).order_by(nodes.c.node)
    return [Node(row.node, row.lease_until) for row in connection.execute(query)]


def remove_node(connection: Connection, node: str) -> None:
    """It is gone; what it left open belongs to no node from now on."""
    connection.execute(delete(nodes).where(nodes.c.node == node))


def is_left(node: Column[str]) -> ColumnElement[bool]:
    """Whether what a node began belongs to none that is there."""
    return node.not_in(select(nodes.c.node))
