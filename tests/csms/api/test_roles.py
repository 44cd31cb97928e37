"""What each role is shown of an event, and of a view."""

from typing import Any

import pytest
from msgspec.structs import replace

from access.principals import Role, member
from csms.api.roles import shown
from csms.api.views import StationAnswer, station_view
from csms.domain.records import ConnectorRecord, StationRecord, StationState, TransactionRecord
from ocppj.vocabulary import ConnectorStatus, IdToken
from tests.support.central import A16, AT
from tests.support.station_details import details_of

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


def test_a_view_that_is_shown_otherwise_stays_as_it_is() -> None:
    """Of a transaction within a station's row too; and what has nothing to hide is not copied."""
    charging = TransactionRecord(A16, "42", 1, 1, IdToken("04A1B2C3"), AT)
    state = StationState(connectors=[ConnectorRecord(A16, 1, 1, ConnectorStatus.OCCUPIED, "Charging")])
    state.open_ones.append(charging)
    whole = station_view(StationRecord(A16), state, None, details_of(site={"name": "Port"}))
    seen = shown(member("v", Role.VIEWER), whole)
    assert (_token(seen), _token(whole)) == ("…C3", "04A1B2C3")
    assert seen.connectors[0] is whole.connectors[0]
    hidden = {"transaction": None}
    assert replace(seen, **hidden) == replace(whole, **hidden)


def _token(station: StationAnswer) -> str | None:
    charging = station.transaction
    return charging.id_token.value if charging is not None and charging.id_token is not None else None
