"""What organisations own, asked of the database: on both databases."""

import pytest

from access.organisations import InUse, Organisation, Organisations
from charging.tariff import Tariff
from provisioning.owners import StoredOwned
from provisioning.records import NamedTariff, Site
from provisioning.storage.orders import save_tariff
from provisioning.storage.sites import save_site
from runtime.clock import ManualClock
from runtime.database import Database

PORT = Site("port", "Port", "UTC", organisation_id="autre")
TARIFF = NamedTariff("T", Tariff("t", "CAD"), "une")


async def test_sites_and_tariffs_are_an_organisations(database: Database, clock: ManualClock) -> None:
    """Each its own; the site of another one is none."""
    owned = StoredOwned()
    await database.run_write(lambda c: save_site(c, PORT))
    await database.run_write(lambda c: save_tariff(c, TARIFF, clock.now()))
    of = [
        await database.run_read(lambda c, one=each: owned.holdings(c, one))  # type: ignore[misc] # bound now
        for each in ("autre", "une", "default")
    ]
    assert [[(each.one.en, each.names) for each in holdings] for holdings in of] == [
        [("{count} site", (PORT.name,))],
        [("{count} tariff", (TARIFF.name,))],
        [],
    ]
    asked = [("autre", "port"), ("default", "port"), ("autre", "elsewhere")]
    found = await database.run_read(lambda c: [owned.has_site(c, *each) for each in asked])
    assert found == [True, False, False]


async def test_an_organisation_stays_for_a_site_that_another_process_just_made(
    database: Database, clock: ManualClock
) -> None:
    """Nobody here has heard of it: only the database knows."""
    organisations = Organisations(database, clock, StoredOwned())
    for name in ("autre", "une"):
        assert await organisations.save(Organisation(name, name), "root")
    await database.run_write(lambda c: save_site(c, PORT))
    await database.run_write(lambda c: save_tariff(c, TARIFF, clock.now()))
    for name in ("autre", "une"):
        with pytest.raises(InUse):
            await organisations.remove(name, "root")
        assert await organisations.one(name) is not None
