"""The numbers of the gateway: every queue and every wait of a link has one here."""

from dataclasses import dataclass

from ocppj.aio.allowance import Allowance


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
    queued_request_bytes: int = 256 << 10
    """What those may come to; a compressed message is counted by what it holds."""
    useless_messages: int = 1000
    """Refused messages and answers to nothing that we asked, in a row; a station that sends more is cut off
    (1008)."""
    useless_messages_per_s: float = 50.0
    """So many of them are forgotten every second: a station that waits for each answer hardly sends more."""
    useless_messages_before_accepted: int = 100
    """The same from a station that was not accepted on this connection: anybody may be that."""
    useless_messages_per_s_before_accepted: float = 5.0
    failed_authentications: int = 10
    """Wrong passwords for one station from one address in a row; further ones are answered 429."""
    failed_authentications_per_s: float = 0.2
    """So many of them are forgotten every second."""
    storage_retry_s: float = 2.0
    """How long upgrades are refused (503) after the database failed."""
    retry_after_s: int = 10
    """What a refused station is told to wait."""

    def allowance(self, now: float, *, is_accepted: bool) -> Allowance:
        """How many messages that serve nothing a station may send from `now` (monotonic seconds) on."""
        if is_accepted:
            return Allowance(self.useless_messages, self.useless_messages_per_s, now)
        return Allowance(
            self.useless_messages_before_accepted, self.useless_messages_per_s_before_accepted, now
        )
