"""The versions and their names."""

import pytest

from ocppj.versions import OcppVersion


@pytest.mark.parametrize(
    ("version", "subprotocol", "label"),
    [
        (OcppVersion.V16, "ocpp1.6", "1.6"),
        (OcppVersion.V201, "ocpp2.0.1", "2.0.1"),
        (OcppVersion.V21, "ocpp2.1", "2.1"),
    ],
)
def test_names_on_the_wire_and_for_people(version: OcppVersion, subprotocol: str, label: str) -> None:
    """As registered with IANA (2.0.1 part 4 §3.1.2, 2.1 part 4 §3.1.2)."""
    assert (version.subprotocol, version.label) == (subprotocol, label)
    assert OcppVersion.from_subprotocol(subprotocol) is version


@pytest.mark.parametrize("name", ["ocpp1.5", "ocpp2.0", "OCPP1.6", "ocpp1.6 ", ""])
def test_what_we_do_not_speak_is_no_version(name: str) -> None:
    """Spelling is the transport's to forgive."""
    assert OcppVersion.from_subprotocol(name) is None
