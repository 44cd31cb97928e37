"""Before the account is set up nothing is charged; who opened no set-up needs no step more."""

import pytest

from access.memberships import save_membership
from access.principals import Account, AccountKind, Membership, Role
from provisioning.accounts import REQUIRED_CONTACTS, BillingState, Contact
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.lifecycle import Lifecycle
from tests.support.provisioning import World
from tests.support.scopes import EVERYTHING
from tests.support.stations import ScriptedStation

CONTACTS = tuple(Contact(role, "Ann", phone="514 555-0100") for role in REQUIRED_CONTACTS)
HERE = "default"


async def managed(world: World) -> None:
    """Ann manages the organisation."""
    ann, manager = Account(AccountKind.PERSON, "ann"), Membership(Role.MANAGER)
    await world.database.run_write(lambda connection: save_membership(connection, ann, manager))


async def finish(world: World) -> None:
    """The steps but the last, which is the account; in the worst order."""
    accounts = world.provisioning.use_cases.accounts
    await accounts.name_contacts(HERE, CONTACTS, "ann")
    await accounts.move_billing(HERE, BillingState.APPROVED, "team", is_team=True)
    await accounts.confirm_organisation(HERE, "Une inc.", "1 rue Une", "ann")


async def accepted(world: World, station: ScriptedStation) -> Lifecycle:
    """How far the station comes by itself."""
    for _ in range(20):
        await world.passes(15)
    return world.state(world.provisioning.resolver.resolve(station.identity))


@pytest.mark.requirement("R7", "refuses")
async def test_nothing_is_charged_before_the_account_is_set_up(world: World, v201: ScriptedStation) -> None:
    """Claimed and approved in advance, and yet pending: each step that is left is in the way."""
    await world.provisioning.use_cases.accounts.open(HERE, "team")
    tariff = await world.tariff()
    site = await world.site(name="Free")
    station_id = await world.localized(v201)
    assert await accepted(world, v201) is Lifecycle.LOCALIZED
    assert world.codes(station_id) == ["E_ACCT_BEFORE_CHARGE", "E_ORG_UNCONFIRMED", "E_CONTACTS_MISSING"]
    with pytest.raises(ProvisioningProblem) as raised:
        await world.provisioning.use_cases.sites.change_site(
            site.site_id, "ann", tariff_id=tariff.tariff.tariff_id
        )
    assert raised.value.code is Code.FLEX_REQUIRED


@pytest.mark.requirement("R7", "passes")
@pytest.mark.requirement("R8", "passes")
async def test_the_last_step_lets_the_station_on(world: World, v201: ScriptedStation) -> None:
    """Nobody has to ask again for what was asked for before."""
    accounts = world.provisioning.use_cases.accounts
    await accounts.open(HERE, "team")
    station_id = await world.localized(v201)
    await finish(world)
    assert world.codes(station_id) == ["E_ACCT_BEFORE_CHARGE"]
    with pytest.raises(ProvisioningProblem, match="E_NO_MANAGER"):
        await accounts.confirm_account(HERE, "ann")
    await managed(world)
    await accounts.confirm_account(HERE, "ann")
    assert await accepted(world, v201) is Lifecycle.ACTIVE


@pytest.mark.requirement("R10", "passes")
async def test_a_price_is_free_to_choose_once_billing_is_approved(world: World) -> None:
    """And a free one always."""
    accounts = world.provisioning.use_cases.accounts
    await accounts.open(HERE, "team")
    paid, free = await world.tariff(), await world.tariff(name="Free", energy_micro_per_kwh=0)
    made = await world.site(name="A", tariff_id=free.tariff.tariff_id)
    with pytest.raises(ProvisioningProblem, match="E_FLEX_REQUIRED"):
        await world.site(name="B", tariff_id=paid.tariff.tariff_id)
    await accounts.move_billing(HERE, BillingState.APPROVED, "team", is_team=True)
    assert (await world.site(name="B", tariff_id=paid.tariff.tariff_id)).tariff_id
    assert made.tariff_id == free.tariff.tariff_id


async def test_a_price_from_before_waits_for_billing(world: World, v201: ScriptedStation) -> None:
    """The site had it when the set-up was opened."""
    tariff = await world.tariff()
    station_id = await world.localized(v201, tariff_id=tariff.tariff.tariff_id, activates_on_claim=False)
    await world.provisioning.use_cases.accounts.open(HERE, "team")
    assert "E_FLEX_REQUIRED" in world.codes(station_id)
    await world.provisioning.use_cases.accounts.move_billing(
        HERE, BillingState.APPROVED, "team", is_team=True
    )
    assert "E_FLEX_REQUIRED" not in world.codes(station_id)


async def test_an_active_station_stays_so(world: World, v201: ScriptedStation) -> None:
    """A set-up that is opened later takes nothing out of service; nor does a restart of the server."""
    station_id = await world.active(v201)
    await world.provisioning.use_cases.accounts.open(HERE, "team")
    assert world.state(station_id) is Lifecycle.ACTIVE
    await world.restart()
    assert world.state(station_id) is Lifecycle.ACTIVE
    assert [each.organisation_id for each in world.provisioning.use_cases.accounts.every(EVERYTHING)] == [
        HERE
    ]


async def test_one_that_was_opened_by_mistake_is_closed(world: World, v201: ScriptedStation) -> None:
    """The station goes on; the account is asked for no more, also after a restart."""
    accounts = world.provisioning.use_cases.accounts
    await accounts.open(HERE, "team")
    await accounts.name_contacts(HERE, CONTACTS, "ann")
    await world.localized(v201)
    await accounts.close(HERE, "team", is_team=True)
    assert await accepted(world, v201) is Lifecycle.ACTIVE
    await world.restart()
    with pytest.raises(ProvisioningProblem, match="E_SET_UP_UNKNOWN"):
        world.provisioning.use_cases.accounts.one(HERE)


async def test_what_was_set_up_is_there_after_a_restart(world: World) -> None:
    """With its contacts, and who did what."""
    await world.provisioning.use_cases.accounts.open(HERE, "team")
    await finish(world)
    before = world.provisioning.use_cases.accounts.one(HERE)
    await world.restart()
    after = world.provisioning.use_cases.accounts.one(HERE)
    assert set(after.contacts) == set(before.contacts)
    assert after.done == before.done
    assert (after.legal_name, after.billing) == ("Une inc.", BillingState.APPROVED)


async def test_without_a_set_up_there_are_no_gates_of_it(world: World, v201: ScriptedStation) -> None:
    """As many lines in the checklist as before, and as many steps."""
    station_id = await world.active(v201)
    names = [each.gate.name for each in world.provisioning.station_cache.checklist(station_id)]
    assert names == ["ordered", "powered", "localized", "requested", "configured", "in-service"]
