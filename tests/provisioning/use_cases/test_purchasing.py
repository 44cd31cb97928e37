"""Orders: boxes by MAC or identity, their other names, what was known before, and how to take one back."""

import asyncio

import pytest

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.lifecycle import Lifecycle
from provisioning.use_cases.purchasing import OrderedStation, OrderLine
from tests.support.provisioning import CODE, ID, MAC, World
from tests.support.scopes import EVERYTHING
from tests.support.stations import BOOT, ScriptedStation

WIFI = "02:B0:16:00:00:09"


async def order(world: World, *lines: OrderLine, reference: str = "PO") -> list[OrderedStation]:
    """An order by the owner."""
    return (await world.provisioning.use_cases.purchasing.order(reference, lines, "Ann", "owner"))[1]


async def refusal(work: object) -> ProvisioningProblem:
    """The problem that `work` ends with."""
    with pytest.raises(ProvisioningProblem) as raised:
        await work  # type: ignore[misc] # a coroutine
    return raised.value


async def test_codes_are_made_where_none_is_given_and_never_stored(world: World) -> None:
    """They are told this once."""
    own, made = await order(world, OrderLine(mac=MAC, claim_code=CODE), OrderLine(mac=WIFI))
    assert own.claim_code == CODE
    assert made.claim_code != CODE
    assert made.claim_code not in repr(made)
    stored = await world.database.run_read(lambda c: repr(c.exec_driver_sql("select * from devices").all()))
    for code in (CODE, made.claim_code):
        assert code not in stored
        assert code.replace("-", "") not in stored


@pytest.mark.parametrize(
    ("line", "station_id"),
    [
        (OrderLine(mac="0024:b100:0002:9f81"), "0024b10000029f81"),
        (OrderLine(mac="02:b0:16:ff:fe:00:00:01"), "02b016000001"),
        (OrderLine(identity="02-B0-16-00-00-01"), "02b016000001"),
        (OrderLine(identity="CP-42"), "cp-42"),
        (OrderLine(identity="110000123456"), "110000123456"),
        (OrderLine(mac=MAC, identity="CP-42"), "0024b10000029f81"),
    ],
)
async def test_a_box_is_named_canonically(world: World, line: OrderLine, station_id: str) -> None:
    """An identity that is a MAC in some spelling is that MAC; then every spelling finds the box."""
    (made,) = await order(world, line)
    assert made.station_id == station_id
    for name in (line.mac, line.identity):
        assert name is None or world.provisioning.resolver.resolve(name) == station_id


@pytest.mark.parametrize(
    ("line", "code", "text"),
    [
        (OrderLine(mac="0024:B100"), Code.MAC_INVALID, "12 or 16 hexadecimal digits are needed"),
        (OrderLine(mac="00:00:00:00:00:00"), Code.MAC_INVALID, "all zeros"),
        (OrderLine(mac="01:00:5e:00:00:01"), Code.MAC_INVALID, "multicast"),
        (OrderLine(mac=MAC, more_macs=("nonsense",)), Code.MAC_INVALID, "nonsense"),
        (OrderLine(serial="SN1"), Code.MAC_INVALID, "a MAC or an identity is needed"),
        (OrderLine(identity="a b"), Code.IDENTITY_INVALID, "letters, digits"),
        (OrderLine(identity="a:b"), Code.IDENTITY_INVALID, "':'"),
        (OrderLine(identity="x" * 49), Code.IDENTITY_INVALID, "48"),
    ],
)
async def test_what_no_station_could_connect_as_is_refused(
    world: World, line: OrderLine, code: Code, text: str
) -> None:
    """Before anything is stored, with a reason in both languages."""
    problem = await refusal(order(world, line))
    assert problem.code is code
    assert text in problem.blocker.text.en
    assert problem.blocker.text.fr != problem.blocker.text.en
    assert await world.provisioning.use_cases.purchasing.orders() == []


async def test_no_box_twice(world: World) -> None:
    """Not in one order, not in two, under none of its names."""
    problem = await refusal(order(world, OrderLine(mac=MAC), OrderLine(mac=MAC.lower())))
    assert (problem.code, "0024:B100:0002:9F81" in problem.blocker.text.en) == (Code.ALREADY_ORDERED, True)
    await order(world, OrderLine(mac=MAC, more_macs=(WIFI,)))
    for line in (
        OrderLine(mac=MAC),
        OrderLine(mac=WIFI),
        OrderLine(mac="02:B0:16:00:00:01", more_macs=(WIFI,)),
    ):
        problem = await refusal(order(world, line, reference="PO-2"))
        assert problem.code is Code.ALREADY_ORDERED
    assert len(await world.provisioning.use_cases.purchasing.orders()) == 1


