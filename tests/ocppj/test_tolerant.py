"""The careful reader: how it reads each deviation of real stations, and what has no sensible reading.

That it agrees with the schemas is in test_codec_schemas.py.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.errors import ErrorKind, PayloadError
from ocppj.structs import WireStruct
from ocppj.tolerant import MAX_FINDINGS, TolerantReader
from ocppj.v16 import messages as v16
from ocppj.v21 import messages as v21
from ocppj.v201 import messages as v201
from ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion.V16, OcppVersion.V201, OcppVersion.V21
STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
START = {"connectorId": 1, "idTag": "A", "meterStart": 0, "timestamp": "2026-11-24T12:00:00Z"}
KEY = {"key": "a", "readonly": False}


def read(kind: type[WireStruct], payload: Any, version: OcppVersion = V16) -> tuple[Any, list[str]]:
    """(message, what was put up with and where)."""
    reader = TolerantReader(version, is_lenient=True)
    message = reader.read(kind, payload)
    return message, [f"{finding.slug} {finding.path}" for finding in reader.findings]


def refusal(
    kind: type[WireStruct], payload: Any, version: OcppVersion = V16, *, lenient: bool = True
) -> PayloadError:
    """Why it cannot be read."""
    with pytest.raises(PayloadError) as caught:
        TolerantReader(version, is_lenient=lenient).read(kind, payload)
    return caught.value


@pytest.mark.parametrize(
    ("change", "field", "value", "finding"),
    [
        (
            {"vendorErrorCode": 17},
            "vendor_error_code",
            "17",
            "number-for-string $.vendorErrorCode",
        ),  # quirk 64
        ({"vendorErrorCode": 1.5}, "vendor_error_code", "1.5", "number-for-string $.vendorErrorCode"),
        ({"vendorErrorCode": True}, "vendor_error_code", "true", "number-for-string $.vendorErrorCode"),
        ({"info": "x" * 51}, "info", "x" * 51, "too-long $.info"),  # quirk 67
        ({"info": None}, "info", None, "null-for-absent $.info"),
        ({"errorCode": "Error"}, "error_code", "Error", "unknown-value $.errorCode"),  # quirk 66
        ({"errorCode": "NoError\n"}, "error_code", "NoError", "unknown-value $.errorCode"),  # quirk 62
        ({"errorCode": "noerror"}, "error_code", "noerror", "unknown-value $.errorCode"),
        ({"connectorId": "1"}, "connector_id", 1, "string-for-number $.connectorId"),
        ({"connectorId": " +1 "}, "connector_id", 1, "string-for-number $.connectorId"),
        ({"connectorId": "1.0"}, "connector_id", 1, "string-for-number $.connectorId"),
        ({"connectorId": 1.0}, "connector_id", 1, "integral-float $.connectorId"),
        (
            {"timestamp": "2026-11-24T12:00:00"},
            "timestamp",
            "2026-11-24T12:00:00",
            "time-without-zone $.timestamp",
        ),
        ({"timestamp": "2026-11-24T12:00+02"}, "timestamp", "2026-11-24T12:00+02", "odd-time $.timestamp"),
        ({"timestamp": "yesterday"}, "timestamp", "yesterday", "unreadable-time $.timestamp"),
        ({"info": "a\x00"}, "info", "a\u2400", "control-character $.info"),  # quirk 59
        ({"info": "\ud800"}, "info", "\ufffd", "lone-surrogate $.info"),
        ({"extra": {"a": [1]}}, "info", None, "unknown-property $.extra"),  # quirk 52
    ],
)
def test_what_stations_get_wrong_is_read_and_named(
    change: dict[str, Any], field: str, value: Any, finding: str
) -> None:
    """One reading and one finding each; strict reading refuses it at the same place."""
    payload = STATUS | change
    message, findings = read(v16.StatusNotificationRequest, payload)
    assert getattr(message, field) == value
    assert findings == [finding]
    slug, path = finding.split()
    error = refusal(v16.StatusNotificationRequest, payload, lenient=False)
    assert (error.rule, error.path) == (slug, path)


def test_several_deviations_of_one_field_are_all_named() -> None:
    """A number, and too long as text."""
    message, findings = read(v16.StatusNotificationRequest, STATUS | {"vendorErrorCode": 10**60})
    assert message.vendor_error_code == "1" + "0" * 60
    assert findings == ["number-for-string $.vendorErrorCode", "too-long $.vendorErrorCode"]


@pytest.mark.parametrize(
    ("value", "read_as"),
    [("true", True), ("False", False), (" 1 ", True), ("0", False), (1, True), (0, False)],
)
def test_booleans_of_all_sorts(value: Any, read_as: bool) -> None:
    """Quirk 68: `readonly` as a string or a number."""
    message, findings = read(v16.GetConfigurationResponse, {"configurationKey": [KEY | {"readonly": value}]})
    assert message.configuration_key[0].readonly is read_as
    assert findings == ["string-for-boolean $.configurationKey[0].readonly"]


@pytest.mark.parametrize("value", ["yes", "", 2, -1, 1.0, None, [], {}])
def test_what_is_no_boolean(value: Any) -> None:
    """Nobody knows whether `2` is true."""
    error = refusal(v16.GetConfigurationResponse, {"configurationKey": [KEY | {"readonly": value}]})
    assert (error.rule, error.path) == ("wrong-type", "$.configurationKey[0].readonly")


@pytest.mark.parametrize(
    "value",
    ["one", "", " ", "1_000", "0x10", "١", "1e", ".", "nan", "inf", "1e999", "1.5", 1.5, True, None, [], {}],
)
def test_what_is_no_integer(value: Any) -> None:
    """No guesses: what Python alone takes for a number is none."""
    error = refusal(v16.StatusNotificationRequest, STATUS | {"connectorId": value})
    assert (error.rule, error.path, error.kind) == ("wrong-type", "$.connectorId", ErrorKind.TYPE_CONSTRAINT)


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**400, 1e30, "1e30", str(2**63)])
def test_no_column_takes_more_than_64_bits(value: Any) -> None:
    """Refused either way: a number that cannot be kept is not read at all."""
    error = refusal(v16.StatusNotificationRequest, STATUS | {"connectorId": value})
    assert (error.rule, error.kind) == ("out-of-range", ErrorKind.PROPERTY_CONSTRAINT)
    message, _ = read(v16.StartTransactionRequest, START | {"meterStart": 2**63 - 1})
    assert message.meter_start == 2**63 - 1  # quirk 37


@given(st.text(max_size=12) | st.decimals(allow_nan=False, allow_infinity=False).map(str))
def test_text_is_a_number_only_where_it_looks_like_one(text: str) -> None:
    """What is read is what Python reads, and never more."""
    try:
        message, _ = read(v16.StatusNotificationRequest, STATUS | {"connectorId": text})
    except PayloadError:
        return
    assert message.connector_id == int(float(text)) or message.connector_id == int(text)


@pytest.mark.parametrize(
    ("limit", "read_as", "findings"),
    [
        (16.1, 16.1, []),
        (16, 16.0, []),
        (16.15, 16.15, ["not-a-multiple"]),
        ("16.1", 16.1, ["string-for-number"]),
        ("16.15", 16.15, ["string-for-number", "not-a-multiple"]),
        (1e300, 1e300, []),
    ],
)
def test_charging_limits(limit: Any, read_as: float, findings: list[str]) -> None:
    """More decimals than one are kept."""
    message, found = read(v16.SetChargingProfileRequest, profile(limit))
    period = message.cs_charging_profiles.charging_schedule.charging_schedule_period[0]
    assert period.limit == read_as
    assert [finding.split()[0] for finding in found] == findings


@pytest.mark.parametrize(
    ("limit", "rule"), [(10**400, "out-of-range"), (True, "wrong-type"), ("x", "wrong-type")]
)
def test_what_is_no_limit(limit: Any, rule: str) -> None:
    """Beyond a float, or no number."""
    assert refusal(v16.SetChargingProfileRequest, profile(limit)).rule == rule


def profile(limit: Any) -> dict[str, Any]:
    """The payload of a SetChargingProfile."""
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
    chosen = {"chargingProfilePurpose": "TxProfile", "chargingProfileKind": "Absolute"}
    return {
        "connectorId": 1,
        "csChargingProfiles": {"chargingProfileId": 1, "stackLevel": 0, "chargingSchedule": schedule}
        | chosen,
    }


def test_lists_that_are_too_short_or_too_long_are_read() -> None:
    """Quirk 65: an empty `sampledValue`."""
    payload = {"connectorId": 1, "meterValue": [{"timestamp": "2026-11-24T12:00:00Z", "sampledValue": []}]}
    message, findings = read(v16.MeterValuesRequest, payload)
    assert message.meter_value[0].sampled_value == []
    assert findings == ["too-few-items $.meterValue[0].sampledValue"]
    report = {"requestId": 1, "generatedAt": "2026-11-24T12:00:00Z", "seqNo": 0, "reportData": [reported(5)]}
    message, findings = read(v201.NotifyReportRequest, report, V201)
    assert len(message.report_data[0].variable_attribute) == 5
    assert findings == ["too-many-items $.reportData[0].variableAttribute"]


def reported(count: int) -> dict[str, Any]:
    """One entry of a report with so many attributes."""
    return {"component": {"name": "A"}, "variable": {"name": "B"}, "variableAttribute": [{}] * count}


def test_bounds_are_put_up_with_where_the_number_can_be_kept() -> None:
    """A negative EVSE, a battery over 100 %."""
    message, findings = read(v21.NotifyWebPaymentStartedRequest, {"evseId": -1, "timeout": 1}, V21)
    assert (message.evse_id, findings) == (-1, ["out-of-range $.evseId"])
    battery = {"evMaxCurrent": 1, "evMaxVoltage": 1, "stateOfCharge": 101}
    needs = {"requestedEnergyTransfer": "DC", "dcChargingParameters": battery}
    message, findings = read(v201.NotifyEVChargingNeedsRequest, {"evseId": 1, "chargingNeeds": needs}, V201)
    assert message.charging_needs.dc_charging_parameters.state_of_charge == 101
    assert findings == ["out-of-range $.chargingNeeds.dcChargingParameters.stateOfCharge"]


@pytest.mark.parametrize("version", [V201, V21])
def test_2x_refuses_what_is_no_time_at_all(version: OcppVersion) -> None:
    """Part 2 §3 FR.03; what can be read is put up with there too."""
    kind = v201.SecurityEventNotificationRequest if version is V201 else v21.SecurityEventNotificationRequest
    error = refusal(kind, {"type": "x", "timestamp": "yesterday"}, version)
    assert (error.kind, error.rule, error.path) == (
        ErrorKind.FORMAT_VIOLATION,
        "unreadable-time",
        "$.timestamp",
    )
    _, findings = read(kind, {"type": "x", "timestamp": "2026-11-24T12:00:00"}, version)
    assert findings == ["time-without-zone $.timestamp"]


def test_custom_data_keeps_what_the_vendor_says() -> None:
    """Anything beside a vendorId; text in it is such as can be kept."""
    payload = {"customData": {"vendorId": "x", "a": [{"b\x00": "\ud800"}, None, 1.5, True]}}
    message, findings = read(v201.HeartbeatRequest, payload, V201)
    assert message.custom_data == {"vendorId": "x", "a": [{"b\u2400": "\ufffd"}, None, 1.5, True]}
    assert findings == ["control-character $.customData", "lone-surrogate $.customData"]


@pytest.mark.parametrize(
    ("custom", "rule", "path"),
    [
        ({}, "missing-field", "$.customData.vendorId"),
        ([], "wrong-type", "$.customData"),
        ({"vendorId": []}, "wrong-type", "$.customData.vendorId"),
    ],
)
def test_custom_data_needs_its_vendor(custom: Any, rule: str, path: str) -> None:
    """Without it nobody can tell what it means."""
    error = refusal(v201.HeartbeatRequest, {"customData": custom}, V201)
    assert (error.rule, error.path) == (rule, path)


@pytest.mark.parametrize(
    ("vendor", "read_as", "finding"),
    [
        ("x" * 256, "x" * 256, "too-long"),
        (5, "5", "number-for-string"),
        ("\x00", "\u2400", "control-character"),
    ],
)
def test_odd_vendors_are_read(vendor: Any, read_as: str, finding: str) -> None:
    """Like any other text, and named once."""
    message, findings = read(v201.HeartbeatRequest, {"customData": {"vendorId": vendor}}, V201)
    assert message.custom_data == {"vendorId": read_as}
    assert [text.split()[0] for text in findings] == [finding]


def test_the_first_wrong_field_is_the_one_that_is_named() -> None:
    """In every process the same: sets have no order, payloads do."""
    payload = {"idTag": "A", **dict.fromkeys("zyxabc", 1)}
    assert refusal(v16.AuthorizeRequest, payload, lenient=False).path == "$.z"
    _, findings = read(v16.AuthorizeRequest, payload)
    assert [text[-1] for text in findings] == list("zyxabc")


def test_findings_are_bounded() -> None:
    """A hostile message costs no more than a few lines."""
    _, findings = read(v16.AuthorizeRequest, {"idTag": "A", **{f"x{n}": 1 for n in range(99)}})
    assert len(findings) == MAX_FINDINGS


@pytest.mark.parametrize("name", ["x" * 1000, "\ud800", "\x00\x1b[2J", "\U0001f50c" * 50, '"'])
def test_a_peers_words_in_an_error_are_short_and_plain(name: str) -> None:
    """They go to terminals, logs and back to the peer."""
    for error in (
        refusal(v16.AuthorizeRequest, {"idTag": "A", name: 1}, lenient=False),
        refusal(v16.StatusNotificationRequest, STATUS | {"status": name}, lenient=False),
    ):
        assert len(str(error)) < 600
        assert str(error).isascii()
        assert str(error).isprintable()


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([], "an array"),
        ({}, "an object"),
        (None, "null"),
        (True, "a boolean"),
        (1, "a number"),
        ("x", "text"),
    ],
)
def test_the_error_says_what_came(value: Any, found: str) -> None:
    """In words for people."""
    kind: type[Any]
    if value == {}:
        value, kind, wanted = {"meterValue": {}, "connectorId": 1}, v16.MeterValuesRequest, "an array"
    else:
        kind, wanted = v16.AuthorizeRequest, "an object"
    error = refusal(kind, value)
    assert error.detail.endswith(f"needs {wanted}, not {found}")


def test_required_null_is_no_absence() -> None:
    """A required field that is null is of the wrong type, in 1.6 and 2.x."""
    assert refusal(v16.AuthorizeRequest, {"idTag": None}).rule == "wrong-type"
    assert refusal(v201.StatusNotificationRequest, {"timestamp": None}, V201).rule == "wrong-type"


@given(st.recursive(st.none() | st.integers() | st.text() | st.booleans(), lambda x: st.lists(x, max_size=2)))
def test_whatever_is_read_can_be_written(value: Any) -> None:
    """What lenient reading lets in can be kept and shown."""
    payload = {"vendorId": "x", "data": value}
    message, _ = read(v201.DataTransferRequest, payload, V201)
    assert json.dumps(message.data, ensure_ascii=False).encode()


def test_null_where_a_field_may_be_absent_is_absence() -> None:
    """Named; where a field is required and not there at all, nothing stands for it."""
    message, found = read(v16.StatusNotificationRequest, STATUS | {"info": None})
    assert (message.info, found) == (None, ["null-for-absent $.info"])
    lacking = refusal(v16.StatusNotificationRequest, {"connectorId": 1, "status": "Available"})
    assert lacking.path == "$.errorCode"


def test_a_number_with_a_fraction_may_come_as_text() -> None:
    """2.x sampled values; what is no number is refused."""
    value: dict[str, Any] = {"timestamp": "2026-11-24T12:00:00Z", "sampledValue": [{"value": "1.5"}]}
    message, found = read(v201.MeterValuesRequest, {"evseId": 1, "meterValue": [value]}, V201)
    where = "$.meterValue[0].sampledValue[0].value"
    assert message.meter_value[0].sampled_value[0].value == 1.5
    assert found == [f"string-for-number {where}"]
    value["sampledValue"] = [{"value": "much"}]
    assert refusal(v201.MeterValuesRequest, {"evseId": 1, "meterValue": [value]}, V201).path == where


def test_a_boolean_is_read_as_it_is() -> None:
    """Nothing is odd about it."""
    message, found = read(v16.GetConfigurationResponse, {"configurationKey": [KEY]})
    assert (message.configuration_key[0].readonly, found) == (False, [])
