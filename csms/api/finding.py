"""To whom belongs what the paths of the central system's routes name: the owner of its station."""

from collections.abc import Mapping

from starlette.requests import HTTPConnection

from access.actions import Permission, scope_of
from access.guard import Finder, principal
from access.principals import SERVER, Resource
from csms.api.lease_rules import lease_unknown
from csms.api.ports import ApiParts
from csms.api.quarantine import quarantine_unknown
from csms.api.reservations import reservation_unknown
from csms.api.stations import resolved, unknown
from csms.api.transactions import transaction_unknown
from csms.domain.records import TransactionsWanted
from csms.domain.reservations import ReservationsWanted
from csms.ports import owner_of_named
from runtime.paging import row_number


def build_finders(parts: ApiParts) -> Mapping[str, Finder]:
    """By the name of the path's parameter."""
    records, owners = parts.records, parts.owners

    async def find_station(text: str, _: HTTPConnection) -> Resource:
        return owner_of_named(parts.resolver, owners, text)

    async def find_transaction(text: str, connection: HTTPConnection) -> Resource | None:
        station = connection.query_params.get("station")
        wanted = TransactionsWanted(
            station_id=resolved(parts, station) if station else None,
            transaction_id=text,
            scope=scope_of(principal(connection), Permission.READ),
        )
        found = await records.transactions(wanted, 1)
        return owners.of_station(found[0].station_id) if found else None

    async def find_quarantined(text: str, _: HTTPConnection) -> Resource | None:
        number = row_number(text)
        if number is None:
            return SERVER  # there can be none: the route says so
        found = await parts.quarantine.one(number)
        return owners.of_station(found.station_id) if found is not None else None

    async def find_reservation(text: str, _: HTTPConnection) -> Resource | None:
        number = row_number(text)
        if number is None:
            return SERVER
        found = await records.reservations(ReservationsWanted(number=number), 1)
        return owners.of_station(found[0].station_id) if found else None

    async def find_lease(text: str, _: HTTPConnection) -> Resource | None:
        found = await parts.leases.one(text)
        return owners.of_station(found.station_id) if found is not None else None

    return {
        "lease_id": Finder(find_lease, lease_unknown),
        "station_id": Finder(find_station, unknown),
        "transaction_id": Finder(find_transaction, transaction_unknown),
        "quarantine_id": Finder(find_quarantined, quarantine_unknown),
        "number": Finder(find_reservation, reservation_unknown),
    }
