"""Ties leases of stations to what stores them, and to the stations."""

from csms.central.central import Central
from csms.central.lease_keeper import LeaseKeeper
from csms.central.leases import Leases
from csms.commands import StationCommands
from csms.domain.station_events import StationEvent
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.events import EventBus
from runtime.work.engine import WorkEngine


def lend(
    central: Central,
    commands: StationCommands,
    bus: EventBus[StationEvent],
    work: WorkEngine,
    *,
    clock: Clock,
    chance: Chance,
) -> Leases:
    """The leases, whose work is done from now on."""
    leases = Leases(central.database, central.events, bus, work, clock=clock, chance=chance)
    LeaseKeeper(
        leases,
        central.database,
        commands,
        bus,
        work,
        clock=clock,
        chance=chance,
        settled=central.records.settled,
    )
    return leases
