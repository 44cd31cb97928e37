"""What is taken for granted of a station that nothing is known of."""

from provisioning.gates.facts import GateFacts


def test_nothing_has_happened_to_a_station_that_nothing_is_known_of() -> None:
    """It is nobody's and was never here; that it is offline, or under test, has to be found out."""
    assert GateFacts() == GateFacts(
        is_ours=False,
        is_seen=False,
        is_assigned=False,
        is_requested=False,
        is_released=False,
        is_activated=False,
        is_suspended=False,
        suspend_reason="",
        is_online=True,
        progress=None,
        is_paused=False,
        pending=None,
        remarks=(),
    )
