"""What the console's pages ask of provisioning."""

import pytest

from access.principals import AccessScope
from borne.provisioning_backend import ProvisioningBackend
from runtime.http import Problem
from tests.provisioning.conftest import settings, watched, world
from tests.support.provisioning import ID, MAC, World
from tests.support.scopes import EVERYTHING

__all__ = ["settings", "watched", "world"]
BOTH = AccessScope(frozenset({"default", "autre"}))


async def test_a_station_of_another_organisation_is_not_adopted_and_its_place_not_told(world: World) -> None:
    """Who runs the server gets the words for a station that nobody knows, by the name that was typed."""
    site = await world.site(organisation_id="autre")
    backend = ProvisioningBackend(world.provisioning)
    code = await backend.adopt(MAC, "ann", BOTH) or ""
    await world.claim(code=code, site_id=site.site_id, name="Quai secret", scope=BOTH)
    with pytest.raises(Problem) as refused:
        await backend.adopt(MAC, "root", EVERYTHING)
    assert (refused.value.status, refused.value.code) == (404, "E_STATION_UNKNOWN")
    assert MAC in str(refused.value)
    assert ID not in str(refused.value)
    assert "Quai secret" not in str(refused.value)
    with pytest.raises(Problem, match="Quai secret"):
        await backend.adopt(ID, "ann", BOTH)


async def test_a_station_that_nobody_ordered_gets_a_claim_code(world: World) -> None:
    """Told once; it has no activation yet."""
    backend = ProvisioningBackend(world.provisioning)
    assert await backend.adopt("cp-9", "root", EVERYTHING)
    assert backend.activation("cp-9") is None
