"""What a station does when it is asked what it knows of a customer (2.x N09, N10)."""

from collections.abc import Iterator
from functools import partial

from ocppj.model.customers import REPORT_CHARACTERS, CustomerInformation, NotifyCustomerInformation
from ocppj.timestamps import time_to_wire
from ocppj.vocabulary import IdToken
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, accepted, answered

NOTHING_FOUND = "No data found."
CLEARED = "The data was cleared."


def _information(station: CommandContext, c: CustomerInformation) -> Handled:
    """Who is named twice or not at all is Invalid (N09.FR.09); nothing to do is Rejected (N09.FR.07)."""
    if c.references != 1:
        return answered(c, "Invalid")
    if not c.report and not c.clear:
        return answered(c, "Rejected")
    return accepted(c, partial(_follow, station, c))


def _follow(station: CommandContext, c: CustomerInformation) -> None:
    """What is cleared is reported as it was (N10.FR.03); clearing alone is one message (N10.FR.06)."""
    found = "\n".join(_known(station, c.id_token)) if c.id_token is not None else ""
    if c.clear and c.id_token is not None:
        _clear(station, c.id_token)
    text = found or NOTHING_FOUND
    _send(station, c.request_id, text if c.report else CLEARED)


def _known(station: CommandContext, token: IdToken) -> Iterator[str]:
    """A line for each thing that the station remembers of a token."""
    listed, cached = (
        known.get(token.key) for known in (station.authorization.local_list, station.authorization.cache)
    )
    if listed is not None:
        yield f"Local list: {listed.value}, {listed.status.value}"
    if cached is not None:
        yield f"Cache: {cached.value}, {cached.status.value}"
    for held in station.reservations.held.values():
        if held.token.key == token.key:
            yield f"Reservation {held.reservation_id} until {time_to_wire(held.expires_at)}"
    for evse in station.connectors.evses.values():
        running = evse.transaction
        if running is not None and IdToken(running.id_token, running.id_token_type).key == token.key:
            begun = time_to_wire(running.started_at)
            yield f"Transaction {running.transaction_id} on EVSE {evse.evse_id} since {begun}"


def _clear(station: CommandContext, token: IdToken) -> None:
    """The cache; the list is the central system's (N10.FR.03), and what goes on is needed until it ends."""
    station.authorization.cache.pop(token.key, None)


def _send(station: CommandContext, request_id: int, text: str) -> None:
    parts = [text[i : i + REPORT_CHARACTERS] for i in range(0, len(text), REPORT_CHARACTERS)]
    for seq_no, part in enumerate(parts):
        is_last = seq_no == len(parts) - 1
        message = NotifyCustomerInformation(request_id, seq_no, is_last, part, station.now())
        station.sender.send(message, is_requested=True)


HANDLERS: dict[type, Handler] = {CustomerInformation: _information}
