"""What the routes of provisioning answer, for the API's own document. Members may be added."""

from typing import Any

from pydantic import BaseModel


class BlockerAnswer(BaseModel):
    """What is in the way, who clears it, and how."""

    code: str
    text: str
    text_fr: str
    text_en: str
    way_out: str
    way_out_fr: str
    who_clears: str
    about: str | None


class PriceRemarkAnswer(BlockerAnswer):
    """A component (`energy`, `idle`) with a price at a station that told nothing of it `since` then."""

    station_id: str
    component: str
    since: str


class LedStationAnswer(BaseModel):
    """What provisioning knows of a station."""

    station_id: str
    lifecycle: str | None
    blocked_by: list[BlockerAnswer]
    mac: str | None
    macs: list[str] = []
    who_clears: str | None = None
    remarks: list[BlockerAnswer] = []
    place: dict[str, Any] | None = None
    site: dict[str, Any] | None = None
    credential: str | None = None
    is_unauthenticated: bool | None = None
    availability: dict[str, Any] | None = None
    activation: dict[str, Any] | None = None


class GateAnswer(BaseModel):
    """One line of a station's checklist: `passed`, `blocked` by something, or `waiting` for another gate."""

    gate: str
    title: str
    title_fr: str
    status: str
    blocked_by: BlockerAnswer | None


class HistoryAnswer(LedStationAnswer):
    """The same, gate by gate, and how it came here, oldest first."""

    gates: list[GateAnswer]
    history: list[dict[str, Any]]


class UnassignedAnswer(LedStationAnswer):
    """The same, and whether it was at a place."""

    was_assigned: bool


class AdoptedAnswer(LedStationAnswer):
    """The same; `claim_code` is told this once, null where a place was given."""

    claim_code: str | None


class EvidenceAnswer(BaseModel):
    """One exchange of a step."""

    sent: str | None
    answered: str | None
    read_back: str | None


class StepAnswer(BaseModel):
    """A step of an activation."""

    step: str
    state: str
    attempts: int
    changed_at: str | None
    evidence: list[EvidenceAnswer]
    remarks: list[BlockerAnswer]


class RunAnswer(BaseModel):
    """An activation."""

    run_id: str
    started_at: str
    finished_at: str | None
    requested_by: str | None
    current: str | None
    steps: list[StepAnswer]


class ActivationAnswer(BaseModel):
    """The last activation of a station; null where there was none."""

    station_id: str
    run: RunAnswer | None


class ClaimCodeAnswer(BaseModel):
    """A claim code, told this once."""

    station_id: str
    claim_code: str


class BoxAnswer(BaseModel):
    """A box of an order; its claim code where it was made just now."""

    station_id: str
    mac: str | None
    serial: str | None
    model: str | None
    place: str | None
    claim_code: str | None = None
    lifecycle: str | None = None
    blocked_by: list[BlockerAnswer] = []


class OrderAnswer(BaseModel):
    """An order."""

    order_id: str
    reference: str
    contact: str | None
    created_at: str
    created_by: str
    lines: list[BoxAnswer]


class InstallerAnswer(BaseModel):
    """A person who localizes stations."""

    installer_id: str
    name: str
    account: str
    email: str | None
    company: str | None


class EntryAnswer(BaseModel):
    """A line of a journal: who did what, and when."""

    at: str


class ForgottenAnswer(BaseModel):
    """How many wrong tries were forgotten."""

    forgotten: int


class PeriodAnswer(BaseModel):
    """Open from `opens` to `closes`."""

    opens: str
    closes: str


class HoursAnswer(BaseModel):
    """Opening hours as they are written: seven days, or always open; and the days that are different."""

    weekly: list[list[PeriodAnswer]] | None
    exceptions: dict[str, list[PeriodAnswer]]


class HoursNowAnswer(HoursAnswer):
    """The same, and whether it is open."""

    zone: str
    is_open: bool
    changes_at: str | None


