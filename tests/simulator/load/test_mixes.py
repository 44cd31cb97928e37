"""The stories of a load are what stations really say, in both versions."""

from itertools import islice

import pytest

from ocppj.codec import codec_for
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, Heartbeat
from ocppj.model.transactions import TransactionEventResponse
from ocppj.translation import translation_for
from ocppj.translator import ACKNOWLEDGED
from ocppj.versions import OcppVersion
from ocppj.vocabulary import BootReason, IdToken
from runtime.clock import ManualClock
from simulator.load.mixes import STORIES, StoryContext
from simulator.load.plan import Mix

BOOT = BootNotification("Borne", "Load", "LOAD-1", "1.0.0", reason=BootReason.POWER_UP)
TRANSACTION_V16 = ["StartTransaction", "MeterValues", "MeterValues", "MeterValues", "StopTransaction"]
EXPECTED = {
    (Mix.HEARTBEAT, OcppVersion.V16): ["Heartbeat"] * 5,
    (Mix.HEARTBEAT, OcppVersion.V201): ["Heartbeat"] * 5,
    (Mix.BOOT, OcppVersion.V16): ["BootNotification"] * 5,
    (Mix.BOOT, OcppVersion.V201): ["BootNotification"] * 5,
    (Mix.TRANSACTIONS, OcppVersion.V16): TRANSACTION_V16 * 2,
    (Mix.TRANSACTIONS, OcppVersion.V201): ["TransactionEvent"] * 10,
    (Mix.MIXED, OcppVersion.V16): [
        *["Heartbeat"] * 3,
        *("StatusNotification", "Authorize", "StatusNotification"),
        *TRANSACTION_V16,
        *("StatusNotification", "Heartbeat"),
    ],
    (Mix.MIXED, OcppVersion.V201): [
        *["Heartbeat"] * 3,
        *("StatusNotification", "Authorize", "StatusNotification"),
        *["TransactionEvent"] * 5,
        *("StatusNotification", "Heartbeat"),
    ],
}


def tell(mix: Mix, version: OcppVersion, count: int) -> list[tuple[str, dict[str, object]]]:
    """The first requests of a story, each of which the strict codec must take."""
    translation = translation_for(version)
    codec = codec_for(version)
    story = STORIES[mix](StoryContext(ManualClock().now, IdToken("LOAD1"), "RUN-1", BOOT))
    message, requests = next(story), []
    for _ in range(count):
        request = translation.request(message)
        assert request is not None
        codec.encode_request(request.action, request.payload)
        requests.append((request.action, request.payload))
        starts = request.action == "StartTransaction"
        message = story.send(TransactionEventResponse("41") if starts else ACKNOWLEDGED)
    return requests


@pytest.mark.parametrize(("mix", "version"), EXPECTED)
def test_story_is_valid_and_in_order(mix: Mix, version: OcppVersion) -> None:
    """One shape for both versions; the strict codec takes every request."""
    expected = EXPECTED[mix, version]
    assert [action for action, _ in tell(mix, version, len(expected))] == expected


def test_every_other_station_begins_with_a_charge() -> None:
    """So that a short run of many stations has all kinds of messages."""
    story = STORIES[Mix.MIXED](
        StoryContext(ManualClock().now, IdToken("LOAD1"), "RUN-1", BOOT, begins_charging=True)
    )
    assert isinstance(next(story), StatusNotification)
    replies = [story.send(ACKNOWLEDGED) for _ in range(8 + 3)]
    assert [type(message) for message in replies[8:]] == [Heartbeat, Heartbeat, Heartbeat]


def test_transaction_keeps_the_id_that_the_central_system_gave() -> None:
    """1.6: the number of StartTransaction's answer stands in the rest; energy only grows."""
    requests = tell(Mix.TRANSACTIONS, OcppVersion.V16, 5)
    assert [payload.get("transactionId") for _, payload in requests] == [None, 41, 41, 41, 41]
    assert requests[0][1]["meterStart"] == 0
    assert requests[4][1]["meterStop"] == 1000


def test_no_transaction_id_comes_twice() -> None:
    """2.0.1: the station names its transactions; sequence numbers begin anew with each."""
    requests = tell(Mix.TRANSACTIONS, OcppVersion.V201, 15)
    told_ids = [payload["transactionInfo"]["transactionId"] for _, payload in requests]  # type: ignore[index]
    assert told_ids == ["RUN-1-1"] * 5 + ["RUN-1-2"] * 5 + ["RUN-1-3"] * 5
    assert [payload["seqNo"] for _, payload in requests] == [0, 1, 2, 3, 4] * 3


def test_next_transaction_goes_on_where_the_meter_stands() -> None:
    """The register of a station never goes back."""
    starts = [
        payload
        for action, payload in islice(tell(Mix.TRANSACTIONS, OcppVersion.V16, 11), 11)
        if action == "StartTransaction"
    ]
    assert [payload["meterStart"] for payload in starts] == [0, 1000, 2000]
