"""What provisioning knows, as frozen records: the rows of its tables in the words of the field.

A *device* is the box (one to one with a station id), a *place* a pinned position on a *site*; an
*assignment* puts the device at the place, dated. Price, hours and access belong to the place's
site, so a swapped box changes nothing for the owner.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from access.principals import DEFAULT
from charging.calendar import OpeningHours
from charging.tariff import Tariff
from ocppj.vocabulary import Availability, IdToken, StationId


class CredentialState(StrEnum):
    """How far a station and we agree on its secret."""

    NONE = "none"
    """It has no secret of ours: it is let in unauthenticated."""
    OFFERED = "offered"
    """Sent to it; both the old state and the new secret are valid until it connects with the new one."""
    VERIFIED = "verified"
    """It connected with it: nothing else is let in any more."""
    REFUSED = "refused"
    """It does not take it; it stays unauthenticated, and is shown so."""
    TOLD = "told"
    """Somebody said what it has: nothing else is let in; it has not come with it yet."""
    FORGOTTEN = "forgotten"
    """It may have lost it: the old one still counts, and one without it is let in to get another."""


class CredentialForm(StrEnum):
    """How a station writes its secret into Basic auth."""

    BYTES = "bytes"
    """The 20 bytes themselves (OCPP-J 1.6 §6.2.2; AuthorizationKey is their hex)."""
    TEXT = "text"
    """The 40 hex digits as text (OCPP 2.0.1 BasicAuthPassword)."""


@dataclass(frozen=True, slots=True)
class Credential:
    """The salted and peppered HMACs of a station's secrets; never a secret itself."""

    state: CredentialState = CredentialState.NONE
    form: CredentialForm = CredentialForm.TEXT
    current: bytes | None = field(default=None, repr=False)
    offered: bytes | None = field(default=None, repr=False)
    forgotten_at: datetime | None = None
    """Since when a station without it is let in; None: it is not."""

    @property
    def is_demanded(self) -> bool:
        """Whether a station that does not know it is turned away."""
        return self.current is not None and self.forgotten_at is None


@dataclass(frozen=True, slots=True)
class TestWindow:
    """A station is tried out by whoever installs it: for this time it is accepted, for one token alone."""

    __test__: ClassVar[bool] = False  # for pytest, which takes it for a test by its name

    id_token: IdToken
    opened_at: datetime
    until: datetime
    opened_by: str
    ended_at: datetime | None = None
    """When it ended: by hand, at its time, or because the server stopped."""

    @property
    def is_open(self) -> bool:
        """Whether it is that state; its end is a change like any other."""
        return self.ended_at is None

    def holds_at(self, at: datetime) -> bool:
        """Whether it was open then; never beyond its time, however late its end is stored."""
        return self.opened_at <= at < min(self.ended_at or self.until, self.until)


@dataclass(frozen=True, slots=True)
class TypedReading:
    """What an installer measured before the power was on, in the unit of the product file."""

    reading: str
    value: float
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class RunMark:
    """Something of a run that was seen to be so: a line of the product's checklist that somebody ticked."""

    item: str
    at: datetime
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerUpRun:
    """A run of the power-up checklist, held against one version of a product file.

    `record` is what was found when it ended: one spelling of JSON, which never changes again.
    """

    run_id: str
    station_id: StationId
    product_id: str
    product_version: int
    started_at: datetime
    started_by: str
    readings: tuple[TypedReading, ...] = ()
    marks: tuple[RunMark, ...] = ()
    finished_at: datetime | None = None
    finished_by: str | None = None
    handed_to: str | None = None
    """The name of who took the station over, as the installer wrote it."""
    record: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPhoto:
    """A photo of a run: announced by its hash, whole once it has its media type. When and where it was taken
    is what the phone says.
    """

    sha256: str
    item: str
    size: int
    announced_at: datetime
    by: str
    received: int = 0
    kind: str | None = None
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of it came, and is a picture."""
        return self.kind is not None


@dataclass(frozen=True, slots=True)
class PhotoPart:
    """Some bytes of a photo, from `start` on."""

    start: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CertificateNote:
    """That there is a certificate, and of which run."""

    run_id: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """The signed certificate of a run that ended, byte for byte, and the file of its frames."""

    run_id: str
    station_id: StationId
    issued_at: datetime
    document: bytes = field(repr=False)
    frames: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Device:
    """A box and the facts known of it. Facts are instants or None; nothing here is a state."""

    station_id: StationId
    macs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    serial: str | None = None
    vendor: str | None = None
    model: str | None = None
    firmware: str | None = None
    order_id: str | None = None
    claim_hash: bytes | None = field(default=None, repr=False)
    credential: Credential = Credential()
    adopted_at: datetime | None = None
    first_seen_at: datetime | None = None
    requested_at: datetime | None = None
    """When the manager asked for activation."""
    released_at: datetime | None = None
    """When every activation step was done with; its next boot is Accepted."""
    commissioned_at: datetime | None = None
    """When the team, or a partner, said that it is commissioned."""
    activated_at: datetime | None = None
    suspended_at: datetime | None = None
    suspend_reason: str | None = None
    asserted: Availability | None = None
    """The availability it last agreed to."""
    tariff_shown: str | None = None
    """The tariff that its display was proved to show."""
    test_window: TestWindow | None = None
    """The last one. From it on the station is inoperative until it is active."""
    place_id: str | None = None
    """Where its open assignment puts it."""

    @property
    def is_ours(self) -> bool:
        """Somebody ordered or adopted it."""
        return self.order_id is not None or self.adopted_at is not None


@dataclass(frozen=True, slots=True)
class Site:
    """A property with places on it; `hours` None means always open."""

    site_id: str
    name: str
    zone: str
    address: str | None = None
    tariff_id: str | None = None
    hours: OpeningHours | None = None
    tokens: tuple[IdToken, ...] = ()
    is_list_exclusive: bool = False
    """Only the tokens of the list may charge; otherwise the list comes on top of everybody's valid tokens."""
    activates_on_claim: bool = True
    """The manager approved in advance: a claimed station is activated without asking again."""
    organisation_id: str = DEFAULT


