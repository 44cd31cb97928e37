"""What a scan gives is read, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.mac import Mac, find_mac
from provisioning.rules.labels import Label, claim_link, read_label
from runtime.chance import CROCKFORD
from tests.support.labels import LABELS

MAC = Mac("0024b10000029f81")
SHORT = Mac("02b016000001")
macs = (
    st.sampled_from([12, 16])
    .flatmap(lambda length: st.text("0123456789abcdef", min_size=length, max_size=length))
    .filter(lambda text: find_mac(text) is not None)
    .map(Mac)
)
codes = st.text(CROCKFORD, min_size=9, max_size=9).map(lambda text: f"{text[:4]}-{text[4:]}")
separators = st.sampled_from([":", "-", ".", " ", ""])


def spelled(mac: Mac, width: int, separator: str) -> str:
    """In groups of so many digits."""
    return separator.join(mac.hex[at : at + width] for at in range(0, len(mac.hex), width))


@given(macs, codes)
def test_our_own_link_says_mac_and_code(mac: Mac, code: str) -> None:
    """As it was made."""
    assert read_label(claim_link("https://borne.example", mac, code)) == Label(mac, code)


@pytest.mark.parametrize(("text", "mac", "code"), LABELS)
def test_what_a_phone_reads_too(text: str, mac: str | None, code: str | None) -> None:
    """tests/browser holds the page's script to the same texts."""
    label = read_label(text)
    assert (label.mac.hex.upper() if label.mac else None, label.code) == (mac, code)


@given(macs, separators, st.sampled_from([2, 4]), st.booleans())
def test_a_bare_mac_in_any_spelling(mac: Mac, separator: str, width: int, is_upper: bool) -> None:
    """Pairs or quads, any case."""
    text = spelled(mac, width, separator)
    assert read_label(f" {text.upper() if is_upper else text}\n") == Label(mac)


@given(macs, codes, st.sampled_from(["\n", " ", ";", ", ", "|", "\t"]), separators)
def test_a_mac_with_its_code(mac: Mac, code: str, between: str, separator: str) -> None:
    """On the same or the next line."""
    text = f"{spelled(mac, 2, separator)}{between}{code}"
    if any(map(str.isdigit, code)) and not (between == " " and separator in {" ", ""}):
        assert read_label(text) == Label(mac, code)


@given(st.text())
def test_nothing_that_is_scanned_fails(text: str) -> None:
    """A meter's label, a vCard, another language: what cannot be read is nothing."""
    read_label(text)
    read_label("https://" + text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("https://maker.example/p/0024-B100-0002-9F81?lang=fr", Label(MAC)),
        ("https://maker.example/?sn=CP-42&MAC=02:B0:16:00:00:01", Label(SHORT, None, "CP-42")),
        ("https://maker.example/register?serial=CP-42", Label(None, None, "CP-42")),
        ("https://maker.example/#/claim?mac=02b016000001&code=7K3MQ9XA5", Label(SHORT, "7K3MQ9XA5")),
        ("https://maker.example/i/x02b016000001", Label()),
        ("https://[broken", Label()),
        ("MAC:0024B10000029F81;CODE:K7QM-4T2X", Label(MAC, "K7QM-4T2X")),
        ("S/N: AB123456 MAC 02-B0-16-00-00-01", Label(SHORT, None, "AB123456")),
        ("SN=AB123456", Label(None, None, "AB123456")),
        ("0x02b016000001", Label(SHORT)),
        ("7K3M-Q9XA5", Label(None, "7K3M-Q9XA5")),
        ("BEGIN:VCARD", Label()),
        ("", Label()),
    ],
)
def test_what_labels_say(text: str, label: Label) -> None:
    """Makers' links and texts as they are met."""
    assert read_label(text) == label
    assert label.is_empty is (label == Label())


def test_a_code_is_not_shown() -> None:
    """Not even in a log."""
    assert "K7QM" not in repr(read_label("MAC:0024B10000029F81;CODE:K7QM-4T2X"))
