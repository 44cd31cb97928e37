"""What a version cannot say is refused before the wire, with the field's name; nothing is cut or dropped."""

import pytest

from ocppj.command_check import refusal
from ocppj.model.availability import ChangeAvailability
from ocppj.model.boot import Reset
from ocppj.model.command import Command
from ocppj.model.data_transfer import TransferData
from ocppj.model.local_list import SendLocalList
from ocppj.model.remote_control import RemoteStart, RemoteStop, TriggerMessage, UnlockConnector
from ocppj.model.variables import GetBaseReport, GetVariables, SetVariables, VariableAssignment
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Availability, IdToken, LocalListEntry, ResetKind, TriggeredMessage, VariableRef

V16, V201, V21 = OcppVersion
KEY = VariableRef("ConfigurationKey", "K" * 51)
TIMER = VariableRef("TxCtrlr", "EVConnectionTimeOut")

REFUSED: list[tuple[OcppVersion, Command, str]] = [
    # a length: the same text is short enough for another version
    (V16, RemoteStart(IdToken("T" * 21), 1), "id_token"),
    (V16, SetVariables((VariableAssignment(TIMER, "9" * 501),)), "value"),
    (V16, GetVariables((KEY,)), "variable"),
    (V16, SendLocalList(1, entries=(LocalListEntry(IdToken("T" * 21), None),)), "id_token"),
    (V201, SetVariables((VariableAssignment(TIMER, "9" * 1001),)), "value"),
    (V201, RemoteStart(IdToken("T" * 37), 1), "id_token"),
    (V201, RemoteStop("t" * 37), "transaction_id"),
    (V16, TransferData("acme", "m" * 51), "message_id"),
    # a value
    (V201, RemoteStart(IdToken("T", "Acme"), 1), "id_token_type"),
    (V16, TriggerMessage(TriggeredMessage.TRANSACTION_EVENT), "message"),
    (V201, TriggerMessage("Weather"), "message"),
    (V16, RemoteStop("tx-1"), "transaction_id"),
    (V21, RemoteStart(IdToken("T"), 1, 0), "evse_id"),
    (V16, Reset(ResetKind.IMMEDIATE_AND_RESUME), "kind"),
    (V201, Reset(ResetKind.IMMEDIATE_AND_RESUME), "kind"),
    # a field
    (V16, Reset(evse_id=1), "evse_id"),
    (V16, ChangeAvailability(Availability.OPERATIVE, 1, 2), "connector_id"),
    (V16, UnlockConnector(1, 2), "connector_id"),
    (V16, TriggerMessage(TriggeredMessage.STATUS_NOTIFICATION, 1, 2), "connector_id"),
    (V16, GetVariables((TIMER,), ("Target",)), "attribute"),
    (V201, ChangeAvailability(Availability.OPERATIVE, 0, 1), "connector_id"),
    # a part that the version requires
    (V201, RemoteStart(IdToken("T"), None), "remote_start_id"),
    (V201, TriggerMessage(TriggeredMessage.STATUS_NOTIFICATION), "evse_id"),
    (V201, SetVariables(()), "variables"),
    # all of it
    (V16, GetBaseReport(1), "GetBaseReport"),
]


@pytest.mark.parametrize(("version", "command", "named"), REFUSED, ids=repr)
def test_the_field_is_named(version: OcppVersion, command: Command, named: str) -> None:
    """In our words, whatever the wire calls it."""
    assert named in (refusal(version, command) or "")


@pytest.mark.parametrize(
    ("version", "command"),
    [
        (V201, RemoteStart(IdToken("T" * 36), 1)),
        (V21, RemoteStart(IdToken("T" * 255), 1)),
        (V21, RemoteStart(IdToken("T", "Acme"), 1)),
        (V21, SetVariables((VariableAssignment(TIMER, "9" * 2500),))),
        (V16, UnlockConnector(2)),
        (V16, UnlockConnector(99)),  # the station judges that
        (V16, ChangeAvailability(Availability.OPERATIVE, 0, 0)),
    ],
    ids=repr,
)
def test_what_it_can_say_is_not_refused(version: OcppVersion, command: Command) -> None:
    """2.1 takes longer texts and words of operators."""
    assert refusal(version, command) is None


def test_no_secret_is_repeated() -> None:
    """The value stays out of the reason."""
    secret = "hunter2" * 100
    assert "hunter2" not in str(refusal(V16, SetVariables((VariableAssignment(TIMER, secret),))))
