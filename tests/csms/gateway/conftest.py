"""One gateway per test."""

from collections.abc import AsyncIterator

import pytest

from tests.support.gateway import GatewaySite, gateway_site


@pytest.fixture
async def site() -> AsyncIterator[GatewaySite]:
    """With the usual limits."""
    async with gateway_site() as opened:
        yield opened
