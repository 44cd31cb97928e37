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
    """Requests of one station that wait or are being stored; beyond it we read no more of it for a while."""
    queued_requests_most: int = 8192
    """Requests that one read may bring beyond that; a station that sends more is cut off (1008)."""
    queued_request_bytes: int = 256 << 10
    """What those may come to; a compressed message is counted by what it holds."""
    stray_answers: int = 100
    """Answers to nothing that we asked, per connection; then it is cut off (1008)."""
    storage_retry_s: float = 2.0
    """How long upgrades are refused (503) after the database failed."""
    retry_after_s: int = 10
    """What a refused station is told to wait."""
