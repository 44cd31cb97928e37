"""Whatever one part of a billing message is replaced by: the rest is used, and the message is answered."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.codec import codec_for
from ocppj.frames import write_call
from ocppj.model.messages import Acknowledged, Reply
from ocppj.model.transactions import TransactionEvent
from ocppj.session import Request, Session
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from tests.support.inbound import Bench
from tests.support.sources import ROOT

V16, V201, V21 = OcppVersion.V16, OcppVersion.V201, OcppVersion.V21
T0, T1, T2 = "2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", "2026-05-01T12:00:00Z"
POWER = "Power.Active.Import"
REGISTER = "Energy.Active.Import.Register"
BILLING = frozenset({"StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent"})
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats()  # json writes NaN and Infinity as bare words
    | st.text(max_size=40)
    | st.sampled_from(["", "NaN", "3000,7", "2026-05-01", "Ended", "1e400", "yesterday"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "timestamp", "sampledValue", "idToken", "id", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
Path = tuple[str | int, ...]


def transaction_v16() -> list[tuple[str, dict[str, Any]]]:
    """3000 Wh."""
    power = {"value": "7000", "measurand": POWER, "unit": "W", "phase": "L1", "context": "Sample.Periodic"}
    samples = [{"timestamp": T1, "sampledValue": [{"value": "2.5", "unit": "kWh"}, power]}]
    return [
        ("StartTransaction", {"connectorId": 1, "idTag": "A", "meterStart": 1000, "timestamp": T0}),
        ("MeterValues", {"connectorId": 1, "transactionId": 1, "meterValue": samples}),
        (
            "StopTransaction",
            {
                "transactionId": 1,
                "idTag": "A",
                "meterStop": 4000,
                "timestamp": T2,
                "reason": "Local",
                "transactionData": samples,
            },
        ),
    ]


def transaction_v2x() -> list[tuple[str, dict[str, Any]]]:
    """3000 Wh."""

    def event(kind: str, seq_no: int, at: str, wh: float, trigger: str) -> tuple[str, dict[str, Any]]:
        register = {"value": wh, "measurand": REGISTER, "unitOfMeasure": {"unit": "Wh"}}
        power = {"value": 7000, "measurand": POWER, "context": "Sample.Periodic", "location": "Outlet"}
        return (
            "TransactionEvent",
            {
                "eventType": kind,
                "timestamp": at,
                "triggerReason": trigger,
                "seqNo": seq_no,
                "offline": False,
                "transactionInfo": {"transactionId": "T", "chargingState": "Charging", "remoteStartId": 1},
                "evse": {"id": 1, "connectorId": 1},
                "idToken": {"idToken": "A", "type": "ISO14443"},
                "meterValue": [{"timestamp": at, "sampledValue": [register, power]}],
            },
        )

    return [
        event("Started", 0, T0, 1000, "Authorized"),
        event("Updated", 1, T1, 2500, "MeterValuePeriodic"),
        event("Ended", 2, T2, 4000, "StopAuthorized"),
    ]


STORIES = {V16: transaction_v16, V201: transaction_v2x, V21: transaction_v2x}


def nodes(value: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of all parts of a JSON value, without the whole."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from nodes(each, (*path, key))


def replaced(payload: Any, path: Path, value: Any) -> Any:
    """A copy with another value at a path."""
    found = copy.deepcopy(payload)
    parent = found
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return found


def is_essential(action: str, path: Path) -> bool:
    """Whose event it is, in 2.x: nothing can be done without."""
    return action == "TransactionEvent" and path in (
        ("transactionInfo",),
        ("transactionInfo", "transactionId"),
    )


def is_needed(version: OcppVersion, path: Path) -> bool:
    """Whether the energy hangs on it; 1.6's own readings make its samples needless."""
    if version is V16:
        return path[0] in ("meterStart", "meterStop", "transactionId")
    if path[0] == "transactionInfo":
        return len(path) == 1 or path[1] == "transactionId"
    is_of_power = len(path) == 5 and path[3] == 1 and path[4] != "measurand"
    return path[0] == "meterValue" and not is_of_power


class Desk:
    """One station's session, its version's words, and the rules."""

    def __init__(self, version: OcppVersion) -> None:
        self._version = version
        self._session = Session(codec_for(version))
        self._translation = translation_for(version)
        self.bench = Bench()

    def take(self, action: str, payload: Any, message_id: str) -> bytes | None:
        """The CALLRESULT; None for a refusal."""
        text = write_call(message_id, action, json.dumps(payload).encode())
        received = self._session.receive(text)
        if not isinstance(received, Request):
            return None
        findings = [finding.slug for finding in received.findings]
        event = self._translation.message(action, received.message, findings)
        assert event is not None
        proposal: Reply | None = None if isinstance(event, TransactionEvent) else Acknowledged()
        reply = self.bench.send(
            event, message_id, proposal=proposal, content=received.payload, findings=tuple(findings)
        )
        assert reply is not None
        return self._session.answer(message_id, action, self._translation.reply_payload(action, reply))

    def energy(self) -> float | None:
        """Of the one transaction of the story."""
        return self.bench.transaction("1" if self._version is V16 else "T").energy_wh


@pytest.mark.parametrize("version", [V16, V201, V21])
@given(data=st.data())
def test_one_part_of_a_transaction_may_be_anything(version: OcppVersion, data: st.DataObject) -> None:
    """Answered, and answered alike when it comes again; 3000 Wh wherever the part is not the energy's own."""
    story = STORIES[version]()
    place = data.draw(st.sampled_from(range(len(story))), label="message")
    action, payload = story[place]
    path = data.draw(st.sampled_from(sorted(nodes(payload), key=str)), label="path")
    value = data.draw(VALUES, label="value")
    story[place] = action, replaced(payload, path, value)
    desk = Desk(version)
    for number, (name, each) in enumerate(story):
        answer = desk.take(name, each, f"m{number}")
        if number != place or not is_essential(action, path):
            assert answer is not None
            assert desk.take(name, each, f"m{number}") == answer
    if not is_needed(version, path):
        assert desk.energy() == 3000


def recorded() -> list[tuple[OcppVersion, str, Any]]:
    """Billing messages of real programs."""
    found = []
    for line in (ROOT / "tests" / "data" / "recorded_frames.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        frame = json.loads(row["frame"])
        if row["from"] == "station" and frame[0] == 2 and frame[2] in BILLING:
            found.append((OcppVersion(row["version"]), frame[2], frame[3]))
    return found


RECORDED = recorded()


@given(data=st.data())
def test_one_part_of_a_recorded_message_may_be_anything(data: st.DataObject) -> None:
    """As it came from six independent programs: answered."""
    version, action, payload = RECORDED[data.draw(st.integers(0, len(RECORDED) - 1), label="frame")]
    path = data.draw(st.sampled_from(sorted(nodes(payload), key=str)), label="path")
    value = data.draw(VALUES, label="value")
    answer = Desk(version).take(action, replaced(payload, path, value), "m1")
    assert answer is not None or is_essential(action, path)
