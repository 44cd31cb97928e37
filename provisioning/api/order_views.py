"""Orders, installers, claims and adoptions, as the API and the console tell them."""

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from csms.domain.station_details import BlockerAnswer
from provisioning.app import Provisioning
from provisioning.details import blocker_views, mac_label
from provisioning.records import AdoptionRecord, ClaimAttempt, Device, Installer, Order
from runtime.texts import instant_text
from runtime.views import View


class BoxAnswer(View, frozen=True, kw_only=True):
    """A box of an order, and how far it is: the first thing its owner wants to know. Its claim code where it
    was made just now.
    """

    station_id: str
    mac: str | None
    serial: str | None
    model: str | None
    place: str | None
    lifecycle: str | None
    blocked_by: tuple[BlockerAnswer, ...]
    who_clears: str | None
    remarks: tuple[BlockerAnswer, ...]
    claim_code: str | UnsetType | None = UNSET


class OrderAnswer(View, frozen=True, kw_only=True):
    """An order."""

    order_id: str
    reference: str
    contact: str | None
    created_at: str
    created_by: str
    lines: tuple[BoxAnswer, ...]
    manager_contact: str | None
    receiving_contact: str | None


class InstallerAnswer(View, frozen=True, kw_only=True):
    """A person who localizes stations."""

    installer_id: str
    name: str
    account: str
    email: str | None
    company: str | None


class ClaimAttemptAnswer(View, frozen=True, kw_only=True):
    """A try to claim `target`: by whom and when; the other ids where that was found, and granted."""

    claim_id: str
    target: str
    station_id: str | None
    account: str
    installer_id: str | None
    place_id: str | None
    at: str
    is_granted: bool


class AdoptionAnswer(View, frozen=True, kw_only=True):
    """Who took in a station that nobody ordered, and when."""

    adoption_id: str
    station_id: str
    at: str
    made_by: str
    note: str | None


class ForgottenAnswer(View, frozen=True, kw_only=True):
    """How many wrong tries were forgotten."""

    forgotten: int


def box_view(provisioning: Provisioning, device: Device) -> BoxAnswer:
    """A box of an order."""
    station_id = device.station_id
    status, place = (
        provisioning.details.lifecycle_status(station_id),
        provisioning.station_cache.place_of(station_id),
    )
    clearer = status.who_clears if status is not None else None
    return BoxAnswer(
        station_id=station_id,
        mac=mac_label(device),
        serial=device.serial,
        model=device.model,
        place=place.name if place is not None else None,
        lifecycle=status.state.value if status is not None else None,
        blocked_by=blocker_views(status.blocked_by if status is not None else ()),
        who_clears=clearer.value if clearer is not None else None,
        remarks=blocker_views(status.remarks if status is not None else ()),
    )


def new_box_view(box: BoxAnswer, claim_code: str | None) -> BoxAnswer:
    """A box that was ordered just now: its code is told this once."""
    return replace(box, claim_code=claim_code)


def order_view(order: Order, lines: tuple[BoxAnswer, ...]) -> OrderAnswer:
    """An order with its boxes."""
    return OrderAnswer(
        order_id=order.order_id,
        reference=order.reference,
        contact=order.contact,
        created_at=instant_text(order.created_at),
        created_by=order.created_by,
        lines=lines,
        manager_contact=order.manager_contact,
        receiving_contact=order.receiving_contact,
    )


def installer_view(installer: Installer) -> InstallerAnswer:
    """A person who localizes stations."""
    return InstallerAnswer(
        installer_id=installer.installer_id,
        name=installer.name,
        account=installer.account,
        email=installer.email,
        company=installer.company,
    )


def claim_attempt_view(attempt: ClaimAttempt) -> ClaimAttemptAnswer:
    """A try to claim."""
    return ClaimAttemptAnswer(
        claim_id=attempt.claim_id,
        target=attempt.target,
        station_id=attempt.station_id,
        account=attempt.account,
        installer_id=attempt.installer_id,
        place_id=attempt.place_id,
        at=instant_text(attempt.at),
        is_granted=attempt.is_granted,
    )


def adoption_view(adoption: AdoptionRecord) -> AdoptionAnswer:
    """Who took in a station."""
    return AdoptionAnswer(
        adoption_id=adoption.adoption_id,
        station_id=adoption.station_id,
        at=instant_text(adoption.at),
        made_by=adoption.made_by,
        note=adoption.note,
    )
