"""A command has its row before it is sent, and its end before anybody is told (architecture §4.15)."""

import asyncio

from csms.domain.commands import Outcome
from csms.domain.links import LinkSecurity, LinkView
from csms.errors import MessageNotStored, StorageUnavailable
from ocppj.model.boot import Reset
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch, StationId
from runtime.errors import DatabaseUnreachable
from runtime.wording import Phrase
from tests.support.gateway import GatewaySite
from tests.support.inbound import NOON
from tests.support.waiting import until

CP1 = StationId("cp1")


def link_of(node: str, epoch: int) -> LinkView:
    """A link of CP1 that another node holds."""
    security = LinkSecurity.BASIC_AUTH
    return LinkView(CP1, Epoch(epoch), OcppVersion.V16, "p", security, NOON, NOON, None, node=node)


async def test_nothing_is_sent_before_its_row_is_durable(site: GatewaySite) -> None:
    """A kill in between leaves no command that nobody knows of."""
    async with site.station(answers={"Reset": {"status": "Accepted"}}) as station:
        site.commands.is_held = True
        asked = asyncio.create_task(site.gateway.send(CP1, Reset()))
        await until(lambda: site.commands.sent)
        assert (await station.ask("Heartbeat"))["currentTime"]  # whatever had been sent would have come first
        assert not station.asked
        site.commands.release()
        assert (await asked).outcome is Outcome.RESULT
    assert [frame[2] for frame in station.asked] == ["Reset"]


async def test_nobody_is_told_of_an_end_before_it_is_durable(site: GatewaySite) -> None:
    """What the API has answered is in the database, whatever happens next."""
    async with site.station(answers={"Reset": None}) as station:
        asked = asyncio.create_task(site.gateway.send(CP1, Reset()))
        await station.until_asked("Reset")
        site.commands.is_held = True
        await station.ws.close()
        await until(lambda: site.commands.finished)
        assert not asked.done()
        site.commands.release()
        assert (await asked).outcome is Outcome.UNKNOWN


async def test_a_command_whose_row_cannot_be_stored_is_not_sent(site: GatewaySite) -> None:
    """Who asked is told why; the station and its neighbours notice nothing."""
    async with site.station(answers={"Reset": {"status": "Accepted"}}) as station:
        site.commands.error = MessageNotStored("the disk is full")
        outcome = await site.gateway.send(CP1, Reset())
        assert outcome.outcome is Outcome.BUSY
        assert outcome.error_description == "not sent, because nothing can be stored now: the disk is full"
        assert not site.gateway.turns_away
        site.commands.error = None
        assert (await site.gateway.send(CP1, Reset())).is_accepted
    assert len(station.asked) == 1


async def test_who_asks_a_station_of_another_node_is_told_which(site: GatewaySite) -> None:
    """Never that it is offline. What is here of an older link of it ends."""
    site.whereabouts.links[CP1] = link_of("there", 7)
    outcomes = [await site.gateway.send(CP1, Reset())]
    async with site.station(answers={"Reset": {"status": "Accepted"}}) as station:
        outcomes.append(await site.gateway.call(CP1, "Reset", {"type": "Soft"}))
        assert (await station.until_closed())[0] == 4000
    assert [each.outcome for each in outcomes] == [Outcome.ELSEWHERE] * 2
    assert not any(each.may_be_done for each in outcomes)
    said = "the station is connected to node there: ask it there, at that server's API"
    assert {each.error_description for each in outcomes} == {said}
    assert not station.asked
    site.whereabouts.links[CP1] = link_of("there", 1)
    async with site.station(answers={"Reset": {"status": "Accepted"}}):  # it is back here
        assert (await site.gateway.send(CP1, Reset())).outcome is Outcome.RESULT
    site.whereabouts.links.clear()
    assert (await site.gateway.send(CP1, Reset())).outcome is Outcome.OFFLINE


async def test_a_station_is_not_called_offline_where_nobody_can_look(site: GatewaySite) -> None:
    """The database does not answer: nothing is sent, and nothing is claimed."""
    site.whereabouts.error = DatabaseUnreachable(Phrase("pas de serveur", "no server"))
    outcome = await site.gateway.send(CP1, Reset())
    assert outcome.outcome is Outcome.BUSY
    assert outcome.error_description == "not sent, because nobody can tell where the station is: no server"


async def test_an_end_that_cannot_be_stored_is_unknown(site: GatewaySite) -> None:
    """The row says so too, once the server starts again."""
    async with site.station(answers={"Reset": None}) as station:
        asked = asyncio.create_task(site.gateway.send(CP1, Reset()))
        await station.until_asked("Reset")
        site.commands.error = StorageUnavailable("the disk is full")
        await station.ws.close()
        outcome = await asked
    assert outcome.outcome is Outcome.UNKNOWN
    assert outcome.error_description == "the station was asked, but what came of it cannot be stored now"
    assert not site.commands.finished
