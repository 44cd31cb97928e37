"""Failed connections, deviations and blockers as sentences."""

from typing import Any

import pytest

from borne.doctor.remarks import Level
from borne.doctor.words import (
    attempt_remark,
    blocker_remark,
    deviation_remark,
    hint_of,
    short_time,
)
from console.catalogue import texts_of


def attempt(**changes: Any) -> dict[str, Any]:
    """As the API tells it."""
    return {
        "at": "2026-01-05T12:00:00Z",
        "peer": "192.0.2.7:40000",
        "identity": "CP1",
        "reason": "wrong_path",
        "detail": "the path is wrong.",
        "cause": None,
    } | changes


def test_a_deviation_is_a_sentence() -> None:
    """An unknown slug is shown as it is."""
    assert "writes a slash" in deviation_remark("trailing_slash").text
    assert "new_slug" in deviation_remark("new_slug").text


def test_an_attempt_is_a_sentence() -> None:
    """When, who, from where, how often, why; and what to change."""
    remark = attempt_remark(attempt(), 3)
    assert remark.level is Level.PROBLEM
    assert remark.text.endswith("CP1 from 192.0.2.7, 3 times: the path is wrong.")
    assert remark.way_out == texts_of("en")["advice.wrong_path"]


def test_a_cause_says_more_than_the_refusal() -> None:
    """The peer is told the same 401 whatever the cause; people here are told the cause."""
    refused = attempt(reason="refused", detail="Not admitted.", cause="credentials_wrong")
    remark = attempt_remark(refused)
    assert "its password is wrong" in remark.text
    words = texts_of("en")["advice.credentials_wrong"].rstrip(".")
    assert remark.way_out == f"{words}: borne ctl delete /stations/CP1/credential"
    other = attempt_remark(refused | {"cause": "the MAC is all zeros"})
    assert other.text.endswith("the MAC is all zeros.")


def test_nobody_s_attempt_is_only_a_note() -> None:
    """A port scan is no station."""
    assert attempt_remark(attempt(identity=None, reason="silent")).level is Level.NOTE


@pytest.mark.parametrize(
    ("code", "who", "way_out"),
    [
        ("E_NOT_ORDERED", "administrator", "It can be done: borne ctl adopt 02b099000003"),
        ("E_NOT_LOCALIZED", "owner", "It can be done."),
        ("W_CONFIGURING", "station", None),
    ],
)
def test_a_blocker_says_who_clears_it_and_how(code: str, who: str, way_out: str | None) -> None:
    """The command where there is one; nothing to do where the station does it itself."""
    station = {"station_id": "02b099000003", "mac": "02:B0:99:00:00:03", "lifecycle": "quarantine"}
    blocker = {
        "code": code,
        "text": "It is so.",
        "way_out": "It can be done.",
        "ways_out": {"command": "ctl adopt 02b099000003" if code == "E_NOT_ORDERED" else None},
        "who_clears": who,
    }
    remark = blocker_remark(station, blocker)
    assert remark.text.startswith("02:B0:99:00:00:03 (quarantine): It is so. Cleared by: ")
    assert remark.way_out == way_out


def test_spelling_does_not_matter() -> None:
    """Two spellings of one MAC are one box."""
    assert hint_of("0024:B100:0002:9F81") == hint_of("0024b10000029f81") == hint_of("0024-B100-0002-9F81")
    assert hint_of(None) == ""


def test_an_instant_is_shown_in_local_time() -> None:
    """To the second."""
    assert short_time("2026-01-05T12:00:00.123456Z").startswith("2026-01-0")
    assert "." not in short_time("2026-01-05T12:00:00.123456Z")
