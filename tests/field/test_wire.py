"""Field cases of the wire: W4 a station that prefers the older version."""

import pytest

from tests.support.server import LiveServer
from tests.support.websocket import RawStation

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def chosen(raw: RawStation, station_id: str, offered: str) -> bytes:
    """The subprotocol in the answer to an upgrade."""
    head = await raw.open(f"/ocpp/{station_id}", sec_websocket_protocol=offered)
    return next(
        line.split(b":")[1].strip()
        for line in head.splitlines()
        if line.lower().startswith(b"sec-websocket-protocol:")
    )


@pytest.mark.parametrize(
    ("offered", "first"),
    [
        ("ocpp1.6,ocpp2.0.1", b"ocpp1.6"),
        ("ocpp1.6, ocpp2.1, ocpp2.0.1", b"ocpp1.6"),
        pytest.param(
            "ocpp2.1,ocpp2.0.1,ocpp1.6",
            b"ocpp2.1",
            marks=pytest.mark.held_before("newest first was both our order and the station's"),
        ),
        ("ocpp2.2,OCPP1.6,ocpp2.0.1", b"OCPP1.6"),
    ],
)
async def test_w4_the_first_version_that_we_speak(server: LiveServer, offered: str, first: bytes) -> None:
    """OCPP 2.1 part 4 §3.1.2: the station's list is its order of preference."""
    assert await chosen(await server.raw(), f"field-w4-{len(offered)}", offered) == first
