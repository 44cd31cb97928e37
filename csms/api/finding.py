"""To whom belongs what the paths of the central system's routes name: the owner of its station."""

from collections.abc import Mapping

from starlette.requests import HTTPConnection

from access.actions import Permission, scope_of
from access.guard import Finder, principal
from access.principals import SERVER, Resource
from csms.api.ports import ApiParts
from csms.api.quarantine import GREATEST_ROW, quarantine_unknown
from csms.api.reservations import reservation_unknown
from csms.api.stations import resolved, unknown
from csms.api.transactions import transaction_unknown
from csms.domain.records import TransactionsWanted
from csms.domain.reservations import ReservationsWanted
from csms.ports import IdentityRefused
from ocppj.vocabulary import StationId
from runtime.http import Problem


def build_finders(parts: ApiParts) -> Mapping[str, Finder]:
    """By the name of the path's parameter."""
    records, owners = parts.records, parts.owners

    async def find_station(text: str, _: HTTPConnection) -> Resource:
        try:
            return owners.of_station(parts.resolver.resolve(text))
        except IdentityRefused:
            return SERVER  # nobody's: the route says what is wrong with it

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
        number = _number(text)
        found = await parts.quarantine.one(number) if number is not None else None
        if found is None:
            return SERVER if number is None else None
        return owners.of_station(found.station_id)

    async def find_reservation(text: str, _: HTTPConnection) -> Resource | None:
        number = _number(text)
        if number is None:
            return SERVER
        found = await records.reservations(ReservationsWanted(number=number), 1)
        return owners.of_station(found[0].station_id) if found else None

    def no_station(text: str) -> Problem:
        """In the words that were typed: a serial's station is nobody else's business."""
        return unknown(StationId(text))

    return {
        "station_id": Finder(find_station, no_station),
        "transaction_id": Finder(find_transaction, transaction_unknown),
        "quarantine_id": Finder(find_quarantined, quarantine_unknown),
        "number": Finder(find_reservation, reservation_unknown),
    }


def _number(text: str) -> int | None:
    """None where it is none that there can be: the route says so."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < int(text) <= GREATEST_ROW else None
