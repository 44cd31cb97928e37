"""Ties leases to what stores them and to the stations, and the page of the bench to what plays for it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from access.control import AccessControl
from borne.addresses import local_http_url, local_ocpp_url
from borne.settings import ServerSettings
from csms.central.central import Central
from csms.central.lease_keeper import LeaseKeeper
from csms.central.leases import Leases
from csms.commands import StationCommands
from csms.domain.station_events import StationEvent
from ocppj.aio.server import OcppServer
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.events import EventBus
from runtime.work.engine import WorkEngine

if TYPE_CHECKING:
    from borne.bench_process import BenchProcess


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


def bench_process(
    central: Central,
    ocpp: OcppServer,
    settings: ServerSettings,
    access: AccessControl,
    http_port: Callable[[], int],
) -> "BenchProcess":
    """What plays for the page of the bench; a port that is chosen when it is opened is known then."""
    from borne.bench_process import BenchProcess  # only who shows pages needs it

    def urls() -> tuple[str, str]:
        ocpp_url = local_ocpp_url(settings.listen, ocpp.listening[0].port)
        return ocpp_url, local_http_url(settings.listen, http_port())

    return BenchProcess(central.database, central.records, access, folder=settings.scenarios, urls=urls)
