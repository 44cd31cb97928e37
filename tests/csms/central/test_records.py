"""What is stored, as the API reads it; the same behaviour as tests.support.central.MemoryRecords."""

from csms.domain.records import StationRecord, StationState, TransactionsWanted
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import Acknowledged
from ocppj.model.variables import NotifyReport, ReportedVariable
from ocppj.vocabulary import ConnectorStatus, IdToken, VariableRef
from runtime.audit import Act
from tests.support.both_databases import Place
from tests.support.inbound import CP1, CP2, NOON, minutes, stop16, values16
from tests.support.message_writer import desk

ACT = Act(CP2, NOON, "ann", "added")


async def test_stations_are_listed_by_id_and_added_once(place: Place) -> None:
    """With what was chosen for it, from then on."""
    async with desk(place) as at:
        records = at.central.records
        assert await records.add_station(StationRecord(CP2, admission="accept"), ACT)
        assert not await records.add_station(StationRecord(CP2, admission="refuse"), ACT)
        assert await records.add_station(StationRecord(CP1), ACT)
        assert await records.station_ids() == [CP1, CP2]
        assert await records.station_ids(CP1) == [CP2]
        assert await records.station_ids(limit=1) == [CP1]
        assert await records.station(CP2) == StationRecord(CP2, admission="accept")
        assert at.central.known.admission(CP2) == "accept"
        assert at.central.known.admission(CP1) is None
        assert [each.by for each in await records.audit(CP2)] == ["ann", "ann"]
    async with desk(place) as at:
        assert at.central.known.admission(CP2) == "accept"


async def test_transactions_and_their_samples(place: Place) -> None:
    """Newest first, with conditions; samples in order."""
    async with desk(place) as at:
        records = at.central.records
        await at.start("m1")
        await at.start("m2", evse_id=2, at=minutes(5), id_token=IdToken("Other"))
        for n in range(3):
            await at.submit(values16("1", 1000 + n, minutes(n)), f"v{n}", Acknowledged())
        await at.submit(stop16("1", 2000, minutes(9)), "m3")
        assert [each.transaction_id for each in await records.transactions()] == ["2", "1"]
        for wanted in (TransactionsWanted(is_open=True), TransactionsWanted(id_token="oTHER")):
            assert [each.transaction_id for each in await records.transactions(wanted)] == ["2"]
            assert await records.count_transactions(wanted) == 1
        assert await records.transactions(TransactionsWanted(station_id=CP2)) == []
        found = await records.samples(1)
        assert [each.sample.value for each in found] == [1000, 1001, 1002]
        assert found[0].received_at == NOON
        assert len(await records.samples(1, limit=1)) == 1


async def test_connectors_and_variables(place: Place) -> None:
    """As they were last reported."""
    async with desk(place) as at:
        records = at.central.records
        await at.submit(StatusNotification(1, 1, ConnectorStatus.FAULTED, "Faulted", NOON), "m1")
        variable = ReportedVariable(VariableRef("A", "B"), "1")
        await at.submit(NotifyReport(1, 0, is_last=True, variables=(variable,)), "m2")
        (connector,) = await records.connectors(CP1)
        assert await records.connectors(CP2) == []
        assert connector.status is ConnectorStatus.FAULTED
        assert [each.value for each in await records.variables(CP1)] == ["1"]
        assert await records.variables(CP1, after="b") == []
        await at.start("m3", at=minutes(1))
        await at.start("m4", evse_id=2, at=minutes(2))
        states = await records.states([CP1, CP2])
        assert states[CP2] == StationState()
        assert states[CP1].connectors == [connector]
        assert [each.transaction_id for each in states[CP1].open_ones] == ["2", "1"]
