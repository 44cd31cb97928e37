"""What to type into a station, field by field."""

import pytest

from provisioning.products.files import parse_product
from provisioning.products.product import FieldKind
from provisioning.products.typing_in import filled_fields
from tests.provisioning.products.test_product import TEXT


@pytest.mark.parametrize(
    ("asks", "value"),
    [
        (FieldKind.URL, "wss://csms.example:9443/ocpp/0024b1"),
        (FieldKind.URL_WITHOUT_ID, "wss://csms.example:9443/ocpp"),
        (FieldKind.HOST, "csms.example"),
        (FieldKind.PORT, "9443"),
        (FieldKind.PATH, "/ocpp"),
        (FieldKind.PATH_WITH_ID, "/ocpp/0024b1"),
        (FieldKind.STATION_ID, "0024b1"),
        (FieldKind.TLS, "on"),
        (FieldKind.VERSION, "1.6"),
    ],
)
def test_each_field_gets_its_part_of_the_address(asks: FieldKind, value: str) -> None:
    """As this model asks for it."""
    product = parse_product(TEXT.replace("asks: url", f"asks: {asks.value}"), "x")
    (filled,) = filled_fields(product, "wss://csms.example:9443/ocpp/", "0024b1", "1.6")
    assert (filled.asks, filled.value.en) == (asks, value)


def test_a_port_that_the_url_leaves_out_is_told_and_a_switch_is_in_both_languages() -> None:
    """Who types a port needs the number."""
    product = parse_product(TEXT.replace("asks: url", "asks: port"), "x")
    assert filled_fields(product, "ws://h/ocpp", "a", "1.6")[0].value.en == "80"
    product = parse_product(TEXT.replace("asks: url", "asks: tls"), "x")
    assert filled_fields(product, "ws://h/ocpp", "a", "1.6")[0].value.fr == "désactivé"
