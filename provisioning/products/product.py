"""What a product file may hold (docs/reference/products.md). A typing error never passes for a default."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Text = Annotated[str, Field(min_length=1, max_length=500)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
VersionName = Literal["1.6", "2.0.1", "2.1"]


class Strict(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BothTexts(Strict):
    """A text for people in both languages."""

    fr: Text
    en: Text


def _texts(value: Any) -> Any:
    """Versions and firmwares may look like numbers in YAML."""
    found = value if isinstance(value, list) else [value]
    return tuple(str(each) for each in found)


class AppliesTo(Strict):
    """Which stations it is: what they say of themselves, in any case; `*` and `?` stand for what may vary."""

    vendor: Text = "*"
    model: Text = "*"


class ConnectorKind(StrEnum):
    """What the car's cable meets."""

    TYPE1 = "type1"
    TYPE1_CABLE = "type1-cable"
    TYPE2 = "type2"
    TYPE2_CABLE = "type2-cable"
    CCS1 = "ccs1"
    CCS2 = "ccs2"
    CHADEMO = "chademo"
    NACS = "nacs"
    OTHER = "other"


class ProductConnector(Strict):
    """One connector, and the EVSE it belongs to."""

    evse: Annotated[int, Field(ge=1, le=100)]
    kind: ConnectorKind


class FieldKind(StrEnum):
    """What a field of a station's menu asks for."""

    URL = "url"
    """The whole URL, with the station's id at its end."""
    URL_WITHOUT_ID = "url-without-id"
    """The URL without the station's id, which has a field of its own or is put behind it by the station."""
    HOST = "host"
    PORT = "port"
    PATH = "path"
    PATH_WITH_ID = "path-with-id"
    STATION_ID = "station-id"
    TLS = "tls"
    """A switch: encrypted or not."""
    VERSION = "ocpp-version"


class MenuField(Strict):
    """A field that somebody fills in at the station, as its menu names it."""

    asks: FieldKind
    name: BothTexts


class Menu(Strict):
    """Where the address is typed in: the way there, and the fields in their order."""

    path: BothTexts
    fields: Annotated[tuple[MenuField, ...], Field(min_length=1, max_length=20)]


class SafetyReading(Strict):
    """Something that is measured before the power is on, and what it may be. Both bounds belong to it."""

    reading: Identifier
    name: BothTexts
    unit: Annotated[str, Field(min_length=1, max_length=10)]
    at_least: Annotated[float, Field(allow_inf_nan=False)] | None = None
    at_most: Annotated[float, Field(allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _is_bounded(self) -> "SafetyReading":
        if self.at_least is None and self.at_most is None:
            raise ValueError("a reading needs a bound: give at_least, at_most, or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least is above at_most: nothing would pass")
        return self

    @property
    def bounds_text(self) -> str:
        """What passes, for people: `≥ 0, ≤ 1`."""
        bounds = (("≥", self.at_least), ("≤", self.at_most))
        return ", ".join(f"{sign} {value:g}" for sign, value in bounds if value is not None)

    def is_within(self, value: float) -> bool:
        """Whether a measured value passes."""
        is_enough = self.at_least is None or value >= self.at_least
        return is_enough and (self.at_most is None or value <= self.at_most)


class Cellular(Strict):
    """Whether it has to have mobile reception, and the weakest signal that will do, in dBm."""

    is_required: bool = False
    weakest_dbm: Annotated[int, Field(ge=-150, le=0)] | None = None


class PhotoWanted(Strict):
    """A photo that belongs to a finished installation."""

    photo: Identifier
    name: BothTexts


class SiteSection(StrEnum):
    """What a site design guide speaks of."""

    LAYOUT = "layout"
    ENGINEERING = "engineering"
    """Civil and electrical."""
    MOUNTING = "mounting"
    """A concrete pad, or a wall."""
    CELLULAR = "cellular"


class SiteItem(Strict):
    """Something that has to be so at a site before anything is mounted there."""

    item: Identifier
    section: SiteSection
    name: BothTexts
    is_safety: bool = False
    """Where it is not so, nothing is installed, whatever else is ready."""


class GuideKind(StrEnum):
    """What a guide is for."""

    DESIGN = "design"
    """For who prepares the site."""
    INSTALL = "install"
    """For who mounts the station."""


LongText = Annotated[str, Field(min_length=1, max_length=4000)]


class LongTexts(Strict):
    """A longer text in both languages."""

    fr: LongText
    en: LongText


class GuidePage(Strict):
    """A page of a guide."""

    title: BothTexts
    text: LongTexts


class Guide(Strict):
    """What somebody reads before the work, kept with the product so that it is there without a network."""

    guide: GuideKind
    version: Annotated[int, Field(ge=1)]
    """Counted up with each change: who read the one before has to read it again."""
    name: BothTexts
    pages: Annotated[tuple[GuidePage, ...], Field(min_length=1, max_length=50)]


class Product(Strict):
    """One model, or a family of models that is installed alike."""

    product: Identifier
    version: Annotated[int, Field(ge=1)]
    """Counted up by whoever changes the file: a finished check keeps the version it was held against."""
    name: BothTexts
    applies_to: Annotated[tuple[AppliesTo, ...], Field(min_length=1)]
    ocpp: Annotated[tuple[VersionName, ...], BeforeValidator(_texts), Field(min_length=1)]
    connectors: tuple[ProductConnector, ...] = ()
    """Empty: as many as the station reports."""
    wanted_firmware: Annotated[tuple[Text, ...], BeforeValidator(_texts)] = ()
    """Versions that will do, with `*` and `?`; empty: any."""
    menu: Menu
    has_lock: bool = False
    has_display: bool = False
    is_dc: bool = False
    certification: Identifier | None = None
    """The family of products that who installs it is certified for."""
    commissioning: Literal["none", "managed", "unknown"] = "none"
    cellular: Cellular = Cellular()
    before_power: tuple[SafetyReading, ...] = ()
    photos: tuple[PhotoWanted, ...] = ()
    checklist: tuple[BothTexts, ...] = ()
    """Lines for the installer to go through; nobody measures them."""
    site: tuple[SiteItem, ...] = ()
    """What has to be so at a site before it is mounted there."""
    guides: tuple[Guide, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> "Product":
        for kind, names in (
            ("reading", [each.reading for each in self.before_power]),
            ("photo", [each.photo for each in self.photos]),
            ("site item", [each.item for each in self.site]),
            ("guide", [each.guide.value for each in self.guides]),
        ):
            if twice := sorted({each for each in names if names.count(each) > 1}):
                raise ValueError(f"the {kind} {twice[0]} is there twice; give each its own name")
        return self
