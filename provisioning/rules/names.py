"""The names that boxes go by: a name is one box's, and what showed up under a second name is that box."""

import re
from dataclasses import replace
from urllib.parse import quote

from charging.mac import Mac, MacInvalid, find_mac, parse_mac
from ocppj.identity import RefusedTarget, parse_target
from provisioning.blockers import Code
from provisioning.boxes import KnownBoxes
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.identity import canonical_name
from provisioning.records import Device
from runtime.wording import Phrase

SHORTEST_SERIAL = 4
"""A shorter serial number, such as 0, is no name to find a box by."""
_NOT_DIGITS = re.compile(r"[:\-. ]")


def read_mac(text: str) -> Mac:
    """A MAC as typed. Raises ProvisioningProblem: E_MAC_INVALID."""
    try:
        return parse_mac(text)
    except MacInvalid as error:
        raise ProvisioningProblem(Code.MAC_INVALID, text=text, reason=mac_fault(text)) from error


def mac_fault(text: str) -> Phrase:
    """Why that is no MAC address, in a few words."""
    digits = _NOT_DIGITS.sub("", text).lower()
    if len(digits) in (12, 16) and re.fullmatch("[0-9a-f]+", digits):
        if set(digits) in ({"0"}, {"f"}):
            return Phrase("que des zéros, ou l'adresse de diffusion", "all zeros, or the broadcast address")
        if int(digits[:2], 16) & 1:
            return Phrase("c'est une adresse de multidiffusion", "it is a multicast address")
    return Phrase("il faut 12 ou 16 chiffres hexadécimaux", "12 or 16 hexadecimal digits are needed")


def read_name(text: str) -> tuple[str, bool]:
    """What a box is to be known by, in the form it is stored in, and whether that is a MAC.

    Raises ProvisioningProblem: E_IDENTITY_INVALID for what no station could connect as.
    """
    mac = find_mac(text)
    if mac is not None:
        return canonical_name(mac), True
    target = parse_target(f"/ocpp/{quote(text, safe='')}")
    if isinstance(target, RefusedTarget) or ":" in text:
        reason = target.text.rstrip(".") if isinstance(target, RefusedTarget) else "it contains ':'"
        raise ProvisioningProblem(Code.IDENTITY_INVALID, text=text, reason=reason)
    return target.identity.lower(), False


def without_taken_serial(boxes: KnownBoxes, device: Device) -> Device:
    """Serial numbers are unique to a maker only: one that names another box already names just that one."""
    serial = (device.serial or "").lower()
    if serial not in device.aliases:
        return device
    is_taken = any(each.is_ours for each in boxes.namesakes({serial}, device.station_id))
    if len(serial) >= SHORTEST_SERIAL and not is_taken:
        return device
    return replace(device, aliases=tuple(alias for alias in device.aliases if alias != serial))


def absorb_namesakes(change: ChangeSet, boxes: KnownBoxes, device: Device) -> list[Device]:
    """The quarantine records under this device's names, forgotten: they are this very box.

    Raises ProvisioningProblem: E_ALREADY_ORDERED where a name belongs to another box that is ours.
    """
    names = {device.station_id, *device.macs, *device.aliases}
    others = boxes.namesakes(names, device.station_id)
    for other in others:
        if other.is_ours:
            common = sorted(names & {other.station_id, *other.macs, *other.aliases})
            raise ProvisioningProblem(Code.ALREADY_ORDERED, mac=shown_name(common[0]), id=other.station_id)
        boxes.forget(other.station_id)
        if boxes.has_past(other.station_id):
            change.put(other, replace(other, macs=(), aliases=()))
        else:
            change.gone.add(other.station_id)
    return others


def shown_name(name: str) -> str:
    """A stored name as people know it: a MAC as on its label."""
    mac = find_mac(name)
    return mac.label if mac is not None else name
