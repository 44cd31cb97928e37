"""The numbers of the gateway: every queue and every wait of a link has one here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayLimits:
    """Durations in seconds, sizes in bytes."""

    message_bytes_before_accepted: int = 64 << 10
    message_bytes: int = 1 << 20
    boot_within_s: float = 5.0
    """Without a BootNotification for this long, a station goes on with the registration it had."""
    probe_s: float = 2.0
    """How long the incumbent of a duplicate connection has to show a sign of life."""
    answer_within_s: float = 20.0
    """How long the ports may take to find a reply; then the socket is closed, and the station asks again."""
    queued_commands: int = 32
    queued_requests: int = 64
    """Requests that a station may pipeline while one of its requests is being answered."""
    storage_retry_s: float = 2.0
    """How long upgrades are refused (503) after the database failed."""
    retry_after_s: int = 10
    """What a refused station is told to wait."""
