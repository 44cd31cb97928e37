"""What 2.1 says and 2.0.1 cannot is refused before the wire, by the field's name; one case of each kind."""

from datetime import UTC, datetime

import pytest

from ocppj.codec import codec_for
from ocppj.command_check import refusal
from ocppj.errors import InvalidMessageError
from ocppj.model.command import Command
from ocppj.model.remote_control import RemoteStart, TriggerMessage
from ocppj.model.reservations import ReserveNow
from ocppj.versions import OcppVersion
from ocppj.vocabulary import IdToken, IdTokenType
from tools.version_differences import Difference, Kind, differences

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
LONG = IdToken("x" * 37, IdTokenType.CENTRAL)


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (RemoteStart(LONG, 1), Kind.LONGER_TEXT, "id_token"),
        (ReserveNow(1, LONG, NOON, 1), Kind.LONGER_TEXT, "id_token"),
        (RemoteStart(IdToken("x", "VIN"), 1), Kind.WIDER_ENUMERATION, "id_token_type"),
        (TriggerMessage("CustomTrigger", custom_trigger="SelfTest"), Kind.WIDER_ENUMERATION, "message"),
    ],
    ids=str,
)
def test_a_command_that_only_2_1_can_say_names_its_field(command: Command, kind: Kind, field: str) -> None:
    """2.1 sends it; to a 2.0.1 station nothing is sent."""
    assert refusal(OcppVersion.V21, command) is None
    reason = refusal(OcppVersion.V201, command)
    assert reason is not None
    assert reason.startswith(f"OCPP 2.0.1 cannot say {field}: ")
    assert kind in {each.kind for each in differences()}


TRIGGER = {"requestedMessage": "StatusNotification", "evse": {"id": 1, "connectorId": 1}}
PERIOD = {"startPeriod": 0}
SCHEDULE = {"id": 1, "chargingRateUnit": "W", "chargingSchedulePeriod": [PERIOD]}
PROFILE = {
    "id": 1,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Absolute",
    "chargingSchedule": [SCHEDULE],
}


@pytest.mark.parametrize(
    ("action", "payload", "kind", "field"),
    [
        ("TriggerMessage", {**TRIGGER, "customTrigger": "dance"}, Kind.NEW_FIELD, "customTrigger"),
        ("SetChargingProfile", {"evseId": 1, "chargingProfile": PROFILE}, Kind.REQUIRED, "limit"),
        (
            "GetLog",
            {"requestId": 1, "logType": "DataCollectorLog", "log": {"remoteLocation": "ftp://x"}},
            Kind.WIDER_ENUMERATION,
            "logType",
        ),
    ],
)
def test_a_raw_call_that_only_2_1_can_say_names_its_field(
    action: str, payload: dict[str, object], kind: Kind, field: str
) -> None:
    """New fields, and what 2.0.1 requires: the schema of its own version refuses it."""
    with pytest.raises(InvalidMessageError) as refused:
        codec_for(OcppVersion.V201).encode_request(action, payload)
    assert field in str(refused.value)
    rows = [each for each in differences() if each.message == f"{action}Request" and each.kind is kind]
    assert any(field in each.path for each in rows)


def test_the_table_has_what_is_known() -> None:
    """One row of each kind, and none of what 2.0.1 has and 2.1 lacks."""
    found = differences()
    assert Difference("TriggerMessageRequest", "customTrigger", Kind.NEW_FIELD, "–", "string") in found
    kinds = {each.kind for each in found}
    assert kinds == set(Kind) - {Kind.NEWLY_REQUIRED}
