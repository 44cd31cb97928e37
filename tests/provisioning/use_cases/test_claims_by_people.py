"""People claim on a phone, in the dark: they slip, and their answers get lost."""

from datetime import date
from typing import Any

import pytest

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.claimant import Claimant
from provisioning.errors import ProvisioningProblem
from provisioning.records import Place
from provisioning.rules.jobs import JobRequest
from provisioning.rules.localization import Claim
from provisioning.rules.positions import Position
from provisioning.use_cases.purchasing import OrderLine
from tests.support.provisioning import CODE, ID, MAC, World
from tests.support.scopes import EVERYTHING

OTHER = "02:B0:16:00:00:01"
WRONG = "AAAA-BBBB"


class Phone:
    """What Sam sends."""

    def __init__(self, world: World, site_id: str, place_id: str) -> None:
        self.world, self.site_id, self.place_id = world, site_id, place_id

    async def claim(
        self, mac: str = MAC, code: str = CODE, *, by: str = "sam", key: str | None = None, **where: Any
    ) -> StationId:
        """A claim at the place."""
        position = Position(**({"place_id": self.place_id} | where))
        localization = self.world.provisioning.use_cases.localization
        person = Claimant(by, EVERYTHING, is_person=True)
        return await localization.claim(Claim(mac, code, position), person, key=key)

    async def refused(self, *args: Any, **more: Any) -> ProvisioningProblem:
        """The problem that it ends with."""
        with pytest.raises(ProvisioningProblem) as raised:
            await self.claim(*args, **more)
        return raised.value

    async def tries(self) -> int:
        """How many are kept."""
        return len(await self.world.provisioning.use_cases.localization.claims(EVERYTHING))


@pytest.fixture
async def phone(world: World) -> Phone:
    """Sam has a job: one place, one box."""
    site = await world.site()
    await world.order(MAC, OTHER)
    jobs, sites = world.provisioning.use_cases.jobs, world.provisioning.use_cases.sites
    place = await sites.add_place(Place("", site.site_id, "P1"))
    stops = (jobs.stop(place.place_id, MAC),)
    await jobs.plan(site.site_id, JobRequest(date(2026, 5, 5), stops, "sam"), "ann")
    return Phone(world, site.site_id, place.place_id)


@pytest.mark.requirement("R28", "passes")
async def test_a_job_is_all_that_a_person_needs(phone: Phone) -> None:
    """No entry in the register of installers; who has no job needs one."""
    assert (await phone.refused(by="kim")).code is Code.INSTALLER_ACCOUNT
    assert await phone.claim() == ID


async def test_a_slip_costs_no_try(phone: Phone) -> None:
    """A box that is not in the job, a code whose last character does not fit."""
    slip = await phone.refused(OTHER)
    assert slip.code is Code.NOT_ON_JOB
    near = await phone.refused("0024:B100:0002:9F82")
    assert near.near == ("0024:B100:0002:9F81",)
    assert (await phone.refused(code="7K3M-Q9XA6")).code is Code.CODE_MISTYPED
    assert await phone.tries() == 0


async def test_a_wrong_code_locks_the_station_and_not_the_person(phone: Phone) -> None:
    """The team opens it; the person only waits a minute."""
    for left in (4, 3, 2, 1, 0):
        problem = await phone.refused(code=WRONG)
        assert (problem.code, problem.fields["tries"]) == (Code.CODE_WRONG, left)
    locked = await phone.refused()
    assert (locked.code, locked.fields["locked"]) == (Code.STATION_LOCKED, ID)
    use_cases = phone.world.provisioning.use_cases
    line = OrderLine(mac="02:B0:16:00:00:02", claim_code=CODE)
    await use_cases.purchasing.order("PO-9", [line], None, "ann")
    await use_cases.purchasing.register_installer("Sam", "sam", None, None)
    quay = await phone.world.site(name="Quay")
    elsewhere: dict[str, Any] = {"place_id": None, "site_id": quay.site_id, "name": "Q1"}
    slowed = await phone.refused("02:B0:16:00:00:02", **elsewhere)
    assert slowed.code is Code.CLAIM_SLOWED
    await phone.world.clock.advance(60)
    assert await phone.claim("02:B0:16:00:00:02", **elsewhere) == "02b016000002"
    assert await use_cases.localization.unlock(MAC) == 5
    assert await phone.claim() == ID


async def test_a_claim_sent_again_is_the_same_claim(phone: Phone) -> None:
    """Granted or refused: it gets the first answer, counts once, and changes nothing any more."""
    for _ in range(3):
        problem = await phone.refused(code=WRONG, key="key-wrong")
        assert problem.fields["tries"] == 4
    assert await phone.tries() == 1
    assert await phone.claim(key="key-right") == ID
    await phone.world.provisioning.use_cases.localization.remove_from_place(ID, "ann")
    assert await phone.claim(key="key-right") == ID
    assert phone.world.device().place_id is None
    assert await phone.tries() == 2
    assert (await phone.refused(code=WRONG, key="key-right")).code is Code.KEY_REUSED


async def test_a_rough_position_is_kept_beside_the_pin(phone: Phone) -> None:
    """Underground a receiver tells the street: 30 m at most move the pin."""
    await phone.claim(latitude=45.5, longitude=-73.6, accuracy_m=80.0)
    place = phone.world.provisioning.station_cache.places[phone.place_id]
    assert (place.latitude, place.measured_latitude, place.accuracy_m) == (None, 45.5, 80.0)
    await phone.claim(latitude=45.6, longitude=-73.7, accuracy_m=8.0)
    place = phone.world.provisioning.station_cache.places[phone.place_id]
    assert (place.latitude, place.longitude, place.measured_longitude) == (45.6, -73.7, -73.7)
    await phone.world.restart()
    assert phone.world.provisioning.station_cache.places[phone.place_id] == place