class SiteAnswer(HoursAnswer):
    """A site."""

    site_id: str
    name: str
    zone: str
    address: str | None
    tariff_id: str | None
    is_list_exclusive: bool
    activates_on_claim: bool
    tokens: int
    organisation_id: str | None
    """Null where it is who runs the server."""
    remarks: list[PriceRemarkAnswer]
    remarks_count: int


class ListedTokenAnswer(BaseModel):
    """An id token of a site's list."""

    value: str
    type: str


class SiteTokensAnswer(BaseModel):
    """A site's authorization list; `stations`: how many it is sent to."""

    tokens: list[ListedTokenAnswer]
    stations: int | None = None


class PlaceAnswer(BaseModel):
    """A place, and the station that is there."""

    place_id: str
    site_id: str
    name: str
    latitude: float | None
    longitude: float | None
    floor: str | None
    measured_latitude: float | None
    measured_longitude: float | None
    accuracy_m: float | None
    station_id: str | None


class TariffAnswer(BaseModel):
    """A tariff, in micro-units of its currency, with its text as shown to drivers."""

    tariff_id: str
    name: str
    currency: str
    energy_micro_per_kwh: int
    time_micro_per_h: int
    session_micro: int
    idle_micro_per_h: int
    idle_grace_s: int
    min_micro: int | None
    max_micro: int | None
    taxes: list[dict[str, Any]]
    text_fr: str
    text_en: str
    organisation_id: str | None
    """Null where it is who runs the server."""
    remarks: list[PriceRemarkAnswer]
    remarks_count: int


STATION = "/api/v1/stations/{station_id}"
ANSWERS: dict[str, Any] = {
    "POST /api/v1/orders": OrderAnswer,
    "GET /api/v1/orders": list[OrderAnswer],
    "GET /api/v1/orders/{order_id}": OrderAnswer,
    "POST /api/v1/installers": InstallerAnswer,
    "GET /api/v1/installers": list[InstallerAnswer],
    "POST /api/v1/claims": LedStationAnswer,
    "GET /api/v1/claims": list[EntryAnswer],
    "DELETE /api/v1/claims/locks/{target}": ForgottenAnswer,
    "POST /api/v1/adoptions": AdoptedAnswer,
    "GET /api/v1/adoptions": list[EntryAnswer],
    "POST /api/v1/sites": SiteAnswer,
    "GET /api/v1/sites": list[SiteAnswer],
    "GET /api/v1/sites/{site_id}": SiteAnswer,
    "PATCH /api/v1/sites/{site_id}": SiteAnswer,
    "GET /api/v1/sites/{site_id}/hours": HoursNowAnswer,
    "PUT /api/v1/sites/{site_id}/hours": HoursNowAnswer,
    "GET /api/v1/sites/{site_id}/tokens": SiteTokensAnswer,
    "PUT /api/v1/sites/{site_id}/tokens": SiteTokensAnswer,
    "POST /api/v1/places": PlaceAnswer,
    "GET /api/v1/places": list[PlaceAnswer],
    "PATCH /api/v1/places/{place_id}": PlaceAnswer,
    "POST /api/v1/tariffs": TariffAnswer,
    "GET /api/v1/tariffs": list[TariffAnswer],
    "GET /api/v1/tariffs/{tariff_id}": TariffAnswer,
    f"GET {STATION}/lifecycle": HistoryAnswer,
    f"POST {STATION}/suspend": LedStationAnswer,
    f"POST {STATION}/resume": LedStationAnswer,
    f"DELETE {STATION}/assignment": UnassignedAnswer,
    f"GET {STATION}/activation": ActivationAnswer,
    f"POST {STATION}/activation": ActivationAnswer,
    f"DELETE {STATION}/boxes": LedStationAnswer,
    f"PUT {STATION}/credential": LedStationAnswer,
    f"DELETE {STATION}/credential": LedStationAnswer,
    f"POST {STATION}/macs": LedStationAnswer,
    f"POST {STATION}/claim-code": ClaimCodeAnswer,
}
"""By route."""
