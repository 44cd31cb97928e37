"""The numbers of the transport: every buffer, count and wait of a WebSocket has one here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of a server's or client's connections. Durations in seconds, sizes in bytes, UTF-8 encoded.

    A server wants one file descriptor per station: raise the process's soft limit (`RLIMIT_NOFILE`) to the
    hard one before listening; that belongs to the program, not to this library.
    """

    handshake_s: float = 10.0
    """From the TCP connection to the answered upgrade, TLS included."""
    ping_every_s: float | None = 30.0
    """Between two pings; None sends none."""
    silent_after_s: float | None = 60.0
    """A peer from which no byte came for this long is closed; None waits for ever."""
    write_within_s: float = 10.0
    """A peer that never empties our send buffer for this long is cut off."""
    close_within_s: float = 10.0
    """From our close frame to the end of the TCP connection."""
    sweep_every_s: float = 1.0
    """Between two looks at all deadlines above: they hold to within this."""
    send_buffer_bytes: int = 1 << 20
    """What may wait to be sent on one connection; one byte more cuts it off."""
    max_message_bytes: int = 64 << 10
    """The largest message, after inflating, until the receiver sets another limit on its connection."""
    fragments_per_message: int = 1024
    frames_per_turn: int = 8
    """Frames of any kind taken from one connection before the others have their turn."""
    bytes_per_turn: int = 32 << 10
    """The same in bytes, as they came and inflated; a single frame always fits."""
    control_frames: int = 100
    """Pings, and pongs that nobody asked for, in a row; a peer that sends more is cut off (1008)."""
    control_frames_per_s: float = 10.0
    """So many of them are forgotten every second."""
    ignored_bytes: int = 1 << 20
    """What may come behind our close frame; one byte more ends the TCP connection."""
    request_bytes: int = 16 << 10
    """Request line and headers of an upgrade."""
    connections: int = 50_000
    connections_refused: int = 64
    """Of connections beyond that, so many at once are told so (503); others are cut off without a word."""
    connections_per_address: int = 2_000
    """Per client address; loopback is exempt, since load generators and proxies sit there."""
    backlog: int = 16_384
    """Connections the kernel holds until we take them; Linux cuts it to net.core.somaxconn, 4096 by
    default."""
    compress_from_bytes: int = 512
    """Shorter messages are sent as they are even if permessage-deflate was agreed on: it costs more than it
    saves."""
