"""TLS through memory: the good case on both sides, and every handshake that fails is known with its
reason."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ocppj.aio.client import connect
from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import AttemptReason
from ocppj.aio.errors import TlsFailedError, UpgradeInvalidError
from ocppj.aio.limits import Limits
from ocppj.aio.server import OcppServer
from ocppj.aio.tls import server_context
from runtime.clock import SystemClock
from tests.support.tls_files import self_signed
from tests.support.websocket import (
    Door,
    JumpingClock,
    RawStation,
    Remembering,
    Site,
    own_watch,
    serving,
    upgrade_request,
)


@dataclass(frozen=True)
class Keys:
    """A self-signed certificate for 127.0.0.1, and contexts of both sides."""

    certificate: Path
    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    files = self_signed(tmp_path_factory.mktemp("tls"))
    server = server_context(files.certificate, files.key)
    client = ssl.create_default_context(cafile=str(files.certificate))
    return Keys(files.certificate, server, client)


@asynccontextmanager
async def serving_tls(keys: Keys, clock: JumpingClock | None = None) -> AsyncIterator[Site]:
    door = Door()
    async with OcppServer(door, Limits(close_within_s=1.0), clock=clock or SystemClock()) as server:
        (listening,) = await server.listen("127.0.0.1", 0, keys.server)
        assert listening.is_secure
        site = Site(server, door, listening.port)
        site.url = f"wss://127.0.0.1:{listening.port}/ocpp/CP1"
        try:
            yield site
        finally:
            for station in site.stations:
                station.abort()


@pytest.mark.parametrize("size", [5, 60_000])
async def test_messages_go_both_ways_through_tls(keys: Keys, size: int) -> None:
    """Client and server on our layer, large messages in several records."""
    async with serving_tls(keys) as site:
        boxes: list[Remembering] = []

        def receive(opened: Connection) -> Remembering:
            boxes.append(Remembering(opened))
            return boxes[0]

        connection = await connect(
            site.url,
            receiver=receive,
            watch=own_watch(),
            subprotocols=["ocpp2.0.1"],
            ssl_context=keys.client,
            compression=False,
        )
        assert connection.peer.is_secure
        assert site.door.upgrades[0].peer.is_secure
        connection.send("x" * size)
        assert await boxes[0].until_texts(1) == [b"x" * size]
        connection.close(1000, "bye")
        assert await boxes[0].until_closed() == (1000, "bye")
        assert await site.door.links[0].until_closed() == (1000, "bye")


async def test_station_on_asyncios_own_tls_is_served(keys: Keys) -> None:
    """The other end need not be ours; a close_notify ends it cleanly."""
    async with serving_tls(keys) as site:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port, ssl=keys.client)
        station = RawStation(reader, writer)
        await station.open()
        station.write(b"\x81\x85\0\0\0\0hello")
        assert await station.read_frame() == (1, b"hello")
        station.write(b"\x88\x82\0\0\0\0\x03\xe8")
        assert await station.read_close() == 1000
        assert await station.read_to_end() == b""
        assert (await site.door.links[0].until_closed())[0] == 1000
        writer.close()


async def test_tls_1_1_is_refused_and_kept(keys: Keys) -> None:
    """OCPP 2.0.1 A00.FR.313: 1.2 or newer."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname = False
    old.verify_mode = ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    async with serving_tls(keys) as site:
        with pytest.raises(ssl.SSLError):
            await asyncio.open_connection("127.0.0.1", site.port, ssl=old)
        (attempt,) = await site.door.until_attempts(1)
        assert attempt.reason is AttemptReason.TLS_FAILED
        assert attempt.first_bytes[0] == 0x16
        assert attempt.peer.is_secure


async def test_alert_of_a_station_that_does_not_trust_us_is_kept(keys: Keys) -> None:
    """The commonest fault in the field: the CA certificate is missing in the station."""
    async with serving_tls(keys) as site:
        with pytest.raises(TlsFailedError, match=r"self.signed certificate"):
            await connect(site.url, receiver=Remembering, watch=own_watch(), subprotocols=["ocpp1.6"])
        (attempt,) = await site.door.until_attempts(1)
        assert attempt.reason in (
            AttemptReason.TLS_FAILED,
            AttemptReason.REQUEST_INCOMPLETE,
            AttemptReason.SILENT,
        )
        assert "certificate" in attempt.detail


async def test_plain_http_on_the_tls_port_is_told_so(keys: Keys) -> None:
    """The answer is plain HTTP, since that is what the station speaks."""
    async with serving_tls(keys) as site:
        station = await site.raw()
        station.write(upgrade_request())
        answer = await station.read_to_end()
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"wss://" in answer
        (attempt,) = site.door.attempts
        assert attempt.reason is AttemptReason.PLAIN_ON_TLS_PORT
        assert attempt.first_bytes.startswith(b"GET /ocpp/CP1")


@pytest.mark.parametrize(
    ("sent", "reason"),
    [(b"", AttemptReason.SILENT), (bytes.fromhex("1603010100"), AttemptReason.REQUEST_INCOMPLETE)],
)
async def test_silence_on_the_tls_port_has_a_deadline(keys: Keys, sent: bytes, reason: AttemptReason) -> None:
    """TLS counts to the handshake's 10 s."""
    clock = JumpingClock()
    async with serving_tls(keys, clock) as site:
        station = await site.raw()
        station.write(sent)
        probe, writer = await asyncio.open_connection("127.0.0.1", site.port, ssl=keys.client)
        await RawStation(probe, writer).open("/ocpp/PROBE")
        clock.at += 10
        site.server.sweep(clock.at)
        (attempt,) = site.door.attempts
        assert (attempt.reason, attempt.first_bytes) == (reason, sent)
        writer.transport.abort()


