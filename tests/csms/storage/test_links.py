"""The newest link of each station."""

from dataclasses import replace

from sqlalchemy import select

from csms.domain.links import LinkSecurity, LinkView
from csms.rules.rows import LinkClosedRow, LinkOpenedRow
from csms.rules.state import StoredLink
from csms.storage import links
from csms.storage.nodes import add_node
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
    newest = StoredLink(Epoch(8), is_open=True)
    assert await database.run_read(lambda c: links.load_links(c, [CP1, CP2])) == {CP1: newest}
    stored = await database.fetch_one(select(links_table))
    assert stored is not None
    assert (stored.peer, stored.security, stored.findings) == ("192.0.2.2", "unauthenticated", "f")
    assert stored.disconnected_at is None
    ended = [LinkClosedRow(CP1, Epoch(8), minutes(2), "killed")]
    assert await database.run_write(lambda c: links.end_left_links(c, minutes(2), "killed")) == ended
    assert await database.run_write(lambda c: links.end_left_links(c, minutes(3), "again")) == []
    stored = await database.fetch_one(select(links_table))
    assert stored is not None
    assert (stored.disconnected_at, stored.reason) == (minutes(2), "killed")
    gone = StoredLink(Epoch(8), is_open=False)
    assert await database.run_read(lambda c: links.load_links(c, [CP1])) == {CP1: gone}


async def test_a_link_is_its_node_s_until_that_is_gone(database: Database) -> None:
    """Only what belongs to no node that is there is ended."""
    there = replace(VIEW, station_id=CP2, epoch=Epoch(8), node="there")
    await database.run_write(
        lambda c: links.write_opened_links(
            c, [LinkOpenedRow(replace(VIEW, node="here")), LinkOpenedRow(there)]
        )
    )
    await database.run_write(lambda c: add_node(c, "there", 1, NOON, minutes(1)))
    assert await database.run_read(lambda c: links.open_links_of(c, "there")) == {CP2: 8}
    ended = [LinkClosedRow(CP1, Epoch(7), minutes(2), "killed")]
    assert await database.run_write(lambda c: links.end_left_links(c, minutes(2), "killed")) == ended
    assert await database.run_read(lambda c: links.open_links_of(c, "here")) == {}
    assert await database.run_read(lambda c: links.open_links_of(c, "there")) == {CP2: 8}
