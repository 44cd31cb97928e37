"""What a command of ours asks the station for, and what of it is secret, whatever the version calls it."""

import pytest

from csms.domain.secrets import secrets_in
from csms.gateway.reception import RECEPTIONS, Reception
from ocppj.model.remote_control import TriggerMessage
from ocppj.model.variables import SetVariables, VariableAssignment
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import TriggeredMessage, VariableRef

ALL = tuple(RECEPTIONS.values())


@pytest.mark.parametrize("reception", ALL)
def test_what_we_ask_for_is_invited(reception: Reception) -> None:
    """A triggered message is welcome before the station is accepted (B02.FR.09)."""
    [call] = translation_for(reception.version).calls(TriggerMessage(TriggeredMessage.STATUS_NOTIFICATION))
    assert reception.expected_before_accept(call.action, call.payload) == ("StatusNotification",)
    assert "LogStatusNotification" in reception.expected_before_accept("GetLog", {})
    assert "FirmwareStatusNotification" in reception.expected_before_accept("UpdateFirmware", {})
    is_old = reception.version is OcppVersion.V16
    published = () if is_old else ("PublishFirmwareStatusNotification",)
    assert reception.expected_before_accept("PublishFirmware", {}) == published
    assert reception.expected_before_accept("Reset", {}) == ()
    assert reception.expected_before_accept("ChangeAvailability", {})[0] == "StatusNotification"
    trigger = next(iter(reception.triggers))
    assert reception.expected_before_accept(trigger, {"requestedMessage": "SignChargePointCertificate"}) == (
        "SignCertificate",
    )


@pytest.mark.parametrize("reception", ALL)
def test_the_secret_of_a_command_is_found(reception: Reception) -> None:
    """So that it can be kept out of every log."""
    ref = VariableRef("SecurityCtrlr", "BasicAuthPassword")
    command = SetVariables((VariableAssignment(ref, "s3cret-s3cret-s3c", is_secret=True),))
    [call] = translation_for(reception.version).calls(command)
    assert secrets_in(call.payload) == ("s3cret-s3cret-s3c",)