@pytest.mark.parametrize(
    ("sent", "reason"),
    [(b"", AttemptReason.SILENT), (bytes.fromhex("1603010100"), AttemptReason.TLS_FAILED)],
)
async def test_peer_that_leaves_the_tls_port_is_kept(keys: Keys, sent: bytes, reason: AttemptReason) -> None:
    """With what it had sent."""
    async with serving_tls(keys) as site:
        station = await site.raw()
        station.write(sent)
        station.writer.write_eof()
        (attempt,) = await site.door.until_attempts(1)
        assert (attempt.reason, attempt.first_bytes) == (reason, sent)


async def test_damaged_record_ends_only_its_own_connection(keys: Keys) -> None:
    """Decryption fails: that socket is closed, the other goes on."""
    async with serving_tls(keys) as site:
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", site.port, ssl=keys.client)
        other = RawStation(other_reader, other_writer)
        await other.open("/ocpp/OTHER")
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = keys.client.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
        station = await site.raw()
        await shake_hands(station, tls, incoming, outgoing)
        tls.write(upgrade_request())
        station.write(outgoing.read())
        await site.door.until_links(2)
        station.write(b"\x17\x03\x03\x00\x20" + bytes(32))
        link = next(link for link in site.door.links if link.connection is not site.door.links[0].connection)
        assert (await link.until_closed())[0] == 1006
        other.write(b"\x81\x85\0\0\0\0hello")
        assert await other.read_frame() == (1, b"hello")
        other_writer.transport.abort()


async def test_end_is_told_with_close_notify(keys: Keys) -> None:
    """Otherwise the peer could not tell an end from a cut (RFC 8446 §6.1)."""
    async with serving_tls(keys) as site:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = keys.client.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
        station = await site.raw()
        await shake_hands(station, tls, incoming, outgoing)
        tls.write(b"POST / HTTP/1.1\r\n\r\n")
        station.write(outgoing.read())
        incoming.write(await station.read_to_end())
        incoming.write_eof()
        received = b""
        while chunk := tls.read(4096):  # without a close_notify: SSLEOFError
            received += chunk
        assert received.startswith(b"HTTP/1.1 405 ")


async def shake_hands(
    station: RawStation, tls: ssl.SSLObject, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO
) -> None:
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            station.write(outgoing.read())
            incoming.write(await station.reader.read(65536))
        else:
            station.write(outgoing.read())
            return


async def test_client_certificate_reaches_the_endpoint(keys: Keys) -> None:
    """Verified by TLS, judged by the endpoint (security profile 3)."""
    demanding = server_context(keys.certificate, keys.certificate.with_name("key.pem"))
    demanding.verify_mode = ssl.CERT_REQUIRED
    demanding.load_verify_locations(keys.certificate)
    client = ssl.create_default_context(cafile=str(keys.certificate))
    client.load_cert_chain(keys.certificate, keys.certificate.with_name("key.pem"))
    door = Door()
    async with OcppServer(door, Limits(close_within_s=0.2), clock=SystemClock()) as server:
        (listening,) = await server.listen("127.0.0.1", 0, demanding)
        await connect(
            f"wss://127.0.0.1:{listening.port}/ocpp/CP1",
            receiver=Remembering,
            watch=own_watch(),
            subprotocols=["ocpp1.6"],
            ssl_context=client,
        )
        certificate = x509.load_pem_x509_certificate(keys.certificate.read_bytes())
        assert door.upgrades[0].certificate == certificate.public_bytes(serialization.Encoding.DER)


async def test_client_says_that_the_server_speaks_no_tls(keys: Keys) -> None:
    """wss:// to the plain port: both ends know what is wrong."""
    async with serving() as site:
        with pytest.raises((TlsFailedError, UpgradeInvalidError)):
            await connect(
                f"wss://127.0.0.1:{site.port}/ocpp/CP1",
                receiver=Remembering,
                watch=own_watch(),
                subprotocols=["ocpp1.6"],
                ssl_context=keys.client,
            )
        assert (await site.door.until_attempts(1))[0].reason is AttemptReason.TLS_ON_PLAIN_PORT


async def test_client_checks_the_name_in_the_certificate(keys: Keys) -> None:
    """A certificate for another host is refused."""
    async with serving_tls(keys) as site:
        with pytest.raises(TlsFailedError, match=r"[Hh]ostname"):
            await connect(
                f"wss://localhost:{site.port}/ocpp/CP1",
                receiver=Remembering,
                watch=own_watch(),
                subprotocols=["ocpp1.6"],
                ssl_context=keys.client,
            )


async def test_slow_reader_behind_tls_is_bounded(keys: Keys) -> None:
    """Back-pressure passes through the layer."""
    async with serving_tls(keys) as site:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port, ssl=keys.client, limit=1)
        station = RawStation(reader, writer)
        station.send_upgrade()
        (link,) = await site.door.until_links(1)
        cast("asyncio.Transport", writer.transport).pause_reading()
        for _ in range(400):
            if not link.connection.is_open:
                break
            link.connection.send(b"x" * 60_000)
        assert link.pauses[:1] == [True]
        assert "wait to be sent" in (await link.until_closed())[1]
        writer.transport.abort()
