"""What each role is shown of an event."""

from typing import Any

import pytest

from access.principals import Role, member
from csms.api.roles import shown

KEPT = {"action": "BatterySwap", "payload": {"idToken": {"idToken": "04A1B2C3"}}}


@pytest.mark.parametrize(
    ("event", "payload", "seen"),
    [
        ("message.kept", KEPT, KEPT | {"payload": None}),
        ("data.transfer", {"text": "04A1B2C3"}, {"text": None}),
        ("authorization.requested", {"id_token": "04A1B2C3"}, {"id_token": "…C3"}),
        ("connector.status", {"info": "x"}, {"info": "x"}),
    ],
)
def test_a_viewer_is_not_shown_who_charges(event: str, payload: dict[str, Any], seen: dict[str, Any]) -> None:
    """Nor what a station or a vendor may say of it in words of its own; all others are."""
    document = {"event": event, "payload": payload}
    assert shown(member("v", Role.VIEWER), document) == {"event": event, "payload": seen}
    for role in set(Role) - {Role.VIEWER}:
        assert shown(member("o", role), document) == document
