"""charging.mac: spellings, refusals, aliases and near misses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.mac import Mac, MacInvalid, find_mac, nearest, parse_mac

PALO_ALTO = "0024:B100:0002:9F81"  # a ChargePoint station, as the city publishes it


@pytest.mark.parametrize(
    "spelling",
    [
        "0024:B100:0002:9F81",
        "0024:b100:0002:9f81",
        "0024b10000029f81",
        "00:24:b1:00:00:02:9f:81",
        "0024-B100-0002-9F81",
        "0024.b100.0002.9f81",
        "0x0024B10000029F81",
        " 0024b10000029F81 ",
    ],
)
def test_spellings_of_a_chargepoint_station(spelling: str) -> None:
    """All of them are the same EUI-64, and it is not cut to twelve digits."""
    mac = parse_mac(spelling)
    assert (mac.hex, mac.kind, mac.label) == ("0024b10000029f81", "eui64", PALO_ALTO)
    assert mac.aliases == {"0024b10000029f81"}


@pytest.mark.parametrize(
    "spelling",
    [
        "AA:BB:CC:DD:EE:01",
        "aa-bb-cc-dd-ee-01",
        "aabb.ccdd.ee01",
        "AABBCCDDEE01",
        "aabbcc-ddee01",
        "aa bb cc dd ee 01",
        "0xaabbccddee01",
        "aa.bb.cc.dd.ee.01",
        "AABB:CCDD:EE01",
    ],
)
def test_spellings_of_an_eui48(spelling: str) -> None:
    """Unix, Windows, Cisco, HP and bare."""
    mac = parse_mac(spelling)
    assert (mac.hex, mac.kind, str(mac)) == ("aabbccddee01", "eui48", "AA:BB:CC:DD:EE:01")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CP001",
        "aabbccddee0",
        "aabbccddee012",
        "aa:bb-cc:dd:ee:01",
        "aa:bb:cc:dd:ee:01:",
        "aabbccddeeog",
        "0x",
        "０a0b0c0d0e0f",
        "aabbcc\nddee01",
        "aa:bb:cc:dd:ee:01:02",
        "RATIO_P0000112233",
        "0x0xaabbccddee01",
    ],
)
def test_what_is_no_mac(text: str) -> None:
    """Refused with an example of how to write one; full-width digits too."""
    with pytest.raises(MacInvalid, match="is not a MAC address"):
        parse_mac(text)
    assert find_mac(text) is None


@pytest.mark.parametrize("text", ["000000000000", "ff:ff:ff:ff:ff:ff", "0" * 16, "01:00:5e:00:00:01"])
def test_addresses_of_no_single_station(text: str) -> None:
    """Zero, broadcast and multicast name no station."""
    with pytest.raises(MacInvalid, match="station's MAC address"):
        parse_mac(text)


def test_a_stretched_eui48_is_an_alias() -> None:
    """Only `fffe` in the middle tells that an EUI-64 was made from an EUI-48."""
    stretched, short = parse_mac("AABBCCFFFEDDEE02"), parse_mac("AABBCCDDEE02")
    assert stretched.aliases == short.aliases == {"aabbccfffeddee02", "aabbccddee02"}


def test_simulated_stations_have_local_macs() -> None:
    """The locally administered bit tells them from real hardware."""
    assert parse_mac("02:00:00:00:00:01").is_local
    assert not parse_mac(PALO_ALTO).is_local


KNOWN = (Mac("aabbccddee01"), Mac("aabbccddee12"), Mac("0024b10000029f81"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("AA:BB:CC:DD:EE:02", ("aabbccddee01", "aabbccddee12")),  # one digit off either
        ("AABBCCDDEE0I", ("aabbccddee01",)),  # I for 1
        ("AAB8CCDDEEO1", ("aabbccddee01",)),  # 8 for B and O for 0
        ("aabbccddee21", ("aabbccddee01", "aabbccddee12")),  # one digit wrong; two swapped
        ("0024:B100:0002:9F8", ("0024b10000029f81",)),  # one missing
        ("0024:B100:0002:9F811", ("0024b10000029f81",)),  # one too many
        ("0024b1029f81", ()),  # cut to twelve digits: another address
        ("ffffffffffff", ()),
    ],
)
def test_nearest_known(typed: str, meant: tuple[str, ...]) -> None:
    """A slip of the finger or the eye finds the station that was meant."""
    assert tuple(mac.hex for mac in nearest(typed, KNOWN)) == meant


def test_misread_comes_before_mistyped() -> None:
    """The best guess is the first."""
    assert nearest("aabbccddee1Z", [Mac("aabbccddee13"), Mac("aabbccddee12")])[0].hex == "aabbccddee12"


@given(st.binary(min_size=6, max_size=6) | st.binary(min_size=8, max_size=8), st.data())
def test_every_spelling_is_one_station(raw: bytes, data: st.DataObject) -> None:
    """The canonical form does not depend on separators or case, and parsing a label gives it back."""
    octets = bytes([raw[0] & 0xFE, *raw[1:]])
    if len(set(octets.hex())) == 1:
        return
    separator = data.draw(st.sampled_from([":", "-", ".", " ", ""]))
    width = data.draw(st.sampled_from([1, 2]))
    spelled = separator.join(octets[i : i + width].hex() for i in range(0, len(octets), width))
    mac = parse_mac(spelled.upper() if data.draw(st.booleans()) else spelled)
    assert mac.hex == octets.hex()
    assert parse_mac(mac.label) == mac


@given(st.text())
def test_nothing_but_macinvalid(text: str) -> None:
    """Any text is a MAC or refused; looking for its neighbours never fails."""
    find_mac(text)
    nearest(text, KNOWN)
