"""What a station said: since when, what met an expectation, what came nearest."""

import json
from datetime import UTC, datetime

from ocppj.versions import OcppVersion
from simulator.scenario.conversation import Conversation, SeenEvent
from simulator.scenario.event_log import KEPT, EventLog
from simulator.scenario.wanted_patterns import wanted_of

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
BOOT = '[2,"b%d","BootNotification",{"chargePointVendor":"V%d","chargePointModel":"M"}]'
ANSWER = '[3,"b%d",{"status":"%s","currentTime":"2026-01-05T12:00:00Z","interval":%d}]'


def boots(*numbers: int, status: str = "Accepted") -> EventLog:
    """A feed that has seen these boots, answered."""
    event_log = EventLog(Conversation(OcppVersion.V16))
    for number in numbers:
        event_log.add("station", BOOT % (number, number), AT)
        event_log.add("csms", ANSWER % (number, status, number), AT)
    return event_log


def test_each_thing_meets_one_expectation() -> None:
    """The first that is free."""
    event_log = boots(1, 2)
    wanted = wanted_of({"event": "boot"})
    found = [event_log.claim(wanted) for _ in range(3)]
    assert [each.fields["vendor"] for each in found if isinstance(each, SeenEvent)] == ["V1", "V2"]
    assert found[2] is None
    assert event_log.find(wanted) is None
    frame = wanted_of({"call": "BootNotification"})
    assert event_log.find(frame) is event_log.claim(frame)


def test_the_mark_hides_what_came_before() -> None:
    """An event belongs to when it was sent: an answer after the mark does not make it new."""
    event_log = boots(1)
    event_log.add("station", BOOT % (2, 2), AT)
    event_log.set_mark()
    event_log.add("csms", ANSWER % (2, "Accepted", 2), AT)
    assert event_log.find(wanted_of({"event": "boot"})) is None
    assert event_log.find(wanted_of({"result": "BootNotification"})) is not None
    assert len(list(event_log.everything())) == 6


def test_the_nearest_has_the_fewest_differences_and_is_the_latest_of_those() -> None:
    """A thing of another kind is not near at all."""
    event_log = boots(1, 2, 3, status="Pending")
    miss = event_log.nearest(wanted_of({"event": "boot", "registration": "Accepted", "interval_s": 2}))
    assert miss is not None
    assert isinstance(miss.seen, SeenEvent)
    assert miss.seen.fields["vendor"] == "V2"
    assert [str(each) for each in miss.differences] == ['registration: expected "Accepted", found "Pending"']
    miss = event_log.nearest(wanted_of({"event": "boot", "registration": "Accepted"}))
    assert miss is not None
    assert isinstance(miss.seen, SeenEvent)
    assert miss.seen.fields["vendor"] == "V3"
    assert event_log.nearest(wanted_of({"event": "meter"})) is None
    assert event_log.nearest(wanted_of({"call": "BootNotification", "from": "csms"})) is None


def test_the_last_status_of_each_connector_is_kept() -> None:
    """However many came; one without a place is no status of anything."""
    event_log = EventLog(Conversation(OcppVersion.V16))
    for number, (connector, status) in enumerate([(1, "Available"), (2, "Faulted"), (1, "Charging")]):
        payload = f'{{"connectorId":{connector},"errorCode":"NoError","status":"{status}"}}'
        event_log.add("station", f'[2,"s{number}","StatusNotification",{payload}]', AT)
        event_log.add("csms", f'[3,"s{number}",{{}}]', AT)
    assert {place: event.fields["reported"] for place, event in event_log.statuses.items()} == {
        (1, 1): "Charging",
        (2, 1): "Faulted",
    }


def test_what_is_kept_is_bounded() -> None:
    """The oldest goes first; what the station said of itself stays known."""
    event_log = EventLog(Conversation(OcppVersion.V16))
    boot = {"chargePointVendor": "V", "chargePointModel": "M"}
    event_log.add("station", json.dumps([2, "b", "BootNotification", boot]), AT)
    event_log.add(
        "csms", '[3,"b",{"status":"Pending","currentTime":"2026-01-05T12:00:00Z","interval":9}]', AT
    )
    for _ in range(KEPT + 10):
        event_log.add("station", "[]", AT)
    assert len(list(event_log.everything())) == KEPT
    assert event_log.last_position == KEPT + 12
    assert event_log.last_boot is not None
    assert event_log.last_boot.fields["vendor"] == "V"


def test_whoever_listens_gets_every_frame() -> None:
    """However many are kept, in order, until it leaves."""
    event_log = EventLog(Conversation(OcppVersion.V16))
    heard: list[int] = []
    leave = event_log.listen(lambda frame: heard.append(frame.position))
    for _ in range(KEPT + 10):
        event_log.add("station", "[]", AT)
    leave()
    event_log.add("station", "[]", AT)
    assert heard == list(range(1, KEPT + 11))