async def test_a_reference_is_used_once(world: World) -> None:
    """An order sent twice by a nervous finger is refused, not doubled."""
    await order(world, OrderLine(mac=MAC))
    assert (await refusal(order(world, OrderLine(mac=WIFI)))).code is Code.NAME_TAKEN


async def test_parallel_orders_of_one_box_make_one(world: World) -> None:
    """The transaction decides."""
    results = await asyncio.gather(
        *(order(world, OrderLine(mac=MAC), reference=f"PO-{n}") for n in range(5)), return_exceptions=True
    )
    assert sum(isinstance(each, list) for each in results) == 1
    assert all(
        isinstance(each, list)
        or (isinstance(each, ProvisioningProblem) and each.code is Code.ALREADY_ORDERED)
        for each in results
    )


async def test_serial_numbers_are_names_unless_they_are_taken(world: World) -> None:
    """They are unique to a maker only; a short one is none."""
    await order(
        world,
        OrderLine(mac=MAC, serial="SN-4711"),
        OrderLine(mac=WIFI, serial="sn-4711"),
        OrderLine(mac="02:B0:16:00:00:01", serial="0"),
    )
    assert world.provisioning.resolver.resolve("SN-4711") == ID
    assert world.device(StationId("02b016000009")).serial == "sn-4711"
    assert world.provisioning.resolver.resolve("0") == "0"


async def test_a_box_that_showed_up_before_it_was_ordered_is_led_on(
    world: World, v201: ScriptedStation
) -> None:
    """What it told of itself stays."""
    await world.stations.connect(v201)
    assert world.state() is Lifecycle.QUARANTINE
    await order(world, OrderLine(mac=MAC, model="ordered model"))
    assert world.state() is Lifecycle.POWERED
    assert (world.device().vendor, world.device().model) == ("Rivebleue", "RB-22")


async def test_a_box_that_showed_up_under_another_name_is_one_box(world: World) -> None:
    """Its quarantine record becomes the order's, and its link is sent back to come under its own name."""
    station = ScriptedStation(WIFI)
    await world.stations.connect(station)
    await order(world, OrderLine(mac=MAC, more_macs=(WIFI,)))
    assert world.state() is Lifecycle.POWERED
    assert world.device().vendor == "Rivebleue"
    assert list(world.provisioning.station_cache.devices) == [ID]
    await world.passes(5)
    assert world.stations.link(ID) is not None
    assert world.stations.link(StationId("02b016000009")) is None


async def test_a_name_can_be_added_later(world: World) -> None:
    """The label has one MAC, the station connects with another: the owner says they are one."""
    await order(world, OrderLine(mac=MAC))
    await world.stations.connect(ScriptedStation(WIFI))
    purchasing = world.provisioning.use_cases.purchasing
    device = await purchasing.add_mac(ID, WIFI, "owner")
    assert device.macs == (ID, "02b016000009")
    assert (await purchasing.add_mac(ID, "CP-42", "owner")).aliases == ("cp-42",)
    assert world.provisioning.resolver.resolve("cp-42") == ID
    assert world.state() is Lifecycle.POWERED
    await order(world, OrderLine(mac="02:B0:16:00:00:01"), reference="PO-2")
    problem = await refusal(purchasing.add_mac(ID, "02:B0:16:00:00:01", "owner"))
    assert problem.code is Code.ALREADY_ORDERED
    assert (await refusal(purchasing.add_mac(StationId("x"), WIFI, "o"))).code is Code.STATION_UNKNOWN
    assert (await refusal(purchasing.add_mac(ID, "a b", "o"))).code is Code.IDENTITY_INVALID


async def test_a_box_ordered_by_mistake_can_be_taken_back(world: World) -> None:
    """One that was never seen is gone; it can be ordered again."""
    await order(world, OrderLine(mac=MAC))
    purchasing = world.provisioning.use_cases.purchasing
    await purchasing.cancel(ID, "owner")
    assert ID not in world.provisioning.station_cache.devices
    assert (await refusal(purchasing.cancel(ID, "owner"))).code is Code.STATION_UNKNOWN
    await order(world, OrderLine(mac=MAC), reference="PO-2")
    assert world.state() is Lifecycle.ORDERED


