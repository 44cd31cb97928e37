"""Station templates: what a kind of station is. YAML files, checked; some ship with the program."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from charging.mac import Mac, MacInvalid, parse_mac
from ocppj.versions import OcppVersion
from runtime.chance import Chance
from simulator.errors import TemplateError
from simulator.model.vehicle import Vehicle

VERSIONS = {"1.6": OcppVersion.V16, "2.0.1": OcppVersion.V201, "2.1": OcppVersion.V21}
Share = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EvseTemplate(_Part):
    """One EVSE and its connectors."""

    max_power_w: Annotated[float, Field(gt=0, le=1_000_000)] = 22_080
    phases: Literal[1, 3] = 3
    connectors: Annotated[int, Field(ge=1, le=4)] = 1
    has_socket: bool = True
    """False: the cable is fixed to the station and cannot be unlocked."""


class MonitorTemplate(_Part):
    """A monitor of the station's maker (2.x); a hard-wired one nobody can change."""

    variable: str
    evse_id: Annotated[int, Field(ge=1)] | None = None
    type: Literal["UpperThreshold", "LowerThreshold", "Delta", "Periodic", "PeriodicClockAligned"]
    value: float
    severity: Annotated[int, Field(ge=0, le=9)] = 8
    is_hard_wired: bool = False


class VehicleTemplate(_Part):
    """The car that is plugged in when nobody says which."""

    battery_wh: Annotated[float, Field(gt=0)] = 60_000
    max_power_w: Annotated[float, Field(gt=0)] = 11_000
    arrives_with: Share = 0.4
    taper_from: Annotated[float, Field(ge=0, le=0.99)] = 0.85

    def vehicle(self) -> Vehicle:
        """The car."""
        return Vehicle(**self.model_dump())


class StationTemplate(_Part):
    """A kind of station. Variables are named `Component.Variable` or `Component.Variable[instance]`."""

    description: str = ""
    version: Literal["1.6", "2.0.1", "2.1"]
    vendor: Annotated[str, Field(min_length=1, max_length=20)]
    model: Annotated[str, Field(min_length=1, max_length=20)]
    firmware: Annotated[str, Field(min_length=1, max_length=50)] = "1.0.0"
    mac_prefix: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){2}$")] = "02:B0:12"
    evses: Annotated[list[EvseTemplate], Field(min_length=1, max_length=32)] = [EvseTemplate()]
    vehicle: VehicleTemplate = VehicleTemplate()
    start_s: Annotated[float, Field(ge=0, le=600)] = 3.0
    """From power on, or a reset, to the first attempt to connect."""
    list_entries: Annotated[int, Field(ge=0, le=100_000)] = 500
    """How many tokens its local list holds."""
    shows_price: bool = False
    """Whether it has a display for prices: 1.6 `DefaultPrice`, 2.0.1 `TariffCostCtrlr`."""
    shows_messages: bool = False
    """Whether its display shows messages of the central system (2.x block O)."""
    reports_status_by: Literal["status", "event", "both"] = "status"
    """A new status of a connector, of 2.x: StatusNotification, NotifyEvent instead, or both (G01)."""
    obeys_limits: bool = True
    """False: it accepts charging profiles and charges as if there were none."""
    monitors: Annotated[list[MonitorTemplate], Field(max_length=50)] = []
    """What it watches from the first day (2.x)."""
    variables: dict[str, str] = {}
    """Values that differ from the usual ones."""
    read_only: list[str] = []
    needs_reboot: list[str] = []
    lacks: list[str] = []
    """Variables that this kind of station does not have."""

    @property
    def ocpp(self) -> OcppVersion:
        """The version it speaks."""
        return VERSIONS[self.version]


@dataclass(frozen=True, slots=True)
class StationIdentity:
    """Which station it is. `station_id` is what stands in the URL; it never changes."""

    station_id: str
    mac: Mac
    vendor: str
    model: str
    serial: str
    firmware: str


def identify(
    template: StationTemplate,
    *,
    mac: str | None = None,
    chance: Chance | None = None,
    station_id: str | None = None,
    vendor: str | None = None,
    model: str | None = None,
    serial: str | None = None,
    firmware: str | None = None,
) -> StationIdentity:
    """A station of this kind. Without a MAC, `chance` makes one with the template's prefix.

    The id is the MAC, as twelve or sixteen upper-case digits, unless another is given. Raises TemplateError.
    """
    if mac is None:
        if chance is None:
            raise TemplateError("a station needs a MAC address, or chance to make one up")
        mac = template.mac_prefix + "".join(f":{chance.integer(0, 255):02X}" for _ in range(3))
    try:
        address = parse_mac(mac)
    except MacInvalid as problem:
        raise TemplateError(str(problem)) from None
    return StationIdentity(
        station_id=station_id or address.hex.upper(),
        mac=address,
        vendor=vendor or template.vendor,
        model=model or template.model,
        serial=serial or f"SN{address.hex[-8:].upper()}",
        firmware=firmware or template.firmware,
    )


def shipped_templates() -> dict[str, StationTemplate]:
    """The templates that ship with the program, by name."""
    found = {}
    for entry in files("simulator.templates").iterdir():
        if entry.name.endswith(".yaml"):
            found[entry.name.removesuffix(".yaml")] = _parse(entry.read_text(encoding="utf-8"), entry.name)
    return dict(sorted(found.items()))


def load_template(name: str) -> StationTemplate:
    """A shipped template by its name, or one from a file (anything that ends in .yaml or .yml).

    Raises TemplateError with the file, the place in it and the rule.
    """
    if name.endswith((".yaml", ".yml")):
        try:
            return _parse(Path(name).read_text(encoding="utf-8"), name)
        except OSError as error:
            raise TemplateError(f"cannot read the template {name}: {error.strerror or error}") from None
        except UnicodeDecodeError:
            raise TemplateError(f"the template {name} is not UTF-8 text") from None
    templates = shipped_templates()
    if name not in templates:
        raise TemplateError(
            f"there is no template {name!r}: choose one of {', '.join(templates)}, or give a .yaml file"
        )
    return templates[name]


def _parse(text: str, where: str) -> StationTemplate:
    try:
        content: Any = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise TemplateError(
            f"{where}{line}: this is no YAML: {getattr(error, 'problem', None) or error}"
        ) from None
    try:
        return StationTemplate.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise TemplateError(f"{where}: {place}: {first['msg']}") from None
