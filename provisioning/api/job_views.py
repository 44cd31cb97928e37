"""Jobs for the API and the pages alike: what is to be done, what is missing, and the whole of it for a phone.

A pack holds all that the installer needs without a network. Of claim codes it holds nothing: their last
character is a check of the ones before (`provisioning.credentials.check_character`), so that a slip of the
finger is told offline with no more than the rule. A hash of the code itself, however slow, could be tried on
by whoever finds the phone: a code has 40 bits.
"""

from typing import Literal
from urllib.parse import quote, urlsplit

from charging.mac import find_mac
from provisioning.blockers import Blocker, Severity
from provisioning.credentials import CLAIM_CHARACTERS
from provisioning.details import mac_label
from provisioning.records import Device, Job, JobStop, Place, Site
from provisioning.rules.travel import is_ready
from provisioning.settings import ProvisioningSettings
from provisioning.station_cache import StationCache
from provisioning.use_cases.jobs import PlannedJob
from runtime.chance import CROCKFORD
from runtime.texts import instant_text
from runtime.views import InstantText, View


class MissingView(View, frozen=True, kw_only=True):
    """What is missing before anybody travels, who clears it and how: a line of the catalogue.

    `page`, `command` and `route` say where; `place_id` and `station_id` are told where it is about one.
    """

    code: str
    severity: Severity
    text_fr: str
    text_en: str
    way_out_fr: str
    way_out_en: str
    page: str | None
    command: str | None
    route: str | None
    who_clears: str
    place_id: str | None
    station_id: str | None


class JobStopView(View, frozen=True, kw_only=True):
    """A place of a job, the box meant for it, and the one that it replaces; `is_done`: the box is there."""

    place_id: str
    name: str
    floor: str | None
    station_id: str | None
    mac: str | None
    replaces: str | None
    is_done: bool


class JobView(View, frozen=True, kw_only=True):
    """A job. `missing` is what is missing before anybody travels; `is_ready`: nothing of it holds that up."""

    job_id: str
    site_id: str
    site: str
    day: str
    installer: str | None
    note: str | None
    stops: tuple[JobStopView, ...]
    is_ready: bool
    is_done: bool
    missing: tuple[MissingView, ...]
    created_at: InstantText
    created_by: str
    cancelled_at: str | None


class OcppAddressView(View, frozen=True, kw_only=True):
    """What is typed into a station: the URL as a whole, and as the fields that menus ask for. `path` has the
    station's id at its end; `base` is the URL without it, for menus that add it themselves.
    """

    url: str
    base: str
    scheme: Literal["ws", "wss"]
    host: str
    port: int
    path: str
    identity: str


class PackStationView(View, frozen=True, kw_only=True):
    """A box that is expected: all MACs that it goes by, and what to type into it."""

    station_id: str
    mac: str | None
    macs: tuple[str, ...]
    serial: str | None
    vendor: str | None
    model: str | None
    is_seen: bool
    ocpp: OcppAddressView | None


class PackPlaceView(View, frozen=True, kw_only=True):
    """A place of the job, where it is, and who is to be there instead of whom."""

    place_id: str
    name: str
    floor: str | None
    latitude: float | None
    longitude: float | None
    station_id: str | None
    replaces: PackStationView | None
    is_done: bool


class PackSiteView(View, frozen=True, kw_only=True):
    """Where to go."""

    site_id: str
    name: str
    address: str | None
    zone: str


class ContactView(View, frozen=True, kw_only=True):
    """Whom to ring."""

    name: str
    phone: str


class ClaimCodeFormView(View, frozen=True, kw_only=True):
    """How a code that was made here is checked without a network: `characters` of the alphabet, then one that
    is their number (base 32, most significant first) modulo `modulus`, written in `check_alphabet`. A code of
    another length was chosen by who ordered the box, and has no check.
    """

    alphabet: str
    characters: int
    check_alphabet: str
    modulus: int


class JobPackView(View, frozen=True, kw_only=True):
    """A whole job for a phone that will have no network. `as_of`: what has changed since is not in it."""

    job: JobView
    as_of: InstantText
    public_url: str | None
    site: PackSiteView
    team: ContactView | None
    places: tuple[PackPlaceView, ...]
    stations: tuple[PackStationView, ...]
    claim_code: ClaimCodeFormView


