"""What an order comes to, and what is learnt of a box that showed up before it, or under other names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.boxes import KnownBoxes
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem, unknown_station
from provisioning.records import Device, Order, Place
from provisioning.rules.names import absorb_namesakes, shown_name, without_taken_serial
from runtime.audit import Act


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What is stored of what is ordered."""

    is_reference_taken: bool
    boxes: KnownBoxes


def assert_distinct(lines: Sequence[Device]) -> None:
    """No box twice, under whatever name; serial numbers aside. Raises E_ALREADY_ORDERED."""
    seen: set[str] = set()
    for line in lines:
        names = {line.station_id, *line.macs, *line.aliases} - {(line.serial or "").lower()}
        if names & seen:
            raise ProvisioningProblem(
                Code.ALREADY_ORDERED, mac=shown_name(min(names & seen)), id=line.station_id
            )
        seen |= names


def names_of(lines: Sequence[Device]) -> set[str]:
    """All names that these boxes are to go by."""
    return {name for line in lines for name in (line.station_id, *line.macs, *line.aliases)}


def ordered(facts: OrderFacts, order: Order, lines: Sequence[Device], acts: Sequence[Act]) -> ChangeSet:
    """The order with its lines, each on top of what is known of its box.

    Raises ProvisioningProblem: E_NAME_TAKEN, E_ALREADY_ORDERED.
    """
    if facts.is_reference_taken:
        raise ProvisioningProblem(Code.NAME_TAKEN, name=order.reference)
    change = ChangeSet(f"order {order.reference}", orders=[order], acts=list(acts))
    boxes = facts.boxes.copy()
    for line in lines:
        _keep_line(change, boxes, line)
    return change


def renamed(boxes: KnownBoxes, station_id: StationId, name: str, act: Act, *, is_mac: bool) -> ChangeSet:
    """Another name for a station. Raises ProvisioningProblem: E_STATION_UNKNOWN, E_ALREADY_ORDERED."""
    device = boxes.get(station_id)
    if device is None:
        raise unknown_station(station_id)
    change = ChangeSet(act.cause, acts=[act])
    macs, aliases = (
        ((*device.macs, name), device.aliases) if is_mac else (device.macs, (*device.aliases, name))
    )
    named = replace(device, macs=tuple(dict.fromkeys(macs)), aliases=tuple(dict.fromkeys(aliases)))
    change.put(device, _with_facts(named, absorb_namesakes(change, boxes.copy(), named)))
    return change


@dataclass(frozen=True, slots=True)
class CancelFacts:
    """What is stored of a station whose order is cancelled, and of the place where it is."""

    device: Device | None
    place: Place | None
    has_past: bool


def cancelled(facts: CancelFacts, station_id: StationId, act: Act) -> ChangeSet:
    """Nobody ordered it any more. Raises ProvisioningProblem: E_STATION_UNKNOWN, E_STILL_ASSIGNED."""
    device = facts.device
    if device is None:
        raise unknown_station(station_id)
    if device.place_id is not None:
        name = facts.place.name if facts.place is not None else device.place_id
        raise ProvisioningProblem(Code.STILL_ASSIGNED, place=name, id=station_id)
    change = ChangeSet(act.cause, acts=[act])
    if device.first_seen_at is None and not facts.has_past:
        change.gone.add(station_id)
    else:
        change.put(device, replace(device, order_id=None, adopted_at=None, claim_hash=None, test_window=None))
    return change


def _keep_line(change: ChangeSet, boxes: KnownBoxes, line: Device) -> None:
    """A line on top of what is known of the box; the records that this was found to be are gone."""
    line = without_taken_serial(boxes, line)
    absorbed = absorb_namesakes(change, boxes, line)
    stored = boxes.get(line.station_id)
    device = _with_facts(_ordered(stored, line), absorbed)
    change.put(stored, device)
    boxes.put(device)


def _ordered(stored: Device | None, line: Device) -> Device:
    """It may have shown up before it was ordered."""
    if stored is None:
        return line
    if stored.order_id is not None:
        raise ProvisioningProblem(Code.ALREADY_ORDERED, mac=shown_name(line.station_id), id=stored.station_id)
    return replace(
        stored,
        macs=line.macs,
        aliases=line.aliases,
        serial=line.serial or stored.serial,
        model=stored.model or line.model,
        order_id=line.order_id,
        claim_hash=line.claim_hash,
    )


def _with_facts(device: Device, absorbed: Sequence[Device]) -> Device:
    """What was learnt of the box under its other names."""
    for other in absorbed:
        device = replace(
            device,
            vendor=device.vendor or other.vendor,
            model=device.model or other.model,
            firmware=device.firmware or other.firmware,
            serial=device.serial or other.serial,
            first_seen_at=device.first_seen_at or other.first_seen_at,
        )
    return device
