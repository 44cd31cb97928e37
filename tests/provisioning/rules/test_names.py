"""What people type for a box, in the form it is stored in, or refused with a reason they understand."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.mac import find_mac
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.rules.names import mac_fault, read_mac, read_name, shown_name


def _outcome(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except ProvisioningProblem as problem:
        return problem.code


@given(text=st.text(max_size=60))
def test_reading_gives_a_stored_form_or_a_problem(text: str) -> None:
    """Never anything else; what was read can be read again."""
    read = _outcome(lambda: read_name(text))
    if isinstance(read, Code):
        assert read is Code.IDENTITY_INVALID
    else:
        assert read_name(read[0]) == read
        assert (find_mac(text) is not None) is read[1]
    assert _outcome(lambda: read_mac(text)) == (find_mac(text) or Code.MAC_INVALID)


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("0024", "il faut 12 ou 16 chiffres", "12 or 16 hexadecimal digits"),
        ("00-00-00-00-00-00", "que des zéros", "all zeros"),
        ("ffffffffffffffff", "l'adresse de diffusion", "the broadcast address"),
        ("01:00:5e:00:00:01", "multidiffusion", "multicast"),
        ("02:b0-16:00.00:01", "il faut", "are needed"),
        ("", "il faut", "are needed"),
    ],
)
def test_why_it_is_no_mac(text: str, french: str, english: str) -> None:
    """In both languages: installers read it at the station."""
    fault = mac_fault(text)
    assert french in fault.fr
    assert english in fault.en


def test_a_stored_name_as_on_the_label() -> None:
    """A MAC with its separators, anything else as it is."""
    assert shown_name("0024b10000029f81") == "0024:B100:0002:9F81"
    assert shown_name("cp-42") == "cp-42"
