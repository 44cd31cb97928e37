"""Lists for people: the database answers each question from an index that has the order asked for."""

from typing import Any

import pytest

from ocppj.vocabulary import StationId
from provisioning.storage import devices, orders, runs
from runtime.database import Database
from tests.support.inbound import NOON
from tests.support.plans import assert_is_indexed
from tests.support.scopes import EVERYTHING

ID = StationId("02b016000001")
AFTER = (NOON, "x")
READS = {
    "orders": lambda c: orders.load_orders(c, 100),
    "orders, next": lambda c: orders.load_orders(c, 100, AFTER),
    "count_orders": orders.count_orders,
    "find_order": lambda c: orders.find_order(c, "x"),
    "claims": lambda c: orders.load_claims(c, EVERYTHING, 100),
    "claims, next": lambda c: orders.load_claims(c, EVERYTHING, 100, AFTER),
    "failed_claims": lambda c: orders.failed_claims(c, target="x", account="y", since=NOON),
    "adoptions": lambda c: orders.load_adoptions(c, EVERYTHING, 100),
    "adoptions, next": lambda c: orders.load_adoptions(c, EVERYTHING, 100, AFTER),
    "installer_of": lambda c: orders.installer_of(c, "x"),
    "history": lambda c: runs.load_history(c, ID),
    "device_at": lambda c: devices.device_at(c, "x"),
}
"""What is loaded as a whole when the server starts is not among them."""


@pytest.mark.parametrize("name", READS)
async def test_every_list_has_its_index(database: Database, name: str) -> None:
    """No table is read as a whole, nothing is sorted."""
    read: Any = READS[name]
    await assert_is_indexed(database, read)
