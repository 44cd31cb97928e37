"""The URL that a station dials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.connection.address import dialled_url, split_address
from simulator.errors import AddressError


@pytest.mark.parametrize(
    ("url", "station_id", "dialled"),
    [
        ("ws://csms:9000/ocpp", "BOX1", "ws://csms:9000/ocpp/BOX1"),
        ("ws://csms:9000/ocpp/", "BOX1", "ws://csms:9000/ocpp/BOX1"),
        ("wss://csms", "BOX1", "wss://csms/BOX1"),
        ("ws://csms/ocpp/BOX1", "BOX1", "ws://csms/ocpp/BOX1"),
        ("ws://csms/ocpp/BOX1/", "BOX1", "ws://csms/ocpp/BOX1"),
        ("ws://csms/ocpp", "0024:B100:0002:9F81", "ws://csms/ocpp/0024%3AB100%3A0002%3A9F81"),
        ("ws://csms/ocpp/0024%3AB100", "0024:B100", "ws://csms/ocpp/0024%3AB100"),
        ("ws://csms/ocpp", "a/b é", "ws://csms/ocpp/a%2Fb%20%C3%A9"),
    ],
)
def test_id_follows_the_endpoint(url: str, station_id: str, dialled: str) -> None:
    """Percent-encoded (OCPP-J 1.6 §3.1.1), unless the URL ends with it already."""
    assert dialled_url(url, station_id) == dialled


@pytest.mark.parametrize(
    "url",
    ["http://csms/ocpp", "csms:9000", "", "ws://", "ws://me:secret@csms/", "ws://csms/?a=1", "ws://csms/#x"],
)
def test_anything_else_is_refused(url: str) -> None:
    """Credentials in a URL would end up in logs."""
    with pytest.raises(AddressError):
        dialled_url(url, "BOX1")


@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: text not in (".", "..")))
def test_whole_address_comes_apart_again(station_id: str) -> None:
    """Whatever characters an id has."""
    whole = dialled_url("ws://csms:9000/ocpp", station_id)
    assert split_address(whole) == ("ws://csms:9000/ocpp", station_id)


@pytest.mark.parametrize("address", ["http://csms/ocpp/BOX1", "ws://csms", "ws://csms/", "BOX1"])
def test_address_without_an_id(address: str) -> None:
    """Says how one looks."""
    with pytest.raises(AddressError, match="STATION-ID"):
        split_address(address)