@dataclass(frozen=True, slots=True)
class Place:
    """A named, pinned position on a site."""

    place_id: str
    site_id: str
    name: str
    latitude: float | None = None
    longitude: float | None = None
    floor: str | None = None
    measured_latitude: float | None = None
    measured_longitude: float | None = None
    accuracy_m: float | None = None
    """What a receiver told last, and how far off that may be; the pin may be elsewhere."""
    plan_x: float | None = None
    plan_y: float | None = None
    """Where it is on the plan of its floor: shares of the picture's width and height, from its top left."""


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A floor of a site, drawn: a picture of this media type and so many pixels."""

    plan_id: str
    site_id: str
    floor: str
    """As the places of the floor name it; empty where the site has one level."""
    kind: str
    width: int
    height: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A station is at a place from `starts_at` on."""

    assignment_id: str
    station_id: StationId
    place_id: str
    starts_at: datetime
    reason: str
    made_by: str


@dataclass(frozen=True, slots=True)
class Order:
    """What was bought. Its lines are the devices that carry its id."""

    order_id: str
    reference: str
    contact: str | None
    created_at: datetime
    created_by: str
    manager_contact: str | None = None
    """Who is to run the stations; None: the team finds out."""
    receiving_contact: str | None = None
    """Who takes the boxes in."""


@dataclass(frozen=True, slots=True)
class Installer:
    """A person who localizes stations; `account` is the login that claims are made with."""

    installer_id: str
    name: str
    account: str
    email: str | None = None
    company: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimAttempt:
    """Somebody tried to claim `target`; the other ids where that was found, and granted."""

    claim_id: str
    target: str
    station_id: StationId | None
    account: str
    installer_id: str | None
    place_id: str | None
    at: datetime
    is_granted: bool


@dataclass(frozen=True, slots=True)
class AdoptionRecord:
    """Somebody took in a station that nobody ordered."""

    adoption_id: str
    station_id: StationId
    at: datetime
    made_by: str
    note: str | None


@dataclass(frozen=True, slots=True)
class NamedTariff:
    """A tariff with the name people choose it by."""

    name: str
    tariff: Tariff
    organisation_id: str = DEFAULT
    since: datetime | None = None
    """When it was stored; None: it is not yet."""


@dataclass(frozen=True, slots=True)
class JobStop:
    """A place of a job. `station_id` is the box that is meant for it, None while nobody said which;
    `replaces` the one that was there when the place came into the job: it is to be swapped.
    """

    place_id: str
    station_id: StationId | None = None
    replaces: StationId | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """What an installer is to do on a site on a day. `account` is the person's login, None while nobody is
    chosen.
    """

    job_id: str
    site_id: str
    day: date
    stops: tuple[JobStop, ...]
    created_at: datetime
    created_by: str
    account: str | None = None
    note: str | None = None
    cancelled_at: datetime | None = None

    @property
    def boxes(self) -> tuple[StationId, ...]:
        """Those that are meant for its places."""
        return tuple(each.station_id for each in self.stops if each.station_id is not None)
