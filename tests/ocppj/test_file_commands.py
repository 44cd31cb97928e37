"""Commands about files: what a version cannot say, how answers mean yes, and an update's own number."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from ocppj.codec import codec_for
from ocppj.command_check import refusal
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.diagnostics import GetDiagnostics, GetLog, LogAnswer
from ocppj.model.firmware import (
    FirmwareAnswer,
    SignedUpdateFirmware,
    UnpublishAnswer,
    UnpublishFirmware,
    UpdateFirmware,
)
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
PLAIN = UpdateFirmware(request_id=5, location="https://x/1.bin", retrieve_at=NOON)


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (replace(PLAIN, signature="c2ln"), "signed-update-firmware"),
        (replace(PLAIN, signing_certificate="PEM"), "signed-update-firmware"),
        (replace(PLAIN, install_at=NOON), "install_at"),
    ],
)
def test_the_plain_update_of_16_says_less(command: UpdateFirmware, word: str) -> None:
    """What would be dropped is refused, with what to do instead; 2.x says all of it."""
    assert word in str(refusal(V16, command))
    assert refusal(V201, command) is None
    assert refusal(V16, PLAIN) is None


def test_a_signed_update_of_16_needs_both_parts() -> None:
    """The white paper's schema requires certificate and signature."""
    signed = SignedUpdateFirmware(request_id=5, location="https://x/1.bin", retrieve_at=NOON)
    assert "signing_certificate" in str(refusal(V16, signed))
    assert "update-firmware" in str(refusal(V201, signed))


def test_the_number_of_a_plain_update_stays_with_us() -> None:
    """Neither the CALL of 1.6 nor its statuses have one."""
    [call] = translation_for(V16).calls(PLAIN)
    assert call.payload == {"location": "https://x/1.bin", "retrieveDate": "2026-12-01T12:00:00.000Z"}


def test_a_location_that_is_too_long_is_refused() -> None:
    """2.0.1 takes 512 characters, 2.1 2000."""
    long = replace(PLAIN, location="https://x/" + "a" * 600)
    assert "location" in str(refusal(V201, long))
    assert refusal(V21, long) is None


def test_diagnostics_without_a_file_name_are_none() -> None:
    """1.6 §5.9: the answer to a station that has nothing to upload."""
    translation = translation_for(V16)
    asked = GetDiagnostics(location="https://x/")
    assert translation.response(asked, LogAnswer("Rejected", filename="x")) == {}
    assert translation.response(asked, LogAnswer(filename="a.zip")) == {"fileName": "a.zip"}


@pytest.mark.parametrize("answer", [FirmwareAnswer, LogAnswer])
def test_giving_up_what_was_under_way_is_a_yes(answer: type[FirmwareAnswer | LogAnswer]) -> None:
    """2.x L01.FR.24, N01.FR.12."""
    assert answer("AcceptedCanceled").is_accepted
    assert not answer("Rejected").is_accepted


def test_what_is_not_there_is_unpublished() -> None:
    """2.x L04.FR.03; while a station fetches it, it stays (L04.FR.04)."""
    assert UnpublishAnswer("NoFirmware").is_accepted
    assert not UnpublishAnswer("DownloadOngoing").is_accepted


FAILED = {"status": "Rejected", "statusInfo": {"reasonCode": "NoLog"}, "filename": "a.zip"}
UNPUBLISH = UnpublishFirmware(checksum="0" * 32)
LOG = GetLog(request_id=1, location="https://x/")


@pytest.mark.parametrize(
    ("version", "command", "said", "answer"),
    [
        (V16, PLAIN, {}, FirmwareAnswer()),  # §6.58
        (V16, GetDiagnostics(location="https://x/"), {}, LogAnswer("Rejected")),
        (V16, GetDiagnostics(location="https://x/"), {"fileName": "a"}, LogAnswer(filename="a")),
        (V16, LOG, {"status": "Accepted", "filename": "a"}, LogAnswer(filename="a")),
        (V201, LOG, FAILED, LogAnswer("Rejected", "NoLog", filename="a.zip")),
        (V21, LOG, FAILED, LogAnswer("Rejected", "NoLog", filename="a.zip")),
        (V201, UNPUBLISH, {"status": "Unpublished"}, UnpublishAnswer("Unpublished")),
        (V21, UNPUBLISH, {"status": "NoFirmware"}, UnpublishAnswer("NoFirmware")),
    ],
)
def test_answers_are_read_and_written(
    version: OcppVersion, command: Command, said: dict[str, Any], answer: CommandAnswer
) -> None:
    """In the words of the version, both ways."""
    codec, translation = codec_for(version), translation_for(version)
    action = translation.action_of(type(command))
    response = codec.decode_response(action, json.dumps(said).encode(), lenient=False).message
    assert translation.answer(command, [response]) == answer
    assert translation.response(command, answer) == said
