"""What we answer by our own choice fits the version of whoever asked: a station needs an answer."""

from datetime import UTC, datetime

import pytest

from ocppj.codec import codec_for
from ocppj.fitting import LONGEST_GROUP, LONGEST_TEXT, fitting
from ocppj.model.authorization import AuthorizeResponse
from ocppj.model.boot import BootNotificationResponse
from ocppj.model.messages import Acknowledged, Reply
from ocppj.model.transactions import TransactionEventResponse
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import AuthorizationStatus, IdTokenInfo, RegistrationStatus

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def verdict(characters: int) -> IdTokenInfo:
    """Of a token whose group has a name of so many characters."""
    return IdTokenInfo(AuthorizationStatus.ACCEPTED, group_id_token="g" * characters)


def boot(text: str | None) -> BootNotificationResponse:
    """With something beside the status."""
    return BootNotificationResponse(
        RegistrationStatus.PENDING, 30, NOON, reason_code="Wait", additional_info=text
    )


def assert_can_be_sent(version: OcppVersion, action: str, reply: Reply) -> None:
    """The version's own schema takes it."""
    codec_for(version).encode_response(action, translation_for(version).reply_payload(action, reply))


@pytest.mark.parametrize("version", OcppVersion)
def test_a_group_that_the_version_cannot_name_is_left_out(version: OcppVersion) -> None:
    """The verdict on the token itself stands; one that fits is told."""
    longest = LONGEST_GROUP[version]
    fits, strange = verdict(longest), verdict(longest + 1)
    plain = IdTokenInfo(AuthorizationStatus.ACCEPTED)
    assert fitting(AuthorizeResponse(fits), version) == AuthorizeResponse(fits)
    assert fitting(AuthorizeResponse(strange), version) == AuthorizeResponse(plain)
    assert fitting(TransactionEventResponse("1", strange), version) == TransactionEventResponse("1", plain)
    assert fitting(TransactionEventResponse("1", plain), version) == TransactionEventResponse("1", plain)
    assert fitting(TransactionEventResponse("1"), version) == TransactionEventResponse("1")
    event = "StartTransaction" if version is OcppVersion.V16 else "TransactionEvent"
    for info in (fits, strange):
        assert_can_be_sent(version, "Authorize", AuthorizeResponse(info))
        assert_can_be_sent(version, event, TransactionEventResponse("1", info))


@pytest.mark.parametrize("version", OcppVersion)
def test_what_is_said_beside_a_status_is_as_long_as_it_may_be(version: OcppVersion) -> None:
    """2.1 takes twice as much as 2.0.1, 1.6 nothing."""
    found = fitting(boot("é" * 5000), version)
    assert isinstance(found, BootNotificationResponse)
    assert len(found.additional_info or "") == LONGEST_TEXT[version]
    assert_can_be_sent(version, "BootNotification", boot("é" * 5000))
    assert fitting(boot(None), version) == boot(None)
    assert fitting(Acknowledged(), version) == Acknowledged()
