"""What a command of ours asks the station for, and what of it is secret, whatever the version calls it."""

import pytest

from csms.dialects.dialect import Dialect
from csms.dialects.v16 import V16
from csms.dialects.v201 import V21, V201
from csms.domain.secrets import secrets_in
from ocppj.model.remote_control import TriggerMessage
from ocppj.model.variables import SetVariables, VariableAssignment
from ocppj.translation import translation_for
from ocppj.vocabulary import TriggeredMessage, VariableRef

ALL = (V16, V201, V21)


@pytest.mark.parametrize("dialect", ALL)
def test_what_we_ask_for_is_invited(dialect: Dialect) -> None:
    """A triggered message is welcome before the station is accepted (B02.FR.09)."""
    [call] = translation_for(dialect.version).calls(TriggerMessage(TriggeredMessage.STATUS_NOTIFICATION))
    assert dialect.invited(call.action, call.payload) == ("StatusNotification",)
    assert dialect.invited("GetLog", {}) == ("LogStatusNotification",)
    assert dialect.invited("Reset", {}) == ()
    assert dialect.invited("ChangeAvailability", {})[0] == "StatusNotification"
    trigger = next(iter(dialect.triggers))
    assert dialect.invited(trigger, {"requestedMessage": "SignChargePointCertificate"}) == (
        "SignCertificate",
    )


@pytest.mark.parametrize("dialect", ALL)
def test_the_secret_of_a_command_is_found(dialect: Dialect) -> None:
    """So that it can be kept out of every log."""
    ref = VariableRef("SecurityCtrlr", "BasicAuthPassword")
    command = SetVariables((VariableAssignment(ref, "s3cret-s3cret-s3c", is_secret=True),))
    [call] = translation_for(dialect.version).calls(command)
    assert secrets_in(call.payload) == ("s3cret-s3cret-s3c",)
