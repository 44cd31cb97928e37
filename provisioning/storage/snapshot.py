"""What is stored of everything, as it was at one moment."""

from dataclasses import dataclass

from sqlalchemy import Connection

from ocppj.vocabulary import StationId
from provisioning.accounts import AccountSetUp
from provisioning.activation.runs import ActivationRun
from provisioning.preparation import SitePreparation
from provisioning.records import Device, NamedTariff, Place, Site
from provisioning.storage.accounts import load_set_ups
from provisioning.storage.devices import load_devices
from provisioning.storage.orders import load_tariffs
from provisioning.storage.preparations import load_preparations, serviced_orders
from provisioning.storage.runs import load_runs
from provisioning.storage.sites import load_places, load_sites


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Devices, their current runs, sites, places, tariffs, set-ups of accounts and preparations of sites."""

    devices: list[Device]
    runs: dict[StationId, ActivationRun]
    sites: list[Site]
    places: list[Place]
    tariffs: list[NamedTariff]
    set_ups: list[AccountSetUp]
    preparations: list[SitePreparation]
    serviced_orders: set[str]
    """Those with which a service on site was bought."""


def read_all(connection: Connection) -> Snapshot:
    """Everything."""
    return Snapshot(
        load_devices(connection),
        load_runs(connection),
        load_sites(connection),
        load_places(connection),
        load_tariffs(connection),
        load_set_ups(connection),
        load_preparations(connection),
        serviced_orders(connection),
    )
