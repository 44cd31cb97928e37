"""The message classes are those of the schemas in the `ocpp` package."""

import pytest

from tools import generate_messages


def test_generated_modules_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    """A newer `ocpp` package, or an edit by hand, fails here."""
    assert generate_messages.main(["--check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("wire", "attribute"),
    [
        ("chargePointVendor", "charge_point_vendor"),
        ("responderURL", "responder_url"),
        ("limit_L2", "limit_l2"),
        ("from", "from_"),
    ],
)
def test_attribute_names_are_snake_case(wire: str, attribute: str) -> None:
    """Wire spelling stays on the wire."""
    assert generate_messages.attribute_name(wire) == attribute
