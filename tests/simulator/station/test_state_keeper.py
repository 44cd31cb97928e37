"""What a station remembers: across power cuts, resets and processes."""

from pathlib import Path
from typing import Any

import pytest

from ocppj.vocabulary import VariableRef
from simulator.errors import StateFileError
from simulator.model.connector_states import ConnectorState
from simulator.model.stored_state import StateFile
from simulator.station.charging import TokenOutcome
from tests.simulator.connection.test_connection_manager import set_password
from tests.support.simulated import simulated

PASSWORD, NEW = "old password 0123", "new password 4567"
BOTH = pytest.mark.parametrize("template", ["ac-16", "ac-201"])


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    """Not there yet."""
    return StateFile(tmp_path / "state.json")


@BOTH
async def test_new_process_goes_on_where_the_old_one_ended(template: str, file: StateFile) -> None:
    """Register, settings, list, closing, password: all as it was; the transaction has ended meanwhile."""
    async with simulated(template, state_file=file, password=PASSWORD) as stage:
        await stage.boot()
        await set_password(stage, NEW)
        stage.station.variables.write(VariableRef("TxCtrlr", "EVConnectionTimeOut"), "7")
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.advance(60)
        energy_wh = stage.station.snapshot().evse().energy_wh
        await stage.ask("ChangeAvailability", _closed(template))
    kept = file.load("02B016000001")
    assert kept is not None
    assert (kept.was_accepted, len(kept.transactions)) == (True, 1)

    async with simulated(template, state_file=file, password=PASSWORD) as stage:
        await stage.boot()
        now = stage.station.snapshot()
        assert now.evse().energy_wh == pytest.approx(energy_wh)
        assert (now.evse().transaction_id, now.queued) == (None, 0)
        assert now.connector().state is ConnectorState.UNAVAILABLE
        assert stage.station.variables.text("TxCtrlr", "EVConnectionTimeOut") == "7"
        credentials = stage.door.upgrades[0].credentials
        assert credentials is not None
        assert credentials.password == NEW.encode()
        action = "StopTransaction" if template == "ac-16" else "TransactionEvent"
        (ended,) = stage.said(action)
        assert ended.timestamp.startswith("2026-01-05T12:01:00")


def _closed(template: str) -> dict[str, Any]:
    if template == "ac-16":
        return {"connectorId": 0, "type": "Inoperative"}
    return {"operationalStatus": "Inoperative"}


async def test_file_of_the_first_version_is_read(file: StateFile) -> None:
    """It lacks whatever a station has learned to keep since; a transaction in it ends as any other."""
    file.path.write_text(FIRST_VERSION, encoding="utf-8")
    async with simulated("ac-16", state_file=file) as stage:
        await stage.boot()
        (stop,) = stage.said("StopTransaction")
        assert (stop.transaction_id, stop.meter_stop, stop.reason) == (7, 1500, "PowerLoss")
        assert stop.timestamp.startswith("2026-01-05T11:30:00")
        assert stage.station.snapshot().evse().transaction_id is None
        variables = stage.station.variables
        assert variables.text("TxCtrlr", "EVConnectionTimeOut") == "7"
        assert variables.number("OCPPCommCtrlr", "MessageTimeout", 0, "Default") == 30  # read-only since


FIRST_VERSION = """{
  "station_id": "02B016000001", "format": 1,
  "variables": {"txctrlr.evconnectiontimeout": "7", "ocppcommctrlr.messagetimeout[default]": "5"},
  "previous_password": null, "was_accepted": true, "inoperative": [], "list_version": 1,
  "local_list": [{"value": "TAG1", "status": "Accepted", "group": null, "expires_at": null}],
  "cache": [{"value": "TAG2", "status": "Blocked", "group": null, "expires_at": null}],
  "registers_wh": [1500.0],
  "transactions": [{"transaction_id": "0b5a", "evse_id": 1, "connector_id": 1, "id_token": "TAG1",
    "id_token_type": "ISO14443", "group": null, "started_at": "2026-01-05T11:00:00Z", "start_wh": 1000.0,
    "remote_start_id": null, "csms_id": "7", "seq_no": 1}],
  "queue": [], "saved_at": "2026-01-05T11:30:00Z"
}"""
"""As 0.1.0 wrote it."""


