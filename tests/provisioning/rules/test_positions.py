"""Where a station is put: a known place gets its pin, a name finds its place, anything else is new."""

from dataclasses import replace

import pytest

from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.records import Place
from provisioning.rules.positions import Position, positioned, settled
from provisioning.storage.positions import load_position
from tests.support.provisioning import World
from tests.support.scopes import EVERYTHING

KNOWN = Place("p", "s", "P1", 1.0, 2.0, "1")


async def put(world: World, position: Position) -> Place:
    """The place that a position is, by what is stored."""
    return await world.database.run_read(
        lambda connection: settled(position, load_position(connection, position, EVERYTHING), "new")
    )


@pytest.mark.parametrize(
    ("position", "place"),
    [
        (Position(), KNOWN),
        (Position(latitude=3.0, longitude=4.0), Place("p", "s", "P1", 3.0, 4.0, "1")),
        (Position(latitude=3.0), KNOWN),
        (Position(floor="2"), Place("p", "s", "P1", 1.0, 2.0, "2")),
        (Position(name="other"), KNOWN),
        (Position(plan_x=0.1), KNOWN),
        (Position(plan_x=0.0, plan_y=1.0), replace(KNOWN, plan_x=0.0, plan_y=1.0)),
    ],
)
def test_what_is_given_replaces_and_what_is_not_stays(position: Position, place: Place) -> None:
    """Half a pin is none; a name is the manager's to change."""
    assert positioned(KNOWN, position) == place


async def test_a_place_made_in_advance_gets_its_pin_from_the_installer(world: World) -> None:
    """The manager named it, the installer stands there."""
    site = await world.site()
    sites = world.provisioning.use_cases.sites
    made = await sites.add_place(Place("", site.site_id, "Quai nord"))
    for position in (
        Position(place_id=made.place_id, latitude=51.4, longitude=-57.1),
        Position(site_id=site.site_id, name="quai NORD", latitude=51.4, longitude=-57.1),
    ):
        place = await world.database.run_read(
            lambda c, p=position: settled(p, load_position(c, p, EVERYTHING), "new")  # type: ignore[misc] # bound now
        )
        assert place == Place(made.place_id, site.site_id, "Quai nord", 51.4, -57.1)


async def test_another_name_is_a_new_place(world: World) -> None:
    """On the only site; not stored yet."""
    site = await world.site()
    position = Position(name="Quai sud", latitude=1.0, longitude=2.0, floor="P2")
    place = await world.database.run_read(
        lambda c: settled(position, load_position(c, position, EVERYTHING), "new")
    )
    assert place == Place("new", site.site_id, "Quai sud", 1.0, 2.0, "P2")


async def test_unknown_places_and_sites_are_refused(world: World) -> None:
    """With the code that says which."""
    for position, code in (
        (Position(place_id="x"), Code.PLACE_UNKNOWN),
        (Position(name="a"), Code.SITE_MISSING),
    ):
        with pytest.raises(ProvisioningProblem) as raised:
            await world.database.run_read(
                lambda c, p=position: settled(p, load_position(c, p, EVERYTHING), "new")  # type: ignore[misc] # now
            )
        assert raised.value.code is code
