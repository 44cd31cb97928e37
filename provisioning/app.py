"""Provisioning as a whole: open it, give its ports to the central system, attach the commands, run it.

::

    provisioning = await Provisioning.open(database, clock, chance, bus, settings)
    # .resolver .admission .boot_policy .authorization .tariffs .costs .details go to the gateway and the API
    provisioning.attach(commands=gateway, tokens=token_source)
    async with asyncio.TaskGroup() as group:
        group.create_task(provisioning.run())
"""

import asyncio

from csms.commands import StationCommands
from csms.domain.news import StationNews
from csms.ports import TokenSource
from ocppj.vocabulary import StationId
from provisioning.access import ListedTokens, SiteAccess
from provisioning.activation.activator import Activator, is_link_news
from provisioning.admission import StationAdmission
from provisioning.boot import LifecycleBootPolicy
from provisioning.credentials import Vault, load_pepper
from provisioning.details import LifecycleDetails
from provisioning.directory import Directory
from provisioning.hours import HoursKeeper
from provisioning.identity import MacResolver
from provisioning.office import Office
from provisioning.pricing import SitePrices
from provisioning.settings import ProvisioningSettings
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.events import EventBus

NEWS_LIMIT = 20_000
"""Unread news; if some are lost, every station is looked at once."""


class Provisioning:
    """Leads stations from order to active. `office` is what people do, through the API."""

    def __init__(
        self,
        directory: Directory,
        vault: Vault,
        bus: EventBus[StationNews],
        settings: ProvisioningSettings,
    ) -> None:
        self.directory, self._vault, self._bus, self._settings = directory, vault, bus, settings
        self.resolver = MacResolver(directory)
        self.admission = StationAdmission(directory, vault, settings.unknown)
        self.boot_policy = LifecycleBootPolicy(directory, settings)
        self.authorization = SiteAccess(directory, settings.unknown)
        self.tariffs = self.costs = SitePrices(directory)
        self.details = LifecycleDetails(directory)
        self.office = Office(directory, vault, self.resolver)
        self._activator: Activator | None = None
        self._hours: HoursKeeper | None = None

    @classmethod
    async def open(
        cls,
        database: Database,
        clock: Clock,
        chance: Chance,
        bus: EventBus[StationNews],
        settings: ProvisioningSettings,
    ) -> "Provisioning":
        """Read everything known. The tables come with migration 0002. Raises PepperUnreadable."""
        vault = Vault(load_pepper(settings.pepper_path, chance), chance)
        directory = Directory(database, clock, chance, bus)
        await directory.load()
        return cls(directory, vault, bus, settings)

    def attach(self, commands: StationCommands, tokens: TokenSource | None = None) -> None:
        """Give it the way to command stations, and the central system's tokens for the local lists."""
        lists = ListedTokens(tokens)
        self._activator = Activator(self.directory, self._vault, commands, lists, self._settings)
        self._hours = HoursKeeper(self.directory, commands, self._settings)
        self.office.sites.on_hours_changed = self._hours.plan_anew
        self.directory.listeners.append(self._activator.start)
        self.directory.listeners.append(self._hours.check)

    async def run(self) -> None:
        """Activate stations and keep the hours until cancelled."""
        if self._activator is None or self._hours is None:
            raise RuntimeError("attach the station commands before running provisioning")
        async with asyncio.TaskGroup() as group:
            self._activator.attach(group)
            group.create_task(self._hours.run(group), name="hours")
            await self._listen(self._activator, self._hours)

    async def _listen(self, activator: Activator, hours: HoursKeeper) -> None:
        with self._bus.subscribe(NEWS_LIMIT, self._concerns_us) as news:
            lost = 0
            async for each in news:
                activator.wake(each.station_id)
                if each.event != "link.disconnected":
                    hours.check(each.station_id, is_new_link=True)
                if news.dropped > lost:
                    lost = news.dropped
                    self._look_at_all(activator, hours)

    def _concerns_us(self, news: StationNews) -> bool:
        return is_link_news(news) and news.station_id in self.directory.devices

    def _look_at_all(self, activator: Activator, hours: HoursKeeper) -> None:
        for station_id in list(self.directory.devices):
            activator.wake(StationId(station_id))
            hours.check(station_id, is_new_link=True)
