"""What the routes take. Unknown members are refused, so that a typing error does not pass for a default."""

from datetime import date, time
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    SecretStr,
    WithJsonSchema,
    model_validator,
)

from charging.calendar import Period
from ocppj.vocabulary import IdToken, IdTokenType
from provisioning.activation.runs import StepName
from provisioning.rules.photos import PhotoClaim
from provisioning.rules.positions import Position
from provisioning.use_cases.purchasing import OrderLine
from runtime.bodies import Body
from runtime.wording import Phrase

_OWN_TIME = Phrase(
    "donnez heures et minutes à l'heure du site, telles que 08:00, sans secondes ni fuseau",
    "give hours and minutes of the site's own time, such as 08:00, without seconds or a zone",
)
_NAME_A_BOX = Phrase(
    "donnez l'adresse MAC (mac) de la boîte, ou l'identité (identity) avec laquelle elle se connecte",
    "give the box's mac, or the identity it connects with",
)
_A_PLACE = Phrase(
    "donnez place_id, ou name, latitude et longitude d'un nouvel emplacement",
    "give a place_id, or name, latitude and longitude of a new place",
)
_BOTH = Phrase("donnez latitude et longitude ensemble", "give latitude and longitude together")


def _minute(at: time) -> time:
    """Hours are kept by the minute, in the zone of the site: more than that is not silently dropped."""
    if at.second or at.microsecond or at.tzinfo is not None:
        raise ValueError(_OWN_TIME)
    return at


Name = Annotated[str, Field(min_length=1, max_length=200)]
Micro = Annotated[int, Field(ge=0, le=10**15)]
Share = Annotated[float | None, Field(ge=0, le=1)]
"""Of a plan's width or height, from its top left."""
Minute = Annotated[
    time,
    AfterValidator(_minute),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:00)?$", "example": "08:00"}),
]
OrganisationId = Annotated[str | None, Field(default=None, max_length=64)]
"""Whose it is; who belongs to one need not say."""
ClaimCode = Annotated[SecretStr, Field(min_length=8, max_length=64)]


class OrderLineBody(Body):
    """One box: `mac`, or `identity` where it has none. Without `claim_code` one is made."""

    mac: str | None = Field(default=None, max_length=64)
    identity: str | None = Field(default=None, min_length=1, max_length=48)
    more_macs: list[str] = Field(default_factory=list, max_length=16)
    serial: str | None = Field(default=None, max_length=64)
    model: str | None = Field(default=None, max_length=64)
    claim_code: ClaimCode | None = None

    @model_validator(mode="after")
    def _names_a_box(self) -> "OrderLineBody":
        if not self.mac and not self.identity:
            raise ValueError(_NAME_A_BOX)
        return self

    def line(self) -> OrderLine:
        """For the use cases."""
        code = self.claim_code.get_secret_value() if self.claim_code else None
        return OrderLine(self.mac, self.identity, tuple(self.more_macs), self.serial, self.model, code)


class OrderBody(Body):
    """An order."""

    reference: Name
    contact: str | None = Field(default=None, max_length=200)
    manager_contact: Name | None = None
    receiving_contact: Name | None = None
    lines: list[OrderLineBody] = Field(min_length=1, max_length=1000)


class InstallerBody(Body):
    """A person who localizes stations; `account` is the login or token name that claims are made with."""

    name: Name
    account: Name
    email: str | None = Field(default=None, max_length=200)
    company: str | None = Field(default=None, max_length=200)


class SiteBody(Body):
    """A site. `zone` is an IANA time zone."""

    name: Name
    zone: str = Field(default="America/Toronto", max_length=64)
    address: str | None = Field(default=None, max_length=500)
    tariff_id: str | None = None
    is_list_exclusive: bool = False
    activates_on_claim: bool = True
    organisation_id: OrganisationId = None


class SiteChanges(Body):
    """What changes of a site; absent members stay."""

    name: Name | None = None
    zone: str | None = Field(default=None, max_length=64)
    address: str | None = Field(default=None, max_length=500)
    tariff_id: str | None = None
    is_list_exclusive: bool | None = None
    activates_on_claim: bool | None = None

    def changes(self) -> dict[str, Any]:
        """The members that were given; only address and tariff can be taken away with null."""
        given = self.model_dump(exclude_unset=True)
        return {k: v for k, v in given.items() if v is not None or k in {"address", "tariff_id"}}


class PositionBody(Body):
    """A known place, or a new one on a site. `accuracy_m`: the position was measured, and is so far off at
    most; worse than 30 m it is kept, and is not the place's pin.
    """

    place_id: str | None = None
    site_id: str | None = None
    name: str | None = Field(default=None, min_length=1, max_length=200)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    floor: str | None = Field(default=None, max_length=50)
    plan_x: Share = None
    plan_y: Share = None
    accuracy_m: float | None = Field(default=None, ge=0, le=1e7)

    @model_validator(mode="after")
    def _is_somewhere(self) -> "PositionBody":
        is_pinned = None not in (self.name, self.latitude, self.longitude)
        if self.place_id is None and not is_pinned:
            raise ValueError(_A_PLACE)
        return self

    def position(self) -> Position:
        """For the use cases."""
        return Position(
            self.place_id,
            self.site_id,
            self.name,
            self.latitude,
            self.longitude,
            self.floor,
            self.accuracy_m,
            self.plan_x,
            self.plan_y,
        )


