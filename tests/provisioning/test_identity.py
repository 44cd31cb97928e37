"""One station, one name, however its MAC is spelled; what cannot be one is refused with the nearest known."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.mac import Mac, find_mac, parse_mac
from csms.ports import IdentityRefused
from ocppj.vocabulary import StationId
from provisioning.identity import MacResolver, canonical_name
from provisioning.records import Device
from provisioning.station_cache import StationCache
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.events import EventBus

CHARGEPOINT = "0024b10000029f81"
hexes = st.text("0123456789abcdef", min_size=12, max_size=12) | st.text(
    "0123456789abcdef", min_size=16, max_size=16
)
macs = hexes.filter(lambda digits: find_mac(digits) is not None).map(Mac)


def spelled(digits: str, separator: str, width: int) -> str:
    """In groups."""
    return separator.join(digits[at : at + width] for at in range(0, len(digits), width))


SPELLINGS: dict[str, Callable[[str], str]] = {
    "bare": lambda d: d,
    "upper": str.upper,
    "0x": lambda d: "0x" + d,
    "pairs with :": lambda d: spelled(d, ":", 2),
    "pairs with -": lambda d: spelled(d, "-", 2).upper(),
    "pairs with .": lambda d: spelled(d, ".", 2),
    "quads with .": lambda d: spelled(d, ".", 4),
    "quads with :": lambda d: spelled(d, ":", 4).upper(),
    "quads with -": lambda d: spelled(d, "-", 4),
}


@pytest.fixture
def station_cache() -> StationCache:
    """Three boxes: ChargePoint's, one with an EUI-48 and a serial, one with an identity only."""
    made = StationCache(None, ManualClock(), SeededChance(1), EventBus())  # type: ignore[arg-type] # nothing is read
    for device in (
        Device(StationId(CHARGEPOINT), macs=(CHARGEPOINT,)),
        Device(StationId("02b016000001"), macs=("02b016000001", "02b016000099"), aliases=("sn-4711",)),
        Device(StationId("ratio_p0000"), aliases=("ratio_p0000",)),
    ):
        made._put(device)
    return made


@pytest.fixture
def resolver(station_cache: StationCache) -> MacResolver:
    """Knows them."""
    return MacResolver(station_cache)


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("digits", [CHARGEPOINT, "02b016000001", "aabbccddeeff"])
def test_every_common_spelling_is_one_name(
    resolver: MacResolver, digits: str, spelling: Callable[[str], str]
) -> None:
    """Known or not: auth, registry, storage, topics and logs see one station."""
    assert resolver.resolve(spelling(digits)) == digits


@given(mac=macs, spelling=st.sampled_from(list(SPELLINGS.values())))
def test_a_canonical_name_is_its_own_canonical_name(mac: Mac, spelling: Callable[[str], str]) -> None:
    """Whatever the spelling; and the two forms of a stretched EUI-48 are one."""
    name = canonical_name(parse_mac(spelling(mac.hex)))
    assert canonical_name(Mac(name)) == name
    assert {canonical_name(Mac(alias)) for alias in mac.aliases} == {name}


def test_a_chargepoint_mac_is_never_cut() -> None:
    """EUI-64 with `0000` in the middle is no stretched EUI-48."""
    assert canonical_name(parse_mac("0024:B100:0002:9F81")) == CHARGEPOINT
    assert canonical_name(parse_mac("02:b0:16:ff:fe:00:00:01")) == "02b016000001"
    assert canonical_name(parse_mac("0024:b1ff:fe02:9f81")) == "0024b1029f81"


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("02:B0:16:00:00:99", "02b016000001"),
        ("02B016FFFE000099", "02b016000001"),
        ("SN-4711", "02b016000001"),
        ("Ratio_P0000", "ratio_p0000"),
        ("CP-42", "cp-42"),
    ],
)
def test_a_box_is_found_by_every_name_it_goes_by(resolver: MacResolver, identity: str, name: str) -> None:
    """A second MAC, its stretched form, a serial, an identity; case does not matter. Others keep theirs."""
    assert resolver.resolve(identity) == name


@pytest.mark.parametrize(
    ("identity", "reason"),
    [
        ("000000000000", "all zeros"),
        ("FF:FF:FF:FF:FF:FF", "all zeros or the broadcast address"),
        ("01:00:5E:00:00:01", "multicast"),
        ("02:b0-16:00.00:01", "is not a MAC address"),
        ("a:b", "it contains ':'"),
        ("0024:B100:0002:9F8", "it contains ':'"),
    ],
)
def test_what_looks_like_a_mac_and_is_none_is_refused(
    resolver: MacResolver, identity: str, reason: str
) -> None:
    """With a reason that people understand."""
    with pytest.raises(IdentityRefused, match=reason):
        resolver.resolve(identity)


@pytest.mark.parametrize(
    ("identity", "nearest"),
    [
        ("0024:B100:0002:9F8I", ("0024:B100:0002:9F81",)),
        ("O2:BO:16:OO:OO:O1", ("02:B0:16:00:00:01",)),
        ("03:b0:16:00:00:01", ("02:B0:16:00:00:01",)),
        ("12:34", ()),
    ],
)
def test_a_refusal_names_the_nearest_known(
    resolver: MacResolver, identity: str, nearest: tuple[str, ...]
) -> None:
    """As it stands on the label."""
    with pytest.raises(IdentityRefused) as refused:
        resolver.resolve(identity)
    assert refused.value.nearest == nearest


def test_a_known_identity_is_found_even_if_it_looks_wrong(station_cache: StationCache) -> None:
    """A box that was ordered by an identity of twelve digits that are no MAC."""
    station_cache._put(Device(StationId("110000123456"), aliases=("110000123456",)))
    assert MacResolver(station_cache).resolve("110000123456") == "110000123456"


def test_near_never_names_what_was_typed(resolver: MacResolver) -> None:
    """So that an answer does not tell whether the MAC itself is known."""
    assert resolver.near("02:b0:16:00:00:01") == ()
    assert resolver.near("02:b0:16:ff:fe:00:00:01") == ()
    assert resolver.near("02:b0:16:00:00:02") == ("02:B0:16:00:00:01",)


@given(identity=st.text(max_size=60))
def test_resolving_gives_a_name_or_refuses(identity: str) -> None:
    """Never anything else; a name resolves to itself."""
    resolver = MacResolver(StationCache(None, ManualClock(), SeededChance(1), EventBus()))  # type: ignore[arg-type] # nothing is read
    try:
        name = resolver.resolve(identity)
    except IdentityRefused:
        return
    assert resolver.resolve(name) == name
