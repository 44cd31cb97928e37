"""The newest link of each station."""

from dataclasses import replace

from sqlalchemy import select

from csms.domain.links import LinkSecurity, LinkView
from csms.rules.rows import LinkClosedRow, LinkOpenedRow
from csms.storage import (
    links,
)
from csms.storage.tables import links as links_table
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    Epoch,
)
from runtime.database import Database
from tests.support.inbound import CP1, CP2, NOON, minutes

VIEW = LinkView(
    CP1, Epoch(7), OcppVersion.V16, "192.0.2.1", LinkSecurity.UNAUTHENTICATED, NOON, NOON, None, ("f",)
)


async def test_the_newest_link_is_stored(database: Database) -> None:
    """A closing that names another epoch changes nothing."""
    newer = replace(VIEW, epoch=Epoch(8), peer="192.0.2.2")
    await database.run_write(
        lambda c: links.write_opened_links(c, [LinkOpenedRow(VIEW), LinkOpenedRow(newer)])
    )
    old = LinkClosedRow(CP1, Epoch(7), minutes(1), "old")
    await database.run_write(lambda c: links.write_closed_links(c, [old]))
    assert await database.run_read(lambda c: links.load_epochs(c, [CP1, CP2])) == {CP1: 8}
    stored = await database.fetch_one(select(links_table))
    assert stored is not None
    assert (stored.peer, stored.security, stored.findings) == ("192.0.2.2", "unauthenticated", "f")
    assert stored.disconnected_at is None
    assert await database.run_write(lambda c: links.close_all(c, minutes(2), "killed")) == 1
    assert await database.run_write(lambda c: links.close_all(c, minutes(3), "again")) == 0
    stored = await database.fetch_one(select(links_table))
    assert stored is not None
    assert (stored.disconnected_at, stored.reason) == (minutes(2), "killed")
