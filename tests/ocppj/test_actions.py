"""The action tables: which there are, who sends them, and that they are those of the specifications."""

import pytest

from ocppj.actions import Sender, actions_of, reporting_actions
from ocppj.structs import WireStruct
from ocppj.versions import OcppVersion
from tests.support.schemas import message_schemas

V16, V201, V21 = OcppVersion.V16, OcppVersion.V201, OcppVersion.V21


@pytest.mark.parametrize(("version", "count"), [(V16, 39), (V201, 64), (V21, 91)])
def test_every_action_has_its_classes(version: OcppVersion, count: int) -> None:
    """By name, with the classes of its own version."""
    actions = actions_of(version)
    assert len(actions) == count
    assert list(actions) == sorted(actions)
    for name, action in actions.items():
        assert action.name == name
        assert action.request.__name__ == f"{name}Request"
        assert issubclass(action.request, WireStruct)
        if action.response is not None:
            assert action.response.__name__ == f"{name}Response"
            assert issubclass(action.response, WireStruct)


def test_tables_are_read_only_and_made_once() -> None:
    """Nobody adds an action at run time."""
    assert actions_of(V16) is actions_of(V16)
    with pytest.raises(TypeError):
        actions_of(V16)["Mine"] = actions_of(V16)["Heartbeat"]  # type: ignore[index] # the point


@pytest.mark.parametrize(
    ("version", "sender", "names"),
    [
        (
            V16,
            Sender.STATION,
            {"BootNotification", "StartTransaction", "SignCertificate"},
        ),
        (
            V16,
            Sender.CSMS,
            {"RemoteStartTransaction", "ExtendedTriggerMessage", "GetLog"},
        ),
        (V16, Sender.BOTH, {"DataTransfer"}),
        (V201, Sender.STATION, {"TransactionEvent", "NotifyReport", "Get15118EVCertificate", "NotifyEvent"}),
        (V201, Sender.CSMS, {"SetVariables", "GetBaseReport", "CertificateSigned", "CostUpdated"}),
        (V201, Sender.BOTH, {"DataTransfer"}),
        (V21, Sender.STATION, {"BatterySwap", "NotifyPeriodicEventStream", "PullDynamicScheduleUpdate"}),
        (V21, Sender.CSMS, {"SetDefaultTariff", "AFRRSignal", "NotifyWebPaymentStarted"}),
        (V21, Sender.BOTH, {"DataTransfer"}),
    ],
)
def test_who_sends_what(version: OcppVersion, sender: Sender, names: set[str]) -> None:
    """Samples of each side."""
    assert {actions_of(version)[name].sender for name in names} == {sender}


@pytest.mark.parametrize(("version", "from_station"), [(V16, 13), (V201, 24), (V21, 36)])
def test_each_action_has_a_sender(version: OcppVersion, from_station: int) -> None:
    """What no station sends, the central system does; only DataTransfer goes both ways."""
    senders = [action.sender for action in actions_of(version).values()]
    assert senders.count(Sender.STATION) == from_station
    assert senders.count(Sender.BOTH) == 1


def test_only_one_message_has_no_answer() -> None:
    """2.1's SEND."""
    silent = [(v, a.name) for v in OcppVersion for a in actions_of(v).values() if a.response is None]
    assert silent == [(V21, "NotifyPeriodicEventStream")]


def test_21_keeps_every_action_of_201() -> None:
    """With the same sender."""
    for name, action in actions_of(V201).items():
        assert actions_of(V21)[name].sender is action.sender


@pytest.mark.parametrize(("version", "count", "sends"), [(V16, 8, 0), (V201, 16, 0), (V21, 23, 1)])
def test_what_stations_report_is_what_no_answer_decides(version: OcppVersion, count: int, sends: int) -> None:
    """No field of the response is required by its schema, or there is no response; nothing that we send."""
    official = {str(each): each.official.get("required", []) for each in message_schemas()}
    found = reporting_actions(version)
    answered = {name for name in found if actions_of(version)[name].response is not None}
    assert (len(answered), len(found - answered)) == (count, sends)
    assert all(actions_of(version)[name].sender is not Sender.CSMS for name in found)
    for name, action in actions_of(version).items():
        if action.response is not None and action.sender is not Sender.CSMS:
            assert (name in found) is not bool(official[f"{version.label}-{name}Response"])