class PlaceBody(Body):
    """A place on a site."""

    site_id: str
    name: Name
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    floor: str | None = Field(default=None, max_length=50)
    plan_x: Share = None
    plan_y: Share = None


class PlaceChanges(Body):
    """What changes of a place; absent members stay."""

    name: Name | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    floor: str | None = Field(default=None, max_length=50)
    plan_x: Share = None
    plan_y: Share = None

    @model_validator(mode="after")
    def _has_whole_pin(self) -> "PlaceChanges":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError(_BOTH)
        return self

    def changes(self) -> dict[str, Any]:
        """The members that were given; floor and position on its plan can be taken away with null."""
        given = self.model_dump(exclude_unset=True)
        return {k: v for k, v in given.items() if v is not None or k in {"floor", "plan_x", "plan_y"}}


class NameBody(Body):
    """Another name of a station: a MAC in any spelling, or the identity it connects with."""

    mac: str = Field(min_length=1, max_length=64)


class ClaimBody(PositionBody):
    """What is on the label, and where the station is."""

    mac: str = Field(max_length=64)
    claim_code: Annotated[SecretStr, Field(min_length=1, max_length=64)]


class AdoptionBody(Body):
    """A station that nobody ordered, by MAC or identity; with a place, or a claim code comes back."""

    station_id: str = Field(min_length=1, max_length=64)
    position: PositionBody | None = None
    note: str | None = Field(default=None, max_length=500)


class PeriodBody(Body):
    """Open from `opens` to `closes`; closing at or before opening means the next day, equal is 24 hours."""

    opens: Minute
    closes: Minute

    def period(self) -> Period:
        """For the calendar."""
        return Period(self.opens, self.closes)


class HoursBody(Body):
    """`weekly`: seven days, Monday first; null is always open. A date in `exceptions` replaces its day."""

    weekly: list[list[PeriodBody]] | None = Field(default=None, min_length=7, max_length=7)
    exceptions: dict[date, list[PeriodBody]] = Field(default_factory=dict)

    def weekly_periods(self) -> tuple[tuple[Period, ...], ...] | None:
        """For the calendar."""
        if self.weekly is None:
            return None
        return tuple(tuple(each.period() for each in day) for day in self.weekly)

    def exception_periods(self) -> dict[str, tuple[Period, ...]]:
        """For the calendar, by ISO date."""
        return {
            day.isoformat(): tuple(each.period() for each in periods)
            for day, periods in self.exceptions.items()
        }


class SiteTokenBody(Body):
    """An id token."""

    value: str = Field(min_length=1, max_length=36)
    type: IdTokenType = IdTokenType.ISO14443

    def token(self) -> IdToken:
        """For the list."""
        return IdToken(self.value, self.type)


class TokensBody(Body):
    """A site's whole authorization list."""

    tokens: list[SiteTokenBody] = Field(max_length=20_000)


class ActivationBody(Body):
    """Which steps to do; all of them where none is named."""

    steps: list[StepName] = Field(default_factory=list)


class PasswordBody(Body):
    """A password as the station sends it, or its hexadecimal digits; it goes into no log and no answer."""

    password: SecretStr = Field(max_length=200)


class ReadingsBody(Body):
    """What was measured before power, by the ids of the product file, in its units."""

    readings: dict[str, Annotated[float, Field(allow_inf_nan=False)]] = Field(min_length=1, max_length=50)


class ChecksBody(Body):
    """Lines of the product's checklist that are so, such as `check-1`."""

    checks: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(min_length=1, max_length=100)


class PhotoBody(Body):
    """A photo that is to come: of what, the SHA-256 of its bytes and how many; what the phone says of it."""

    item: str = Field(min_length=1, max_length=60)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1, le=1 << 30)
    taken_at: AwareDatetime | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)

    def claim(self) -> PhotoClaim:
        """For the use case."""
        return PhotoClaim(**self.model_dump())


class FinishBody(Body):
    """The name of who takes the station over, where somebody does."""

    handed_to: str | None = Field(default=None, min_length=1, max_length=100)


class WindowBody(Body):
    """The token that may charge while a station is tried out, and for how many seconds; 900 at most."""

    id_token: str = Field(min_length=1, max_length=36)
    id_token_type: IdTokenType = IdTokenType.ISO14443
    lasts_s: int = Field(default=900, ge=1, le=900)

    def token(self) -> IdToken:
        """For the use case."""
        return IdToken(self.id_token, self.id_token_type)


class SuspensionBody(Body):
    """Why the station is taken out of service."""

    reason: Name
