"""Short cuts through the hot path: a run of whole text frames in, one text frame out, without a parser's
state.

Nine of ten TCP reads of a station are exactly one masked, unfragmented, uncompressed text frame. Taking those
apart here costs a fifth of what the general parser does, and needs none of its rules: whatever is not exactly
such a run, or comes while the parser is inside a frame or message, goes to the parser untouched.
"""

import logging
import secrets
from collections.abc import Generator

from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    ServerPerMessageDeflateFactory,
)
from websockets.protocol import OPEN, Protocol, Side
from websockets.streams import StreamReader

try:
    from websockets.speedups import apply_mask
except ImportError:  # pure Python build of websockets
    from websockets.utils import apply_mask

LOGGER = logging.getLogger("ocppj.aio.websocket")
LOGGER.setLevel(logging.WARNING)  # openings and ends are reported through Endpoint and Receiver

# No context takeover in either direction: an idle connection then keeps no zlib state (RFC 7692 §7.1.1).
SERVER_DEFLATE = ServerPerMessageDeflateFactory(
    server_no_context_takeover=True,
    client_no_context_takeover=True,
    server_max_window_bits=12,
    compress_settings={"memLevel": 5},
)
CLIENT_DEFLATE = ClientPerMessageDeflateFactory(
    server_no_context_takeover=True,
    client_no_context_takeover=True,
    client_max_window_bits=12,
    compress_settings={"memLevel": 5},
)

TEXT_FIN = 0x81
MASKED = 0x80
CLOSE_REASON_BYTES = 123
"""RFC 6455 §5.5: a control frame holds 125 bytes, two of them the code."""


class BoundaryReader(StreamReader):
    """A stream that knows whether its parser stands between two frames."""

    is_at_boundary = False

    def at_eof(self) -> Generator[None, None, bool]:
        """As in `websockets`: asked before each frame, and nowhere else."""
        while True:
            if self.buffer or self.eof:
                self.is_at_boundary = False
                return not self.buffer
            self.is_at_boundary = True
            yield


def open_protocol(side: Side, handshake: Protocol, max_message_bytes: int) -> Protocol:
    """A protocol past its handshake: one generator less per frame, and the request's headers are let go."""
    ws = Protocol(side, state=OPEN, max_size=max_message_bytes, logger=handshake.logger)
    ws.extensions = handshake.extensions
    ws.reader = BoundaryReader()
    ws.parser = ws.parse()
    next(ws.parser)
    return ws


def whole_texts(data: bytes, ws: Protocol) -> list[bytes] | None:
    """The payloads of `data` if it is a run of whole text frames as `ws` expects them now, else None."""
    reader = ws.reader
    if data[0] != TEXT_FIN or not isinstance(reader, BoundaryReader):
        return None
    if not reader.is_at_boundary or ws.current_size is not None:
        return None
    masked, key_bytes = (MASKED, 4) if ws.side is Side.SERVER else (0, 0)
    limit = ws.max_message_size
    texts: list[bytes] = []
    start, end = 0, len(data)
    while start < end:
        if end - start < 4 or data[start] != TEXT_FIN:
            return None
        length = data[start + 1] - masked
        start += 2
        if length == 126:
            length = (data[start] << 8) | data[start + 1]
            start += 2
        elif not 0 <= length < 126:
            return None
        body = start + key_bytes
        start = body + length
        if start > end or (limit is not None and length > limit):
            return None
        texts.append(apply_mask(data[body:start], data[body - 4 : body]) if masked else data[body:start])
    return texts


def text_frame(payload: bytes, *, mask: bool) -> bytes:
    """One whole, uncompressed text frame (RFC 6455 §5.2)."""
    length = len(payload)
    flag = MASKED if mask else 0
    if length < 126:
        head = bytes((TEXT_FIN, flag | length))
    elif length < 65536:
        head = bytes((TEXT_FIN, flag | 126)) + length.to_bytes(2)
    else:
        head = bytes((TEXT_FIN, flag | 127)) + length.to_bytes(8)
    if not mask:
        return head + payload
    key = secrets.token_bytes(4)
    return head + key + apply_mask(payload, key)


def is_utf8(text: bytes) -> bool:
    """Whether a text message is one."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def cut_reason(reason: str) -> str:
    """A close reason within a control frame, not cut inside a character."""
    return reason.encode()[:CLOSE_REASON_BYTES].decode(errors="ignore")
