"""Near MACs are found without looking at all of them, and are the same that looking at all would find."""

from hypothesis import given
from hypothesis import strategies as st

from charging.mac import Mac, find_mac, nearest
from provisioning.mac_suggestions import MacSuggestions

KNOWN = ["0024b10000029f81", "0024b1000002e300", "02b016000001", "02b016000002", "aabbccddeeff"]
digits = st.text("0123456789abcdef", min_size=12, max_size=12) | st.text(
    "0123456789abcdef", min_size=16, max_size=16
)


def shelf(*macs: str) -> MacSuggestions:
    """With these in it."""
    made = MacSuggestions()
    for mac in macs:
        made.add(mac)
    return made


def near(made: MacSuggestions, text: str) -> list[str]:
    """As text."""
    return [mac.hex for mac in made.near(text)]


def test_slips_and_misreadings_are_found() -> None:
    """One digit wrong, missing, added or swapped; O for 0, I for 1, S for 5, B for 8."""
    made = shelf(*KNOWN)
    for typed in (
        "0024:B100:0002:9F8I",
        "0024:B1OO:OOO2:9F81",
        "0024:B100:0002:9F8",
        "0024:B100:0002:9F811",
        "0024:B100:0002:9F18",
        "0024-b100-0002-9f91",
        "0024 8100 0002 9F81",
        " 0x0024b10000029f82 ",
    ):
        assert near(made, typed)[0] == "0024b10000029f81", typed
    assert near(made, "02:b0:16:00:00:03") == ["02b016000001", "02b016000002"]


def test_nonsense_finds_nothing_and_costs_nothing() -> None:
    """Anybody can type it."""
    made = shelf(*KNOWN)
    for typed in ("", "cp-1", "a:b", "x" * 10_000, "0024", "é" * 12, "\x00" * 16):
        assert near(made, typed) == []


def test_what_is_forgotten_is_not_found() -> None:
    """Two of the same shape are two."""
    made = shelf("02b016000001", "028016000001")
    assert near(made, "02b016000001") == ["028016000001", "02b016000001"]
    made.discard("02b016000001")
    made.discard("02b016000001")
    made.discard("unknown name")
    assert near(made, "02b016000001") == ["028016000001"]
    made.discard("028016000001")
    assert near(made, "028016000001") == []


@given(
    known=st.lists(digits, max_size=8),
    typed=digits,
    edit=st.integers(0, 15),
    other=st.sampled_from("0d8b5s1iox7"),
)
def test_the_same_as_looking_at_all(known: list[str], typed: str, edit: int, other: str) -> None:
    """For every text, and for texts one slip away from a known one."""
    made = shelf(*known)
    every = [Mac(mac) for mac in sorted(set(known))]
    texts = [typed]
    if known:
        base = known[0]
        texts += [
            base[:edit] + other + base[edit + 1 :],
            base[:edit] + base[edit + 1 :],
            base[:edit] + other + base[edit:],
        ]
    for text in texts:
        assert made.near(text) == nearest(text, every)


def test_the_index_is_only_of_macs() -> None:
    """What is found can be written on a label."""
    made = shelf(*KNOWN)
    found = made.near("02:b0:16:00:00:0")
    assert found
    assert all(find_mac(mac.label) == mac for mac in found)
