"""What the central system asks of whoever runs it; provisioning fills these.

All of them are asked on the hot path: answer from memory where you can.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from access.principals import SERVER, Resource
from charging.tariff import Tariff
from csms.domain.concurrency import ConcurrencyLimit
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.station_details import StationDetailsAnswer
from csms.domain.station_events import StationEvent
from csms.domain.station_lists import OwnedStation
from ocppj.model.boot import BootNotification
from ocppj.versions import OcppVersion
from ocppj.vocabulary import IdToken, IdTokenInfo, RegistrationStatus, StationId


class IdentityRefused(Exception):  # noqa: N818 - named like the decision it is
    """The identity names no station. `nearest` lists known spellings close to it, for people only."""

    def __init__(self, reason: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.nearest = nearest


class IdentityResolver(Protocol):
    """Turns a decoded URL identity into the one name used for auth, registry, storage, topics and logs."""

    def resolve(self, identity: str) -> StationId:
        """Raises IdentityRefused. Pure and quick: it runs before authentication."""
        ...


@dataclass(frozen=True, slots=True)
class ConnectionRequest:
    """A station asks to connect. `password` is what Basic auth carried, raw; None without credentials."""

    station_id: StationId
    identity: str
    username: str | None
    password: bytes | None = field(repr=False)
    is_secure: bool
    peer: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """Let it in."""

    security: LinkSecurity
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Denied:
    """Refuse it with an HTTP status (401 for known and unknown alike); `reason` is for the attempt log."""

    status: int
    reason: str


class Admission(Protocol):
    """Authenticates a connection."""

    async def admit(self, request: ConnectionRequest) -> Admitted | Denied: ...


@dataclass(frozen=True, slots=True)
class BootDecision:
    """What to answer a boot; `reason_code` (≤ 20) and `additional_info` (≤ 512) go to 2.x stations."""

    status: RegistrationStatus
    interval_s: int
    reason_code: str | None = None
    additional_info: str | None = None


class Owners(Protocol):
    """Knows to whom a station belongs: to the site that it is at, and to the organisation of that."""

    def of_station(self, station_id: StationId) -> Resource:
        """From memory. One at no place, or that nobody knows, belongs to the default organisation."""
        ...

    def of_site(self, site_id: str) -> Resource | None:
        """From memory; None where there is no such site."""
        ...


def owner_of_named(resolver: IdentityResolver, owners: Owners, typed: str) -> Resource:
    """To whom belongs the station that somebody typed. What can be no station's name is nobody's: what is
    wrong with it, the route says that was asked.
    """
    try:
        return owners.of_station(resolver.resolve(typed))
    except IdentityRefused:
        return SERVER


class BootPolicy(Protocol):
    """Decides the answer to BootNotification, and whether a station that does not boot is registered."""

    async def decide(self, station_id: StationId, boot: BootNotification) -> BootDecision: ...

    async def restore(self, station_id: StationId) -> RegistrationStatus | None:
        """The registration to go on with on a connection without a boot; None: ask the station to boot."""
        ...


class PasswordUnfit(Exception):  # noqa: N818 - named like the decision it is
    """A station must not be given this password. The text says why, and never repeats it."""


class CredentialKeeper(Protocol):
    """Keeps the passwords of stations. Every CALL that would change one passes here before it leaves: a
    station that took a password of which nobody knew would be locked out (A01.FR.03)."""

    async def offered(self, station_id: StationId, version: OcppVersion, password: str) -> None:
        """Be ready for a station that comes with it. Raises PasswordUnfit. The one before stays valid."""
        ...

    async def refused(self, station_id: StationId) -> None:
        """The station did not take it: the one before counts (A01.FR.04)."""
        ...


class TokenSource(Protocol):
    """Knows the id tokens."""

    async def find(self, id_token: IdToken) -> IdTokenInfo:
        """The verdict on the token itself; UNKNOWN where nobody knows it."""
        ...


class AuthorizationPolicy(Protocol):
    """May this token charge at this station now? Applied on top of the token's own verdict."""

    async def authorize(
        self, station_id: StationId, evse_id: int | None, id_token: IdToken, info: IdTokenInfo, at: datetime
    ) -> IdTokenInfo: ...


class ConcurrencyPolicy(Protocol):
    """Knows how many transactions a token may have at once."""

    def limits_for(self, id_token: IdToken, info: IdTokenInfo) -> tuple[ConcurrencyLimit, ...]:
        """The limits that a transaction of this token must stay within; from memory."""
        ...


class TariffSource(Protocol):
    """Knows the price at a station."""

    async def tariff_for(self, station_id: StationId) -> Tariff | None: ...


@dataclass(frozen=True, slots=True)
class ChangePart:
    """What the central system stores as part of a change of another part's, or with nothing else: the same
    transaction writes it, and its memory moves when that is committed, before anybody is told.
    """

    write: Callable[[Connection], None]
    apply: Callable[[], None]


StoreToken = Callable[[IdToken, str, ChangePart], Awaitable[object]]
"""Stores the verdict on a token, and who gave it, with what follows from it at the stations that list it."""

StoreChoice = Callable[[StationId, bool | None, ChangePart], Awaitable[object]]
"""Stores what was chosen for a station, and what follows from it being under test or not (None: as it is)."""


class EventSink(Protocol):
    """Where the events of a change go that another part makes: with its rows into its own transaction, and to
    whoever listens when that is committed (architecture §4.16).
    """

    def write(self, connection: Connection, events: Sequence[StationEvent]) -> None:
        """Into the outbox, where there is one; in the writer, before the commit."""
        ...

    def publish(self, events: Sequence[StationEvent]) -> None:
        """To the bus, and the broker is woken; after the commit, in the order of the commits."""
        ...


class Presence(Protocol):
    """Which link a station has, wherever it is held: on one node memory knows, on many the table of links.

    Nothing above the gateway may assume that a station's socket is in its own process.
    """

    async def link(self, station_id: StationId) -> LinkView | None:
        """The station's link; None while it is offline."""
        ...

    async def links(self, station_ids: Collection[StationId]) -> Mapping[StationId, LinkView]:
        """Those of these stations that are connected, each with its link."""
        ...


class Ownership(Protocol):
    """What whoever leads stations keeps on their rows here, in the transaction of the change that it follows
    from: so lists are filtered, counted and put in order by the database.
    """

    def write(self, connection: Connection, owned: Sequence[OwnedStation], at: datetime) -> None:
        """They are so since `at`; rows of stations that were never here are made."""
        ...

    def forget(self, connection: Connection, station_ids: Sequence[StationId]) -> None:
        """Nobody leads them any more."""
        ...

    def stored(self, connection: Connection) -> Sequence[OwnedStation]:
        """All that somebody leads, as they were written."""
        ...


class StationDetails(Protocol):
    """What else is known of a station, merged into the API's and the console's view of it."""

    lifecycles: Sequence[str]
    """The words that `lifecycle` can be, in order."""

    def details(self, station_id: StationId) -> StationDetailsAnswer:
        """What is told of it."""
        ...

    def troubled(self) -> Collection[StationId]:
        """Those with something in the way that only memory knows of; few, as a rule none."""
        ...

    def watch(self, changed: Callable[[StationId], object]) -> None:
        """Call `changed` with each station whose details have changed, from now on."""
        ...
