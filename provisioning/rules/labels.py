"""What is on a label: a QR code that opens the claim, and whatever else a scan or a person gives. Pure.

Any scanner gives text: our own link, a maker's link with a MAC or a serial number in it, a bare MAC in any
spelling, a MAC with its claim code on the same or the next line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from charging.mac import Mac, find_mac

CLAIM_PATH = "/install/claim"
LONGEST_SCAN = 4096
"""A QR code holds less; the rest is not looked at."""
_MAC_NAMES = frozenset(
    {"mac", "macaddress", "mac_address", "hwaddr", "id", "identity", "evse", "cpid", "cbid"}
)
_CODE_NAMES = frozenset({"code", "claim", "claimcode", "claim_code", "pin"})
_SERIAL_NAMES = frozenset({"sn", "s/n", "serial", "serialnumber", "serial_number", "ser"})
_HEX = "[0-9A-Fa-f]"
_MACS = re.compile(
    rf"(?<![0-9A-Za-z])(?:0x)?(?:"
    rf"{_HEX}{{4}}(?:[:\-. ]{_HEX}{{4}}){{2,3}}"
    rf"|{_HEX}{{2}}(?:[:\-. ]{_HEX}{{2}}){{7}}|{_HEX}{{2}}(?:[:\-. ]{_HEX}{{2}}){{5}}"
    rf"|{_HEX}{{6}}[:\-. ]{_HEX}{{6}}|{_HEX}{{16}}|{_HEX}{{12}}"
    rf")(?![0-9A-Za-z])"
)
_CODE = re.compile(r"(?<![0-9A-Za-z])([0-9A-Za-z]{4}-?[0-9A-Za-z]{4,5})(?![0-9A-Za-z])")
_PAIR = re.compile(r"([A-Za-z_/]+)\s*[:=#]\s*([^\s;,|&]+)")


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says, as far as it could be read."""

    mac: Mac | None = None
    code: str | None = field(default=None, repr=False)
    serial: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return self.mac is None and self.code is None and self.serial is None


def claim_link(public_url: str, mac: Mac, code: str) -> str:
    """What a label's QR code holds: the phone's own camera opens the claim with MAC and code filled in."""
    return f"{public_url.rstrip('/')}{CLAIM_PATH}?{urlencode({'mac': mac.label, 'code': code}, safe=':')}"


def read_label(scanned: str) -> Label:
    """Whatever a scan gives; never raises."""
    text = scanned[:LONGEST_SCAN].strip()
    link = _link_of(text)
    return _of_link(link) if link is not None else _of_text(text)


def _link_of(text: str) -> SplitResult | None:
    """A link; a MAC with colons is none."""
    if not re.match(r"[A-Za-z][A-Za-z0-9+.\-]*://", text):
        return None
    try:
        return urlsplit(text)
    except ValueError:
        return None


def _of_link(link: SplitResult) -> Label:
    """By the names of its parameters, in the query or behind the hash; else by what looks like a MAC."""
    named = list(_parameters(link))
    mac = next((mac for key, value in named if key in _MAC_NAMES and (mac := find_mac(value))), None)
    code = next((value for key, value in named if key in _CODE_NAMES and value), None)
    serial = next((value for key, value in named if key in _SERIAL_NAMES and value), None)
    if mac is None:
        values = (*(value for _, value in named), *unquote(link.path).split("/"))
        mac = next((found for value in values if (found := find_mac(value) or _first_mac(value))), None)
    return Label(mac, code, serial)


def _parameters(link: SplitResult) -> Iterator[tuple[str, str]]:
    for part in (link.query, link.fragment.rpartition("?")[2]):
        yield from ((key.lower(), value.strip()) for key, value in parse_qsl(part))


def _of_text(text: str) -> Label:
    named = {key.lower(): value for key, value in _PAIR.findall(text)}
    serial = next((named[key] for key in named if key in _SERIAL_NAMES), None)
    code = next((named[key] for key in named if key in _CODE_NAMES), None)
    whole = find_mac(text)
    mac = whole or _first_mac(text)
    if code is None and whole is None:
        rest = _MACS.sub(" ", text) if mac is not None else text
        rest = rest if serial is None else rest.replace(serial, " ")
        code = next((found[1] for found in _CODE.finditer(rest) if any(map(str.isdigit, found[1]))), None)
    return Label(mac, code, serial)


def _first_mac(text: str) -> Mac | None:
    return next((mac for found in _MACS.finditer(text) if (mac := find_mac(found[0]))), None)
