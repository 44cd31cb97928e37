"""Staying connected: when to dial, with which password, and what is said of it."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest

from ocppj.aio.endpoint import Refuse
from ocppj.aio.errors import TlsFailedError, UpgradeRefusedError
from ocppj.aio.server import OcppServer
from runtime.chance import SeededChance
from runtime.clock import ScaledClock, SystemClock
from runtime.lifecycle import Background
from simulator.connection.connection_manager import HANG_UP_WITHIN_S, SILENT_AT_LEAST_S
from simulator.model.template import identify
from simulator.station.station import Station
from tests.support.answering import AnsweringLink, agree
from tests.support.simulated import Stage, changed_template, simulated
from tests.support.tls_files import self_signed
from tests.support.waiting import until
from tests.support.websocket import Door

PASSWORD, NEW = "old password 0123", "new password 4567"
NO_CHANCE = {"OCPPCommCtrlr.RetryBackOffRandomRange": "0"}


def steady(name: str = "ac-16", **changes: Any) -> Any:
    """A template whose back-off is 5, 10, 20, 20 … seconds."""
    variables = NO_CHANCE | {
        "OCPPCommCtrlr.RetryBackOffWaitMinimum": "5",
        "OCPPCommCtrlr.RetryBackOffRepeatTimes": "2",
    }
    return changed_template(name, variables=variables, **changes)


def passwords(stage: Stage) -> list[str | None]:
    """The password of each attempt; None without credentials."""
    return [
        request.credentials.password.decode("latin-1") if request.credentials is not None else None
        for request in stage.door.upgrades
    ]


async def test_back_off_doubles_up_to_its_limit() -> None:
    """2.0.1 part 4 §5.3: 5, 10, 20, 20 seconds between attempts."""
    async with simulated(steady()) as stage:
        stage.door.decision = Refuse(503, "not now")
        await stage.advance(2)
        seen: list[int] = []
        for second in range(60):
            seen += [second] * (len(stage.door.upgrades) - len(seen))
            await stage.advance(1)
        assert seen == [0, 5, 15, 35, 55]
        assert isinstance(stage.station.trouble, UpgradeRefusedError)
        assert "the server answered HTTP 503: not now; next attempt in 20 s" in stage.message_store


async def test_lost_connection_begins_again_at_the_minimum() -> None:
    """Success forgets the failures; the first wait after a loss is not doubled."""
    async with simulated(steady()) as stage:
        stage.door.decision = Refuse(503, "not now")
        await stage.advance(2 + 5 + 1)
        stage.door.decision = None
        await stage.advance(9)
        assert stage.station.snapshot().is_connected
        assert stage.station.trouble is None
        stage.link.connection.abort()
        await stage.advance(4.9)
        assert not stage.station.snapshot().is_connected
        await stage.advance(0.2)
        assert stage.station.snapshot().is_connected
        assert any(text.startswith("connection lost (1006") for text in stage.message_store)


async def test_random_part_is_added_anew_each_time() -> None:
    """At most RetryBackOffRandomRange."""
    template = changed_template(
        variables={
            "OCPPCommCtrlr.RetryBackOffWaitMinimum": "5",
            "OCPPCommCtrlr.RetryBackOffRandomRange": "100",
            "OCPPCommCtrlr.RetryBackOffRepeatTimes": "0",
        }
    )
    async with simulated(template) as stage:
        stage.door.decision = Refuse(503, "not now")
        await stage.advance(600)
        waits = [float(text.split()[-2]) for text in stage.message_store if "next attempt" in text]
        assert len(set(waits)) == len(waits) > 3
        assert all(5 <= wait <= 105 for wait in waits)


async def test_no_power_and_no_network_no_attempts() -> None:
    """They come back at once with the network, after the start-up time with the power."""
    async with simulated(steady()) as stage:
        await stage.boot()
        stage.station.drop_link()
        await stage.advance(100)
        assert len(stage.door.upgrades) == 1
        stage.station.restore_link()
        await stage.rest()
        assert len(stage.door.upgrades) == 2
        stage.station.power_cut(None)
        await stage.advance(100)
        assert len(stage.door.upgrades) == 2
        stage.station.power_back()
        await stage.rest()
        assert len(stage.door.upgrades) == 2
        await stage.advance(2)
        assert len(stage.door.upgrades) == 3


async def test_power_that_goes_while_dialling_leaves_no_connection() -> None:
    """The upgrade comes through to nobody."""
    async with simulated(steady()) as stage:
        stage.door.gate = asyncio.Event()
        await stage.advance(2)
        assert stage.door.upgrades
        stage.station.power_cut(50)
        stage.door.gate.set()
        stage.door.gate = None
        await stage.rest()
        assert not stage.station.snapshot().is_connected
        assert stage.link.closed is not None
        await stage.advance(50)
        await stage.boot()


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_changed_password_is_used_at_once(template: str) -> None:
    """The answer comes first, then the new connection; no boot is needed for it."""
    async with simulated(template, password=PASSWORD) as stage:
        await stage.boot()
        answer = await set_password(stage, NEW)
        assert answer == "Accepted"
        assert stage.station.snapshot().is_connected
        assert passwords(stage) == [PASSWORD, NEW]
        assert stage.actions.count("BootNotification") == 1
        assert not any(NEW in text or PASSWORD in text for text in stage.message_store)


async def set_password(stage: Stage, password: str) -> str:
    """By the key of 1.6, in hexadecimal, or the variable of 2.0.1; the status."""
    if stage.station.template.version == "1.6":
        value = password.encode("latin-1").hex().upper()
        return str(
            (await stage.ask("ChangeConfiguration", {"key": "AuthorizationKey", "value": value})).status
        )
    place = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
    asked = {"setVariableData": [place | {"attributeValue": password}]}
    return str((await stage.ask("SetVariables", asked)).set_variable_result[0].attribute_status)


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_old_password_comes_back_if_the_new_one_is_refused(template: str) -> None:
    """The other one is tried after the back-off; the one that works is in force."""
    async with simulated(steady(template), password=PASSWORD) as stage:
        await stage.boot()
        stage.door.decision = Refuse(401, "who are you")
        await set_password(stage, NEW)
        await stage.rest()
        assert passwords(stage) == [PASSWORD, NEW]
        stage.door.decision = None
        await stage.advance(6)
        assert passwords(stage) == [PASSWORD, NEW, PASSWORD]
        assert stage.station.snapshot().is_connected
        assert any("the one before works" in text for text in stage.message_store)
        stage.link.connection.abort()
        await stage.advance(6)
        assert passwords(stage)[-1] == PASSWORD


async def test_key_of_any_bytes_goes_out_as_these_bytes() -> None:
    """1.6 security whitepaper: hexadecimal on the wire of OCPP, bytes in the header."""
    key = bytes(range(236, 256))
    async with simulated(password=PASSWORD) as stage:
        await stage.boot()
        await stage.ask("ChangeConfiguration", {"key": "AuthorizationKey", "value": key.hex()})
        assert passwords(stage)[-1] == key.decode("latin-1")


@pytest.mark.parametrize("value", ["00" * 15, "00" * 21, "nonsense", ""])
async def test_key_that_is_none_is_rejected(value: str) -> None:
    """16 to 20 bytes in hexadecimal; the connection stays."""
    async with simulated(password=PASSWORD) as stage:
        await stage.boot()
        answer = await stage.ask("ChangeConfiguration", {"key": "AuthorizationKey", "value": value})
        assert answer.status == "Rejected"
        assert passwords(stage) == [PASSWORD]


@pytest.mark.parametrize(("interval", "pings", "silent_s"), [(0, None, None), (10, 10, 60), (40, 40, 120)])
async def test_pings_as_the_variable_says(interval: int, pings: float | None, silent_s: float | None) -> None:
    """WebSocketPingInterval; 0 switches them off, and then silence is no fault."""
    template = changed_template(variables={"OCPPCommCtrlr.WebSocketPingInterval": str(interval)})
    async with simulated(template) as stage:
        await stage.boot()
        link = stage.station._parts.connection.link
        assert link is not None
        assert link.connection.silent_after_s == silent_s
        assert link.connection._watch.limits.ping_every_s == pings
        assert SILENT_AT_LEAST_S == 60


async def test_goodbye_does_not_wait_for_ever() -> None:
    """A central system that does not answer the close frame is left."""
    async with simulated(is_running=False) as stage, asyncio.TaskGroup() as group:
        running = group.create_task(stage.station.run())
        await stage.boot()
        stage.pipes[1].pause_reading()
        running.cancel()
        await stage.advance(HANG_UP_WITHIN_S / 2)
        assert not stage.pipes[0].is_lost
        await stage.advance(HANG_UP_WITHIN_S / 2)
    assert stage.pipes[0].is_lost


async def test_over_tls_with_a_certificate_that_is_trusted_or_not(tmp_path: Path) -> None:
    """On a real socket; without trust the reason is said."""
    files = self_signed(tmp_path)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(files.certificate, files.key)
    trusting = ssl.create_default_context(cafile=str(files.certificate))
    kind = changed_template(start_s=0)
    async with OcppServer(
        Door(lambda connection: AnsweringLink(connection, agree)), clock=SystemClock()
    ) as server:
        (listening,) = await server.listen("127.0.0.1", 0, server_side)
        for tls, is_trusted in ((trusting, True), (None, False)):
            station = Station(
                kind,
                identify(kind, mac="02:B0:16:00:00:01"),
                url=f"wss://127.0.0.1:{listening.port}/ocpp",
                clock=ScaledClock(20),
                chance=SeededChance(),
                password=PASSWORD,
                tls=tls,
            )
            async with Background("station") as tasks:
                tasks.start(station.run())
                if is_trusted:
                    await station.wait_until(lambda now: now.is_accepted, 200)
                else:
                    await until(lambda station=station: station.trouble is not None)  # type: ignore[misc] # bound
                    assert isinstance(station.trouble, TlsFailedError)
