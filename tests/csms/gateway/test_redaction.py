"""No secret reaches a log, however it is spelled on the wire."""

import json
from typing import Any

import pytest

from csms.dialects.secrets import SECRET_WORDS
from csms.gateway.redaction import IN_ALL_WORDS, SECRETS_IN_PLACE, mask_frame, mask_payload

SECRET = 'p"ä\\ss'


VARIABLE = {"variable": {"name": "BasicAuthPassword"}, "component": {"name": "SecurityCtrlr"}}
PAYLOADS: list[dict[str, Any]] = [
    {"key": "AuthorizationKey", "value": SECRET},
    {"setVariableData": [VARIABLE | {"attributeValue": SECRET}]},
    {"configurationKey": [{"key": "AuthorizationKey", "readonly": False, "value": SECRET}]},
    {"reportData": [VARIABLE | {"variableAttribute": [{"value": SECRET}]}]},
]


def strings(node: Any) -> list[str]:
    """All text in a JSON value."""
    if isinstance(node, dict):
        return [text for value in node.values() for text in strings(value)]
    if isinstance(node, list):
        return [text for value in node for text in strings(value)]
    return [node] if isinstance(node, str) else []


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_value_of_a_secret_variable_is_masked(payload: dict[str, Any], ascii_only: bool) -> None:
    """In requests, in answers and in reports, of both versions, in every spelling that JSON allows us."""
    frame = json.dumps([2, "1", "X", payload], ensure_ascii=ascii_only).encode()
    masked = strings(json.loads(mask_frame(frame)))
    assert SECRET not in masked
    assert "***" in masked
    assert SECRET not in strings(mask_payload(payload))


@pytest.mark.parametrize("name", ["authorizationkey", "AUTHORIZATIONKEY", "\\u0041uthorizationKey"])
def test_a_secret_is_found_however_its_name_is_spelled(name: str) -> None:
    """Configuration keys have no case, and JSON can spell a letter as an escape."""
    frame = b'[3,"1",{"configurationKey":[{"key":"%b","value":"s3cret"}]}]' % name.encode()
    assert b"s3cret" not in mask_frame(frame)


def test_an_answer_that_repeats_the_secret_is_masked() -> None:
    """Some stations quote what they refuse."""
    assert mask_frame(b'[4,"1","GenericError","bad value s3cret",{}]', ("s3cret",)).count(b"s3cret") == 0


def test_what_holds_no_secret_is_recorded_as_it_came() -> None:
    """Byte for byte, broken or not."""
    for frame in (b'[2,"1","Heartbeat",{}]', b'{"key":"AuthorizationKey"', b"\xff"):
        assert mask_frame(frame) == frame


def test_the_first_look_misses_no_secret_word() -> None:
    """What every frame is searched for is in all of them."""
    assert all(IN_ALL_WORDS in word for word in SECRET_WORDS)


def test_a_secret_is_not_found_in_the_stars_of_another() -> None:
    """A frame of a kilobyte with twenty secrets that read `*` grew three times for each: to gigabytes."""
    for count in (20, 1000):
        keys = [{"key": "AuthorizationKey", "value": "*"}] * count
        frame = json.dumps([2, "1", "X", {"configurationKey": keys}]).encode()
        assert len(mask_frame(frame)) <= 3 * len(frame)


def test_a_thousand_secrets_in_one_frame_are_all_hidden() -> None:
    """Also those that begin like another; the frame is then kept as it reads, not searched a thousand
    times.
    """
    keys = [{"key": "AuthorizationKey", "value": f"s3cret{number}"} for number in range(1000)]
    for some in (keys[:SECRETS_IN_PLACE], keys):
        frame = json.dumps([3, "1", {"configurationKey": some}]).encode()
        masked = json.loads(mask_frame(frame))
        assert masked == [
            3,
            "1",
            {"configurationKey": [{"key": "AuthorizationKey", "value": "***"}] * len(some)},
        ]
