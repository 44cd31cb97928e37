"""What a station said: since when, what met an expectation, what came nearest."""

from datetime import UTC, datetime

from ocppj.versions import OcppVersion
from simulator.scenario.conversation import Conversation, SeenEvent
from simulator.scenario.feed import KEPT, Feed
from simulator.scenario.patterning import wanted_of

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
BOOT = '[2,"b%d","BootNotification",{"chargePointVendor":"V%d","chargePointModel":"M"}]'
ANSWER = '[3,"b%d",{"status":"%s","currentTime":"2026-01-05T12:00:00Z","interval":%d}]'


def boots(*numbers: int, status: str = "Accepted") -> Feed:
    """A feed that has seen these boots, answered."""
    feed = Feed(Conversation(OcppVersion.V16))
    for number in numbers:
        feed.add("station", BOOT % (number, number), AT)
        feed.add("csms", ANSWER % (number, status, number), AT)
    return feed


def test_each_thing_meets_one_expectation() -> None:
    """The first that is free."""
    feed = boots(1, 2)
    wanted = wanted_of({"event": "boot"})
    found = [feed.take(wanted) for _ in range(3)]
    assert [each.fields["vendor"] for each in found if isinstance(each, SeenEvent)] == ["V1", "V2"]
    assert found[2] is None
    assert feed.find(wanted) is None
    frame = wanted_of({"call": "BootNotification"})
    assert feed.find(frame) is feed.take(frame)


def test_the_mark_hides_what_came_before() -> None:
    """An event belongs to when it was sent: an answer after the mark does not make it new."""
    feed = boots(1)
    feed.add("station", BOOT % (2, 2), AT)
    feed.set_mark()
    feed.add("csms", ANSWER % (2, "Accepted", 2), AT)
    assert feed.find(wanted_of({"event": "boot"})) is None
    assert feed.find(wanted_of({"result": "BootNotification"})) is not None
    assert len(list(feed.everything())) == 6


def test_the_nearest_has_the_fewest_differences_and_is_the_latest_of_those() -> None:
    """A thing of another kind is not near at all."""
    feed = boots(1, 2, 3, status="Pending")
    miss = feed.nearest(wanted_of({"event": "boot", "registration": "Accepted", "interval_s": 2}))
    assert miss is not None
    assert isinstance(miss.seen, SeenEvent)
    assert miss.seen.fields["vendor"] == "V2"
    assert [str(each) for each in miss.differences] == ['registration: expected "Accepted", found "Pending"']
    miss = feed.nearest(wanted_of({"event": "boot", "registration": "Accepted"}))
    assert miss is not None
    assert isinstance(miss.seen, SeenEvent)
    assert miss.seen.fields["vendor"] == "V3"
    assert feed.nearest(wanted_of({"event": "meter"})) is None
    assert feed.nearest(wanted_of({"call": "BootNotification", "from": "csms"})) is None


def test_the_last_status_of_each_connector_is_kept() -> None:
    """However many came; one without a place is no status of anything."""
    feed = Feed(Conversation(OcppVersion.V16))
    for number, (connector, status) in enumerate([(1, "Available"), (2, "Faulted"), (1, "Charging")]):
        payload = f'{{"connectorId":{connector},"errorCode":"NoError","status":"{status}"}}'
        feed.add("station", f'[2,"s{number}","StatusNotification",{payload}]', AT)
        feed.add("csms", f'[3,"s{number}",{{}}]', AT)
    assert {place: event.fields["reported"] for place, event in feed.statuses.items()} == {
        (1, 1): "Charging",
        (2, 1): "Faulted",
    }


def test_what_is_kept_is_bounded() -> None:
    """The oldest goes first."""
    feed = Feed(Conversation(OcppVersion.V16))
    for _ in range(KEPT + 10):
        feed.add("station", "[]", AT)
    assert len(list(feed.everything())) == KEPT
    assert feed.last_position == KEPT + 10
