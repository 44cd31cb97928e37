"""Ties provisioning to the central system: its commands, its memory, and who was not admitted; and the
admission of stations to what is stored.
"""

from collections.abc import Awaitable, Callable

from borne.link_failures import last_failure
from charging.certificate.chain import FrameSender
from csms.central.central import Central
from csms.central.wire_log import WireFrame, WireLog
from csms.domain.records import TransactionsWanted
from csms.gateway.admission import INCUMBENT_ALIVE
from csms.gateway.attempts import Attempt
from csms.gateway.gateway import Gateway
from ocppj.vocabulary import StationId
from provisioning.activation.first_statuses import Connectors
from provisioning.app import Provisioning
from provisioning.run_frames import RunFrame
from provisioning.trying_out import OpenTransactions
from runtime.database import is_postgres_url

OPEN_MOST = 100
"""Transactions of one station that are stopped together."""
UNPROVED = frozenset({"credentials_missing", "credentials_wrong"})
"""Why whoever comes under the id of a connected station is turned away, besides that it is connected."""


def connect(provisioning: Provisioning, central: Central, gateway: Gateway) -> None:
    """Give provisioning what it needs of the central system, its memory and its admission."""
    provisioning.station_cache.events = central.events
    provisioning.station_cache.ownership = central.ownership
    provisioning.announce = central.announce
    provisioning.has_seen = central.has_seen
    provisioning.is_quiet = central.known.is_quiet
    central.tokens.store = provisioning.token_changed
    central.records.store_choice = provisioning.choice_made
    provisioning.attach(
        gateway, central.tokens, _is_charging(central), _connectors(central), _open_transactions(central)
    )
    provisioning.memory = central.records
    provisioning.power_ups.transactions_of = central.records.transactions
    provisioning.power_ups.failure_of = last_failure(gateway.attempts, provisioning.station_cache.clock)
    gateway.attempts.listeners.append(_second_box(provisioning))
    central.message_store.on_superseded = gateway.supersede
    central.nodes.on_look = gateway.record_missing


def follow_frames(provisioning: Provisioning, wire_log: WireLog, database_url: str) -> None:
    """Let power-up runs take every frame of their station; alone, this process has all of its links."""

    def listen(station_id: StationId, listener: Callable[[RunFrame], None]) -> Callable[[], None]:
        def receive(frame: WireFrame) -> None:
            if frame.direction != "marker":
                sender: FrameSender = "station" if frame.direction == "in" else "csms"
                listener(RunFrame(sender, frame.at, frame.monotonic_us, frame.raw))

        return wire_log.listen(station_id, receive)

    provisioning.power_ups.frames.listen = listen
    provisioning.power_ups.frames.sees_all = lambda: not is_postgres_url(database_url)


def _is_charging(central: Central) -> Callable[[StationId], Awaitable[bool]]:
    """Whether a transaction is open at a station: provisioning restarts none where a vehicle charges."""

    async def is_charging(station_id: StationId) -> bool:
        wanted = TransactionsWanted(station_id=station_id, is_open=True)
        return bool(await central.records.transactions(wanted, limit=1))

    return is_charging


def _open_transactions(central: Central) -> OpenTransactions:
    """What charges at a station: a test that is over is stopped."""

    async def open_transactions(station_id: StationId) -> list[str]:
        wanted = TransactionsWanted(station_id=station_id, is_open=True)
        found = await central.records.transactions(wanted, limit=OPEN_MOST)
        return [each.transaction_id for each in found]

    return open_transactions


def _connectors(central: Central) -> Connectors:
    """The connectors that have reported themselves before: after a boot they do so again."""

    async def connectors(station_id: StationId) -> list[tuple[int, int]]:
        return [(each.evse_id, each.connector_id) for each in await central.records.connectors(station_id)]

    return connectors


def _second_box(provisioning: Provisioning) -> Callable[[Attempt], None]:
    """Tells provisioning of connections that were turned away for who they are, not for how they came."""

    def notify(attempt: Attempt) -> None:
        is_certain = attempt.cause == INCUMBENT_ALIVE
        if attempt.identity is not None and (is_certain or attempt.cause in UNPROVED):
            provisioning.turned_away(attempt.identity, attempt.address, is_certain=is_certain)

    return notify
