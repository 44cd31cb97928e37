"""TLS between a TCP transport and a protocol, driven by us through `ssl.MemoryBIO`.

With `create_server(ssl=…)` a failed handshake reaches no callback, so nobody could tell an installer why the
station does not connect. Here every alert, plain HTTP on the TLS port and the first bytes are seen and
reported.
"""

import asyncio
import contextlib
import ssl
from pathlib import Path
from typing import Protocol, cast

READ_BYTES = 64 << 10


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """A server's TLS settings: 1.2 or newer, no compression (OCPP 2.0.1 A00.FR.313 to 322).

    `certificate` is a PEM file with the whole chain, `key` its PEM private key. Raises OSError, ssl.SSLError.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION
    context.load_cert_chain(certificate, key)
    return context


class TlsUser(Protocol):
    """The protocol above a TLS layer, which also hears of the handshake."""

    def tls_started(self, layer: "TlsLayer", raw: asyncio.Transport) -> None:
        """TCP is connected, the handshake begins. Call `raw.abort()` to give up."""

    def tls_failed(self, error: Exception | None, first_bytes: bytes) -> None:
        """The handshake failed, or the peer left (None) after sending `first_bytes` (at most 256)."""


class TlsLayer(asyncio.Transport, asyncio.Protocol):
    """The protocol of a raw transport, and the transport of the protocol above it."""

    __slots__ = (
        "_first",
        "_incoming",
        "_is_closing",
        "_is_eof_sent",
        "_is_open",
        "_is_reading",
        "_outgoing",
        "_protocol",
        "_raw",
        "_tls",
        "_user",
    )

    def __init__(self, context: ssl.SSLContext, user: TlsUser, *, server_hostname: str | None = None) -> None:
        super().__init__()
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(
            self._incoming,
            self._outgoing,
            server_side=context.protocol is ssl.PROTOCOL_TLS_SERVER,
            server_hostname=server_hostname,
        )
        self._user: TlsUser | None = user
        self._protocol = cast("asyncio.Protocol", user)
        self._raw: asyncio.Transport | None = None
        self._first = b""
        self._is_open = False
        self._is_closing = False
        self._is_eof_sent = False
        self._is_reading = True

    @property
    def first_bytes(self) -> bytes:
        """What came first, while the handshake lasts (at most 256)."""
        return self._first

    # Protocol of the raw transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """TCP is connected."""
        self._raw = cast("asyncio.Transport", transport)
        cast("TlsUser", self._user).tls_started(self, self._raw)
        self._shake_hands()

    def data_received(self, data: bytes) -> None:
        """Ciphertext came."""
        self._incoming.write(data)
        if not self._is_open:
            self._first = (self._first + data)[:256]
            if self._user is None or not self._shake_hands():
                return
        self._read_plaintext()

    def eof_received(self) -> bool:
        """The peer ended its half, with or without a TLS close_notify."""
        if not self._is_open:
            self._report_failure(None)
            return False
        return bool(self._protocol.eof_received())

    def connection_lost(self, exc: Exception | None) -> None:
        """TCP is gone."""
        self._is_closing = True
        if self._is_open:
            self._protocol.connection_lost(exc)
        else:
            self._report_failure(exc)
        self._user = None

    def pause_writing(self) -> None:
        """The raw buffer is filling."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """The raw buffer has drained."""
        self._protocol.resume_writing()

    # Transport of the protocol above

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Encrypt and send."""
        if not self._is_closing and data:
            self._tls.write(data)
            self._send_ciphertext()

    def can_write_eof(self) -> bool:
        """TLS ends a direction with close_notify."""
        return True

    def write_eof(self) -> None:
        """Send close_notify and end our half of the TCP connection; what still comes is read until its
        end."""
        if self._is_closing or self._raw is None:
            return
        self._is_closing = True
        with contextlib.suppress(
            ssl.SSLError
        ):  # the peer's close_notify has not come yet; ours is in the buffer
            self._tls.unwrap()
        self._send_ciphertext()
        self._is_eof_sent = True
        if self._raw.can_write_eof():
            self._raw.write_eof()

    def close(self) -> None:
        """Send what is buffered, then end."""
        self.write_eof()
        if self._raw is not None:
            self._raw.close()

    def abort(self) -> None:
        """End at once."""
        self._is_closing = True
        if self._raw is not None:
            self._raw.abort()

    def is_closing(self) -> bool:
        """Whether nothing can be written any more."""
        return self._is_closing or self._raw is None or self._raw.is_closing()

    def pause_reading(self) -> None:
        """Take no more ciphertext, and decrypt no more of what is here."""
        self._is_reading = False
        if self._raw is not None:
            self._raw.pause_reading()

    def resume_reading(self) -> None:
        """Decrypt what is here, in a later turn of the loop, and then take ciphertext again."""
        if self._is_reading:
            return
        self._is_reading = True
        asyncio.get_running_loop().call_soon(self._read_on)

    def get_write_buffer_size(self) -> int:
        """Ciphertext that waits to be sent, in bytes."""
        return self._raw.get_write_buffer_size() if self._raw is not None else 0

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand over to the next protocol."""
        self._protocol = cast("asyncio.Protocol", protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """The protocol above."""
        return self._protocol

    def get_extra_info(self, name: str, default: object = None) -> object:
        """As the raw transport's, plus `ssl_object`."""
        if name == "ssl_object":
            return self._tls
        return self._raw.get_extra_info(name, default) if self._raw is not None else default

    # Between the two

    def _shake_hands(self) -> bool:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self._send_ciphertext()
            return False
        except (ssl.SSLError, ssl.CertificateError) as error:
            self._send_ciphertext()  # the alert that tells the peer what we did not like
            self._report_failure(error)
            self._end_raw()
            return False
        self._is_open = True
        self._user = None
        self._first = b""
        self._send_ciphertext()
        self._protocol.connection_made(self)
        return True

    def _read_on(self) -> None:
        try:
            self._read_plaintext()
        except Exception:
            self.abort()  # as a transport does whose protocol raises
            raise
        if self._is_reading and self._raw is not None:
            self._raw.resume_reading()

    def _read_plaintext(self) -> None:
        while self._is_reading and self._is_open and not self._raw_is_closing():
            try:
                plaintext = self._tls.read(READ_BYTES)
            except ssl.SSLWantReadError:
                self._send_ciphertext()
                return
            except ssl.SSLZeroReturnError:
                plaintext = b""
            except ssl.SSLError as error:
                self._fail(error)
                return
            if not plaintext:  # close_notify: the peer's half has ended
                if not self._protocol.eof_received():
                    self.close()
                return
            self._protocol.data_received(plaintext)

    def _raw_is_closing(self) -> bool:
        return self._raw is None or self._raw.is_closing()

    def _fail(self, error: ssl.SSLError) -> None:
        """A record that does not decrypt: say so with the alert and end."""
        self._send_ciphertext()
        self._is_closing = True
        if self._raw is not None:
            self._raw.close()
        self._protocol.connection_lost(error)
        self._is_open = False

    def _send_ciphertext(self) -> None:
        """What the TLS engine wants to say; behind the end of our half nothing can be said any more."""
        if self._raw is not None and self._outgoing.pending:
            ciphertext = self._outgoing.read()
            if not self._is_eof_sent:
                self._raw.write(ciphertext)

    def _report_failure(self, error: Exception | None) -> None:
        user, self._user = self._user, None
        if user is not None:
            user.tls_failed(error, self._first)

    def _end_raw(self) -> None:
        if self._raw is not None:
            self._raw.close()
