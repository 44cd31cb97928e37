"""Bodies are made of the commands' own arguments: what people write is what the model means."""

from typing import Any

import pytest
from pydantic import ValidationError

from csms.api.bodies import BODIES
from ocppj.model.authorization import ClearCache
from ocppj.model.availability import ChangeAvailability
from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command
from ocppj.model.local_list import SendLocalList
from ocppj.model.remote_control import RemoteStart, TriggerMessage
from ocppj.model.variables import (
    GetBaseReport,
    GetReport,
    GetVariables,
    SetVariables,
    VariableAssignment,
    VariablePattern,
)
from ocppj.vocabulary import (
    AuthorizationStatus,
    Availability,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    LocalListEntry,
    TriggeredMessage,
    VariableRef,
)
from tests.support.inbound import NOON

MADE_UP = 77


def meant(name: str, body: dict[str, Any]) -> Command:
    """The command of a body as it comes in JSON."""
    return BODIES[name].model_validate(body).command(lambda: MADE_UP)


@pytest.mark.parametrize(
    ("name", "body", "command"),
    [
        ("clear-cache", {}, ClearCache()),
        (
            "change-availability",
            {"availability": "Inoperative", "evse_id": 1},
            ChangeAvailability(Availability.INOPERATIVE, 1),
        ),
        ("trigger-message", {"message": "Heartbeat"}, TriggerMessage(TriggeredMessage.HEARTBEAT)),
        ("remote-start", {"id_token": "AA"}, RemoteStart(IdToken("AA"), MADE_UP)),
        (
            "remote-start",
            {"id_token": "AA", "id_token_type": "eMAID", "remote_start_id": 0, "evse_id": 2},
            RemoteStart(IdToken("AA", IdTokenType.EMAID), 0, 2),
        ),
        ("get-base-report", {}, GetBaseReport(MADE_UP)),
        ("get-base-report", {"request_id": 5}, GetBaseReport(5)),
        ("get-variables", {}, GetVariables()),
        (
            "get-variables",
            {"variables": [{"variable": "K"}]},
            GetVariables((VariableRef("ConfigurationKey", "K"),)),
        ),
        (
            "set-variables",
            {
                "variables": [
                    {"component": "C", "variable": "V", "evse_id": 1, "value": "1", "is_secret": True}
                ]
            },
            SetVariables((VariableAssignment(VariableRef("C", "V", evse_id=1), "1", is_secret=True),)),
        ),
        (
            "get-variables",
            {"variables": [{"component": "C", "variable": "V"}], "attributes": ["MaxSet"]},
            GetVariables((VariableRef("C", "V"),), ("MaxSet",)),
        ),
        (
            "set-variables",
            {"variables": [{"component": "C", "variable": "V", "value": "1", "attribute": "Target"}]},
            SetVariables((VariableAssignment(VariableRef("C", "V"), "1", attribute="Target"),)),
        ),
        (
            "get-report",
            {"request_id": 4, "criteria": ["Problem"], "variables": [{"component": "C", "evse_id": 1}]},
            GetReport(4, ("Problem",), (VariablePattern("C", evse_id=1),)),
        ),
        (
            "send-local-list",
            {
                "version": 3,
                "entries": [
                    {"id_token": "AA", "group_id_token": "G", "expires_at": "2026-05-01T14:00:00+02:00"},
                    {"id_token": "BB", "status": None},
                ],
            },
            SendLocalList(
                3,
                entries=(
                    LocalListEntry(IdToken("AA"), IdTokenInfo(AuthorizationStatus.ACCEPTED, "G", NOON)),
                    LocalListEntry(IdToken("BB"), None),
                ),
            ),
        ),
    ],
)
def test_a_body_means_a_command(name: str, body: dict[str, Any], command: Command) -> None:
    """Value types are written as people write them; numbers that nobody gave are made up."""
    assert meant(name, body) == command


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("clear-cache", {"evse_id": 1}),
        ("clear-cache", {"timeout_s": 0}),
        ("remote-start", {"id_token": ""}),
        ("remote-start", {"id_token": "x" * 37}),
        ("remote-start", {"id_token": "x", "evse_id": -1}),
        ("trigger-message", {"message": "Weather"}),  # a station may send any word, people may not
        ("get-variables", {"attributes": ["Limit"]}),
        ("get-base-report", {"report_base": "Everything"}),
        ("get-report", {"criteria": ["Broken"]}),
        ("get-report", {"variables": [{"variable": "V"}]}),
        ("set-variables", {"variables": []}),
        (
            "send-local-list",
            {"version": 1, "entries": [{"id_token": "A", "expires_at": "2026-01-05T12:00:00"}]},
        ),
    ],
)
def test_what_breaks_a_bound_is_refused(name: str, body: dict[str, Any]) -> None:
    """The bounds are those of the model's fields."""
    with pytest.raises(ValidationError):
        meant(name, body)


def test_every_command_has_a_body_with_its_own_words() -> None:
    """Its text is the command's."""
    assert BODIES.keys() == COMMANDS.keys()
    for name, body in BODIES.items():
        assert body.__doc__ == COMMANDS[name].__doc__
        assert "timeout_s" in body.model_fields
