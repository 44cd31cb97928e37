"""Firmware: what a station is to install or to publish, and how far it is (1.6 §4.5, §5.19; 2.x block L)."""

from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from ocppj.model.command import (
    EVERY_VERSION,
    GREATEST_NUMBER,
    MADE_UP,
    ONLY_2X,
    Command,
    CommandAnswer,
    Number,
)
from ocppj.versions import OcppVersion

Location = Annotated[str, Meta(min_length=1, max_length=2000)]
"""A URL; stations of 1.6 (signed) and 2.0.1 take 512 characters."""
Retries = Annotated[int, Meta(ge=0, le=100)]
RetryInterval = Annotated[int, Meta(ge=0, le=GREATEST_NUMBER)]
Checksum = Annotated[str, Meta(min_length=32, max_length=32)]
"""MD5 of the file, in hex (2.x L03.FR.02): it finds a broken download, and proves nothing."""


class FirmwareStatusNotification(msgspec.Struct, frozen=True, gc=False):
    """Also 1.6's SignedFirmwareStatusNotification, which alone has a request id there."""

    status: str
    request_id: int | None = None


class FirmwareAnswer(CommandAnswer, frozen=True):
    """An update that was under way is given up for this one (2.x L01.FR.24)."""

    good: ClassVar[frozenset[str]] = frozenset({"Accepted", "AcceptedCanceled"})


class UpdateFirmware(Command, frozen=True, kw_only=True):
    """Have a station fetch a firmware and install it.

    Without a certificate and a signature the station cannot know who made it (2.x L02). A station of 1.6 is
    told no request id.
    """

    name: ClassVar[str] = "update-firmware"
    answer: ClassVar[type[CommandAnswer]] = FirmwareAnswer
    brings = (FirmwareStatusNotification,)

    request_id: Annotated[Number | None, MADE_UP] = None
    location: Location
    retrieve_at: datetime
    """From when on it may fetch it."""
    install_at: datetime | None = None
    """None: as soon as it can."""
    signing_certificate: Annotated[str, Meta(min_length=1, max_length=5500)] | None = None
    """PEM."""
    signature: Annotated[str, Meta(min_length=1, max_length=800)] | None = None
    """Base64."""
    retries: Retries | None = None
    retry_interval_s: RetryInterval | None = None


class SignedUpdateFirmware(UpdateFirmware, frozen=True, kw_only=True):
    """Have a station of 1.6 with the security extension install a firmware that its maker has signed."""

    name: ClassVar[str] = "signed-update-firmware"
    versions: ClassVar[frozenset[OcppVersion]] = EVERY_VERSION - ONLY_2X
    instead: ClassVar[str] = "give update-firmware the certificate and the signature"


class PublishFirmware(Command, frozen=True, kw_only=True):
    """Have a local controller fetch a firmware, and offer it to the stations behind it (2.x L03)."""

    name: ClassVar[str] = "publish-firmware"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = "each station fetches its firmware itself: update-firmware"
    brings = ("PublishFirmwareStatusNotification",)

    request_id: Annotated[Number | None, MADE_UP] = None
    location: Location
    checksum: Checksum
    retries: Retries | None = None
    retry_interval_s: RetryInterval | None = None


class UnpublishAnswer(CommandAnswer, frozen=True):
    """Nothing to take back is as good; while a station fetches it, it stays (2.x L04.FR.03, .04)."""

    good: ClassVar[frozenset[str]] = frozenset({"Unpublished", "NoFirmware"})


class UnpublishFirmware(Command, frozen=True, kw_only=True):
    """Have a local controller offer a firmware no longer (2.x L04)."""

    name: ClassVar[str] = "unpublish-firmware"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = "nothing is published there"
    answer: ClassVar[type[CommandAnswer]] = UnpublishAnswer

    checksum: Checksum
