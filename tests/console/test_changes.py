"""What open pages are told: topics by name, at most once a second, and only what somebody may see."""

from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from access.principals import Role, member
from console.changes import TOPICS_MOST, Changes, Watcher
from ocppj.aio.endpoint import AttemptReason
from ocppj.vocabulary import StationId
from tests.support.attempts import failed_attempt
from tests.support.central import A16, B201, Central, opened_central

ADMIN = member("ann", Role.ADMIN)
WRONG = AttemptReason.WRONG_PATH


@pytest_asyncio.fixture
async def central(tmp_path: Path) -> AsyncIterator[Central]:
    """With a station of each version."""
    async with opened_central(tmp_path) as opened:
        yield opened


async def heard(watcher: Watcher, central: Central) -> bytes:
    """The first thing that is told, behind the comment that opens the stream."""
    told = cast("AsyncGenerator[bytes, None]", watcher.stream(central.clock))
    assert (await anext(told)).startswith(b":")
    line = await anext(told)
    await told.aclose()
    return line


async def test_news_of_a_station_name_its_topic_as_the_page_does(central: Central) -> None:
    """Another spelling stays as it was asked for."""
    watcher = Changes(central.parts).watch([f"station:{A16.upper()}"], ADMIN)
    central.publish("connector.status")
    assert f'["station:{A16.upper()}"]'.encode() in await heard(watcher, central)


async def test_much_news_is_one_line(central: Central) -> None:
    """However much happens, each topic is named once."""
    watcher = Changes(central.parts).watch(["stations", f"station:{A16}"], ADMIN)
    for _ in range(100):
        central.publish("connector.status")
    assert f'["station:{A16}","stations"]'.encode() in (await heard(watcher, central)).replace(b" ", b"")


async def test_a_frame_is_news_of_its_wire_log_alone(central: Central) -> None:
    watcher = Changes(central.parts).watch([f"frames:{A16}", f"station:{B201}", "stations"], ADMIN)
    central.record(b'[2,"m","Heartbeat",{}]')
    assert f'["frames:{A16}"]'.encode() in await heard(watcher, central)


@pytest.mark.parametrize("topic", ["", "nothing", f"frames:{A16}"])
async def test_what_is_no_topic_or_not_theirs_is_never_told(central: Central, topic: str) -> None:
    """A viewer sees no frames."""
    watcher = Changes(central.parts).watch([topic], member("vic", Role.VIEWER))
    central.record(b'[2,"m","Heartbeat",{}]')
    central.publish("connector.status")
    assert watcher.names == {}
    assert not watcher.knows("stations")


async def test_more_topics_than_a_page_has_are_left_out(central: Central) -> None:
    watcher = Changes(central.parts).watch([f"station:x{number}" for number in range(99)], ADMIN)
    assert len(watcher.names) <= TOPICS_MOST


async def test_who_is_closed_is_forgotten_and_told_no_more(central: Central) -> None:
    changes = Changes(central.parts)
    closed, open_one = (changes.watch(["stations"], ADMIN) for _ in range(2))
    closed.close()
    central.publish("connector.status", StationId(B201))
    assert (closed.knows("stations"), open_one.knows("stations")) == (False, True)
    open_one.close()


async def test_the_end_of_the_server_ends_the_stream(central: Central) -> None:
    watcher = Changes(central.parts).watch(["stations"], ADMIN)
    watcher.end()
    assert [each async for each in watcher.stream(central.clock)][1:] == []


async def test_a_failed_connection_is_news_of_its_station_or_of_no_name(
    central: Central,
) -> None:
    """A page on which somebody waits for a station asks again."""
    watcher = Changes(central.parts).watch([f"station:{A16}", "attempts"], ADMIN)
    central.attempts.add(failed_attempt(WRONG, A16.upper()))
    central.attempts.add(failed_attempt(WRONG, "nobody"))
    assert f'["station:{A16}"]'.encode() in await heard(watcher, central)
    central.attempts.add(failed_attempt(WRONG))
    assert b'["attempts"]' in await heard(watcher, central)