async def test_messages_that_were_not_answered_are_sent_by_the_next_process(file: StateFile) -> None:
    """In order, with the ids they had."""
    async with simulated(state_file=file) as stage:
        await stage.boot()
        stage.station.drop_link()
        await stage.rest()
        stage.station.plug()
        stage.station._parts.variables.write(VariableRef("AuthCtrlr", "OfflineTxForUnknownIdEnabled"), "true")
        assert (await stage.station.present("TAG1")).outcome is TokenOutcome.STARTED
        stage.station.unplug()
    kept = file.load("02B016000001")
    assert kept is not None
    ids = [message.message_id for message in kept.queue]
    async with simulated(state_file=file) as stage:
        await stage.boot()
        assert [r.message_id for r in stage.requests if r.action.endswith("Transaction")] == ids
        assert stage.said("StopTransaction")[0].transaction_id == 7


async def test_changes_are_on_disk_a_second_later(file: StateFile) -> None:
    """A simulator that is killed has not lost more."""
    async with simulated(state_file=file) as stage:
        await stage.boot()
        await stage.advance(2)
        await stage.ask("ChangeConfiguration", {"key": "ConnectionTimeOut", "value": "9"})
        await stage.advance(1.1)
        kept = file.load("02B016000001")
        assert kept is not None
        assert kept.variables["txctrlr.evconnectiontimeout"] == "9"


async def test_disk_that_fails_later_is_trouble_not_the_end(file: StateFile) -> None:
    """The station goes on, and says so."""
    async with simulated(state_file=file) as stage:
        await stage.boot()
        await stage.advance(2)
        file.path.unlink()
        file.path.mkdir()
        stage.station.plug()
        await stage.advance(2)
        assert any("cannot write the state file" in text for text in stage.message_store)
        assert stage.station.snapshot().is_connected


async def test_disk_that_fails_at_once_is_the_end(tmp_path: Path) -> None:
    """Before the power is on: what cannot be kept should be known."""
    folder = tmp_path / "folder"
    async with simulated(state_file=StateFile(folder / "state.json"), is_running=False) as stage:
        folder.write_text("a file where the folder should be")
        with pytest.raises(StateFileError, match="cannot write"):
            await stage.station.run()


async def test_password_of_the_command_line_counts_until_another_is_kept(file: StateFile) -> None:
    """Also with a state file that has none."""
    async with simulated(state_file=file) as stage:
        await stage.boot()
    async with simulated(state_file=file, password=PASSWORD) as stage:
        await stage.boot()
        credentials = stage.door.upgrades[0].credentials
        assert credentials is not None
        assert credentials.password == PASSWORD.encode()


async def test_accepted_once_it_may_charge_offline_in_the_next_process(file: StateFile) -> None:
    """Its local list decides (1.6 §3.5.2)."""
    entry = {"idTag": "LISTED", "idTagInfo": {"status": "Accepted"}}
    listed = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": [entry]}
    async with simulated(state_file=file) as stage:
        await stage.boot()
        await stage.ask("SendLocalList", listed)
    async with simulated(state_file=file) as stage:
        stage.station.drop_link()
        await stage.advance(5)
        stage.station.plug()
        assert (await stage.station.present("LISTED")).outcome is TokenOutcome.STARTED


@BOTH
async def test_closed_station_is_closed_in_the_next_process(template: str, file: StateFile) -> None:
    """From the first status on (1.6 §5.2, 2.0.1 B11.FR.02)."""
    async with simulated(template, state_file=file) as stage:
        await stage.boot()
        await stage.ask("ChangeAvailability", _closed(template))
    async with simulated(template, state_file=file) as stage:
        assert stage.station.snapshot().connector().state is ConnectorState.UNAVAILABLE
        await stage.boot()
        word = "status" if template == "ac-16" else "connector_status"
        assert {getattr(message, word) for message in stage.said("StatusNotification")} == {"Unavailable"}