async def test_a_seen_box_goes_back_to_quarantine(world: World, v201: ScriptedStation) -> None:
    """Nobody ordered it any more; its claim code is worth nothing."""
    await order(world, OrderLine(mac=MAC, claim_code=CODE))
    await world.stations.connect(v201)
    await world.provisioning.use_cases.purchasing.cancel(ID, "owner")
    assert world.state() is Lifecycle.QUARANTINE
    assert world.device().claim_hash is None


async def test_a_record_with_a_past_gives_its_name_away(world: World) -> None:
    """It was adopted once; its past is kept, its name is the ordered box's by now."""
    localization = world.provisioning.use_cases.localization
    await localization.adopt(WIFI, None, None, "admin", EVERYTHING)
    await world.provisioning.use_cases.purchasing.cancel(StationId("02b016000009"), "owner")
    await order(world, OrderLine(mac=MAC, more_macs=(WIFI,)))
    assert world.provisioning.resolver.resolve(WIFI) == ID
    assert len(await localization.adoptions(EVERYTHING)) == 1
    await world.restart()
    assert world.provisioning.resolver.resolve(WIFI) == ID


async def test_a_box_at_its_place_must_be_taken_away_first(world: World) -> None:
    """And what has a past is kept."""
    await world.site()
    await order(world, OrderLine(mac=MAC, claim_code=CODE))
    await world.claim()
    purchasing = world.provisioning.use_cases.purchasing
    problem = await refusal(purchasing.cancel(ID, "owner"))
    assert problem.code is Code.STILL_ASSIGNED
    assert f"DELETE /api/v1/stations/{ID}/assignment" == problem.blocker.way_out.route
    await world.provisioning.use_cases.localization.remove_from_place(ID, "sam")
    await purchasing.cancel(ID, "owner")
    assert world.state() is Lifecycle.QUARANTINE


async def test_a_lost_label_gets_another_code(world: World) -> None:
    """The old one is worth nothing any more; a station that nobody ordered has none."""
    await world.site()
    await order(world, OrderLine(mac=MAC, claim_code=CODE))
    purchasing = world.provisioning.use_cases.purchasing
    code = await purchasing.new_claim_code(ID, "admin")
    with pytest.raises(ProvisioningProblem):
        await world.claim(code=CODE)
    assert await world.claim(code=code.lower()) == ID
    assert (await refusal(purchasing.new_claim_code(StationId("x"), "admin"))).code is Code.STATION_UNKNOWN
    stranger = StationId("02b016000009")
    await world.provisioning.boot_policy.decide(stranger, BOOT)
    assert (await refusal(purchasing.new_claim_code(stranger, "admin"))).code is Code.STATION_UNKNOWN


async def test_an_installer_is_registered_once(world: World) -> None:
    """By the account that claims are made with."""
    purchasing = world.provisioning.use_cases.purchasing
    made = await purchasing.register_installer("Sam", "sam", "sam@example.com", None)
    assert await purchasing.installers() == [made]
    problem = await refusal(purchasing.register_installer("Samuel", "sam", None, None))
    assert problem.code is Code.NAME_TAKEN


async def test_orders_are_listed_newest_first(world: World) -> None:
    """With who asked."""
    await order(world, OrderLine(mac=MAC))
    await world.clock.advance(60)
    await order(world, OrderLine(mac=WIFI), reference="PO-2")
    orders = await world.provisioning.use_cases.purchasing.orders()
    assert [(each.reference, each.contact, each.created_by) for each in orders] == [
        ("PO-2", "Ann", "owner"),
        ("PO", "Ann", "owner"),
    ]


async def test_what_is_done_with_an_order_is_kept_with_who(world: World) -> None:
    """Of the station, in order; an order that was refused did nothing."""
    purchasing = world.provisioning.use_cases.purchasing
    await order(world, OrderLine(mac=MAC))
    await refusal(order(world, OrderLine(mac=MAC)))
    await purchasing.add_mac(ID, WIFI, "mia")
    await purchasing.new_claim_code(ID, "ann")
    await purchasing.cancel(ID, "mia")
    assert await world.acts() == [
        ("owner", "ordered", None, None),
        ("mia", "name-added", "02b016000009", None),
        ("ann", "claim-code-made", None, None),
        ("mia", "order-cancelled", None, None),
    ]