def job_view(known: StationCache, shown: PlannedJob) -> JobView:
    """A job as it is."""
    job = shown.job
    return JobView(
        job_id=job.job_id,
        site_id=job.site_id,
        site=known.sites[job.site_id].name,
        day=job.day.isoformat(),
        installer=job.account,
        note=job.note,
        stops=tuple(_stop_view(known, each, is_done=each.place_id in shown.done) for each in job.stops),
        is_ready=is_ready(shown.missing),
        is_done=shown.is_done,
        missing=tuple(_missing_view(each.blocker, each.place_id, each.station_id) for each in shown.missing),
        created_at=instant_text(job.created_at),
        created_by=job.created_by,
        cancelled_at=instant_text(job.cancelled_at) if job.cancelled_at is not None else None,
    )


def pack_view(known: StationCache, shown: PlannedJob, settings: ProvisioningSettings) -> JobPackView:
    """All of a job."""
    site, job = known.sites[shown.job.site_id], shown.job
    has_contact = bool(settings.team_name or settings.team_phone)
    return JobPackView(
        job=job_view(known, shown),
        as_of=instant_text(known.clock.now()),
        public_url=settings.public_url or None,
        site=_site_view(site),
        team=ContactView(name=settings.team_name, phone=settings.team_phone) if has_contact else None,
        places=tuple(_place_view(known, each, shown, settings) for each in job.stops),
        stations=_stations(known, job, settings),
        claim_code=CLAIM_CODE_FORM,
    )


CLAIM_CODE_FORM = ClaimCodeFormView(
    alphabet=CROCKFORD, characters=CLAIM_CHARACTERS, check_alphabet=CROCKFORD, modulus=37
)


def ocpp_address(base: str, device: Device) -> OcppAddressView | None:
    """What is typed into a box; None where nobody said where stations connect."""
    if not base:
        return None
    parts = urlsplit(base)
    identity = mac_label(device) or device.station_id
    named = quote(identity, safe=":")
    is_secure = parts.scheme == "wss"
    return OcppAddressView(
        url=f"{base}/{named}",
        base=base,
        scheme="wss" if is_secure else "ws",
        host=parts.hostname or "",
        port=parts.port or (443 if is_secure else 80),
        path=f"{parts.path}/{named}",
        identity=identity,
    )


def _stations(known: StationCache, job: Job, settings: ProvisioningSettings) -> tuple[PackStationView, ...]:
    found = (known.devices.get(each) for each in job.boxes)
    return tuple(_station_view(each, settings) for each in found if each is not None)


def _station_view(device: Device, settings: ProvisioningSettings) -> PackStationView:
    return PackStationView(
        station_id=device.station_id,
        mac=mac_label(device),
        macs=tuple(mac.label for name in device.macs if (mac := find_mac(name))),
        serial=device.serial,
        vendor=device.vendor,
        model=device.model,
        is_seen=device.first_seen_at is not None,
        ocpp=ocpp_address(settings.ocpp_url, device),
    )


def _place_view(
    known: StationCache, stop: JobStop, shown: PlannedJob, settings: ProvisioningSettings
) -> PackPlaceView:
    place: Place = known.places[stop.place_id]
    old = known.devices.get(stop.replaces) if stop.replaces is not None else None
    return PackPlaceView(
        place_id=place.place_id,
        name=place.name,
        floor=place.floor,
        latitude=place.latitude,
        longitude=place.longitude,
        station_id=stop.station_id,
        replaces=_station_view(old, settings) if old is not None else None,
        is_done=stop.place_id in shown.done,
    )


def _site_view(site: Site) -> PackSiteView:
    return PackSiteView(site_id=site.site_id, name=site.name, address=site.address, zone=site.zone)


def _stop_view(known: StationCache, stop: JobStop, *, is_done: bool) -> JobStopView:
    place = known.places[stop.place_id]
    device = known.devices.get(stop.station_id) if stop.station_id is not None else None
    return JobStopView(
        place_id=place.place_id,
        name=place.name,
        floor=place.floor,
        station_id=stop.station_id,
        mac=mac_label(device) if device is not None else None,
        replaces=stop.replaces,
        is_done=is_done,
    )


def _missing_view(blocker: Blocker, place_id: str | None, station_id: str | None) -> MissingView:
    where = blocker.way_out.as_json
    return MissingView(
        code=blocker.code.value,
        severity=blocker.severity,
        text_fr=blocker.text.fr,
        text_en=blocker.text.en,
        way_out_fr=blocker.way_out.fr,
        way_out_en=blocker.way_out.en,
        page=where["page"],
        command=where["command"],
        route=where["route"],
        who_clears=blocker.who_clears.value,
        place_id=place_id,
        station_id=station_id,
    )
