"""Short cuts through the hot path: a run of whole text frames in, one text frame out, without a parser's
state.

Nine of ten TCP reads of a station are exactly one masked, unfragmented, uncompressed text frame. Taking those
apart here costs a fifth of what the general parser does, and needs none of its rules: whatever is not exactly
such a run, or comes while the parser is inside a frame or message, goes to the parser untouched.
"""

import logging
import secrets

from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    ServerPerMessageDeflateFactory,
)
from websockets.protocol import OPEN, Protocol, Side

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


def open_protocol(side: Side, handshake: Protocol, max_message_bytes: int) -> Protocol:
    """A protocol past its handshake: one generator less per frame, and the request's headers are let go."""
    ws = Protocol(side, state=OPEN, max_size=max_message_bytes, logger=handshake.logger)
    ws.extensions = handshake.extensions
    return ws


def whole_texts(data: bytes, ws: Protocol, start: int, stop: int, most: int) -> tuple[list[bytes], int]:
    """The payloads of the run of whole text frames at `start`, and where it ends.

    The run holds at most `most` frames and ends before `stop`, before what the parser must judge, or with
    `data`; an empty one says nothing about what comes. `ws` must stand between two frames.
    """
    texts: list[bytes] = []
    if ws.current_size is not None:  # inside a message
        return texts, start
    masked, key_bytes = (MASKED, 4) if ws.side is Side.SERVER else (0, 0)
    limit = ws.max_message_size
    at = start
    while stop - at >= 4 and data[at] == TEXT_FIN and len(texts) < most:
        length = data[at + 1] - masked
        at += 2
        if length == 126:
            length = (data[at] << 8) | data[at + 1]
            at += 2
        elif not 0 <= length < 126:
            break
        body = at + key_bytes
        at = body + length
        if at > stop or (limit is not None and length > limit):
            break
        texts.append(apply_mask(data[body:at], data[body - 4 : body]) if masked else data[body:at])
        start = at
    return texts, start


def frame_bytes(data: bytes, start: int) -> int:
    """How long the frame at `start` is, header included; 0 while the header does not tell yet."""
    there = len(data) - start
    if there < 2:
        return 0
    second = data[start + 1]
    head, length = 6 if second & MASKED else 2, second & 0x7F
    if length == 126:
        head += 2
        length = int.from_bytes(data[start + 2 : start + 4])
    elif length == 127:
        head += 8
        length = int.from_bytes(data[start + 2 : start + 10])
    return head + length if there >= head - 4 * (second >> 7) else 0


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
