"""Orders for the API and the pages alike: made, listed, each box with how far it is."""

from collections.abc import Iterable, Sequence

from access.actions import Permission, may
from access.principals import Principal
from provisioning.api.bodies import OrderBody
from provisioning.api.order_views import BoxAnswer, OrderAnswer, box_view, new_box_view, order_view
from provisioning.app import Provisioning
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.owners import SiteOwners
from provisioning.records import Device, Order
from provisioning.station_cache import StationCache
from runtime.paging import Listed, Page, moment_text
from runtime.slices import in_slices

LINES_MOST = 1000
"""Stations in one answer; a list of orders with more goes on on its next page."""
SLICE = 50


async def made_order(provisioning: Provisioning, body: OrderBody, by: str) -> OrderAnswer:
    """A new order; the claim codes are told this once. Raises ProvisioningProblem."""
    lines = [line.line() for line in body.lines]
    made, stations = await provisioning.use_cases.purchasing.order(
        body.reference,
        lines,
        body.contact,
        by,
        manager_contact=body.manager_contact,
        receiving_contact=body.receiving_contact,
    )
    codes, devices = (
        {each.station_id: each.claim_code for each in stations},
        provisioning.station_cache.devices,
    )
    boxes = [
        new_box_view(box_view(provisioning, devices[each]), codes[each])
        async for some in in_slices(list(codes), SLICE)
        for each in some
    ]
    return order_view(made, tuple(boxes))


async def orders_seen(
    provisioning: Provisioning, who: Principal, page: Page, *, without_manager: bool = False
) -> Listed[OrderAnswer]:
    """Newest first: of each station how far it is, what blocks it and who clears that. Raises Problem 422."""
    purchasing, station_cache = provisioning.use_cases.purchasing, provisioning.station_cache
    found = await purchasing.orders(page.limit + 1, page.moment, without_manager=without_manager)
    boxes = _boxes_by_order(station_cache, found, who)
    shown: list[Order] = []
    count = 0
    for each in found[: page.limit]:
        count += len(boxes.get(each.order_id, ()))
        if shown and count > LINES_MOST:
            break
        shown.append(each)
    more = moment_text(shown[-1].created_at, shown[-1].order_id) if len(shown) < len(found) else None
    rows = [await _whole_order(provisioning, each, boxes.get(each.order_id, [])) for each in shown]
    return Listed(rows, await purchasing.count_orders(without_manager=without_manager), more)


async def order_seen(provisioning: Provisioning, who: Principal, name: str) -> OrderAnswer:
    """One order, by its id or its reference; without the boxes that are at places of others by now.

    Raises ProvisioningProblem: E_ORDER_UNKNOWN.
    """
    found = await provisioning.use_cases.purchasing.order_named(name)
    if found is None:
        raise ProvisioningProblem(Code.ORDER_UNKNOWN, id=name)
    boxes = _boxes_by_order(provisioning.station_cache, [found], who).get(found.order_id, [])
    return await _whole_order(provisioning, found, boxes)


def _boxes_by_order(
    station_cache: StationCache, orders: Iterable[Order], who: Principal
) -> dict[str, list[Device]]:
    """A box that is at somebody else's place by now is theirs."""
    found: dict[str, list[Device]] = {order.order_id: [] for order in orders}
    owners = SiteOwners(station_cache)
    for device in station_cache.devices.values():
        if device.order_id in found and may(who, Permission.READ, owners.of_station(device.station_id)):
            found[device.order_id].append(device)
    return found


async def _whole_order(provisioning: Provisioning, order: Order, boxes: Sequence[Device]) -> OrderAnswer:
    lines: list[BoxAnswer] = []
    async for some in in_slices(boxes, SLICE):
        lines += [box_view(provisioning, each) for each in some]
    return order_view(order, tuple(lines))
