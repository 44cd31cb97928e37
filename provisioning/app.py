"""Provisioning as a whole: open it, give its ports to the central system, attach the commands, run it.

::

    provisioning = await Provisioning.open(database, clock, chance, bus, settings, work=engine)
    # .resolver .admission .boot_policy .credentials .authorization .tariffs .details go to gateway and API
    provisioning.attach(gateway, token_source, is_charging)
    async with asyncio.TaskGroup() as group:
        group.create_task(provisioning.run())
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

import structlog

from csms.commands import StationCommands
from csms.domain.links import LinkView
from csms.domain.records import StationState, UnknownPolicy
from csms.domain.station_events import StationEvent
from csms.ports import ChangePart, IdentityRefused, TokenSource
from ocppj.vocabulary import IdToken, RegistrationStatus, StationId
from provisioning.access import ListedTokens, SiteAccess
from provisioning.activation.activator import Activator, IsCharging
from provisioning.activation.availability import AvailabilitySeen
from provisioning.activation.drift import DriftCheck
from provisioning.activation.first_statuses import Connectors, FirstStatuses, no_connectors
from provisioning.activation.pending_reconnect import SERVICE_RESTART
from provisioning.admission import StationAdmission
from provisioning.boot import LifecycleBootPolicy
from provisioning.change_set import ChangeSet
from provisioning.credentials import Vault
from provisioning.details import LifecycleDetails
from provisioning.hours import HoursKeeper
from provisioning.identifying import BoxChecks
from provisioning.identity import MacResolver
from provisioning.install_policy import policy_of_product
from provisioning.keeper import SecretKeeper
from provisioning.observed import Observed
from provisioning.pepper import settle_pepper
from provisioning.power_up import PowerUps
from provisioning.pricing import PriceRemarks, SitePrices
from provisioning.products.files import Products
from provisioning.settings import ProvisioningSettings, Quiet
from provisioning.station_cache import StationCache
from provisioning.station_memory import StationMemory
from provisioning.trying_out import OpenTransactions, WindowKeeper, no_transactions
from provisioning.use_cases import UseCases
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.events import EventBus
from runtime.surviving import attempt, survive
from runtime.work.engine import WorkEngine

log = structlog.get_logger(__name__)

NEWS_LIMIT = 20_000
"""Unread news; if some are lost, every station is looked at once."""
BOOT_NEWS = "station.booted"
LINK_NEWS = frozenset({"link.connected", "link.disconnected", BOOT_NEWS})
"""The news that may let an activation or the hours go on."""
STATUS_NEWS = "connector.status"
ENDED_NEWS = "transaction.ended"
LIFECYCLE_NEWS = "station.lifecycle"
CONCERNING = LINK_NEWS | {STATUS_NEWS, ENDED_NEWS, LIFECYCLE_NEWS}
READ_AT_ONCE = 200
"""Stations in one read of what was stored of them."""


class Provisioning:
    """Leads stations from order to active. `use_cases` is what people do, through the API."""

    def __init__(
        self,
        station_cache: StationCache,
        vault: Vault,
        bus: EventBus[StationEvent],
        settings: ProvisioningSettings,
        products: Products,
        *,
        work: WorkEngine,
    ) -> None:
        self.station_cache, self._vault, self._bus, self._settings = station_cache, vault, bus, settings
        self._work = work
        self.public_url = settings.public_url
        """What links and QR codes begin with; empty where nobody said."""
        self.products = products
        station_cache.work_enqueued = work.wake
        self.chosen_policy: Callable[[StationId], UnknownPolicy | None] = lambda _: None
        """What was chosen for a station that nobody ordered (POST /stations); the wiring gives it."""
        self.has_seen: Callable[[StationId], Awaitable[bool]] = _never_seen
        """Whether the central system knows a station that nobody ordered; the wiring gives it."""
        self.resolver = MacResolver(station_cache)
        self.admission = StationAdmission(station_cache, vault, self._policy_of)
        self.boot_policy = LifecycleBootPolicy(station_cache, settings, self._policy_of)
        self.credentials = SecretKeeper(station_cache, vault)
        self.authorization = SiteAccess(station_cache, self._policy_of)
        self.tariffs = SitePrices(station_cache)
        self.observed = Observed(station_cache)
        self.price_remarks = PriceRemarks(self.tariffs, station_cache, self.observed)
        self.details = LifecycleDetails(station_cache, self.observed, self.price_remarks)
        self.use_cases = UseCases(station_cache, vault, self.resolver, settings)
        self.power_ups = PowerUps(station_cache, self.products)
        self.box_checks = BoxChecks(station_cache, bus, self.power_ups)
        self.station_port = (9000, False)
        """Where stations connect, and whether with TLS; the wiring gives it."""
        self._commands: StationCommands | None = None
        self.memory: StationMemory | None = None
        self._newcomers: set[StationId] = set()
        """What the central system has stored of its stations; the wiring gives it."""
        self._activator: Activator | None = None
        self._hours: HoursKeeper | None = None
        self._drift: DriftCheck | None = None
        self._windows: WindowKeeper | None = None
        self._first: FirstStatuses | None = None
        self._seen = AvailabilitySeen(station_cache, self._stored)
        self.is_quiet: Quiet = lambda _: False
        """Whether a station is under test; the wiring gives it."""
        self.announce: Callable[[StationEvent], None] = bus.publish
        """Tells what changes nothing; the wiring puts the central system's own way here."""
        self._group: asyncio.TaskGroup | None = None

    @classmethod
    async def open(
        cls,
        database: Database,
        clock: Clock,
        chance: Chance,
        bus: EventBus[StationEvent],
        settings: ProvisioningSettings,
        *,
        work: WorkEngine,
    ) -> "Provisioning":
        """Read everything known. Raises PepperUnreadable, PepperWrong, ProductsUnusable."""
        pepper = await database.run_write(
            lambda connection: settle_pepper(connection, settings.pepper_path, chance)
        )
        vault = Vault(pepper, chance)
        products = Products.load(settings.products_folder)
        station_cache = StationCache(database, clock, chance, bus)
        station_cache.policy_of = lambda each: policy_of_product(products.fitting(each.vendor, each.model))
        station_cache.product_named = products.by_id.get
        await station_cache.load()
        return cls(station_cache, vault, bus, settings, products, work=work)

    def attach(
        self,
        commands: StationCommands,
        tokens: TokenSource | None = None,
        is_charging: IsCharging | None = None,
        connectors: Connectors = no_connectors,
        open_transactions: OpenTransactions = no_transactions,
    ) -> None:
        """Give it the way to command stations, the central system's tokens for the local lists, and a way
        to ask whether a vehicle charges at a station: nothing restarts it then. `connectors` tells those that
        report themselves after a boot.
        """
        self._first = first = FirstStatuses(self.station_cache.clock, connectors)
        slots = asyncio.Semaphore(self._settings.parallel_commands)
        self._commands = commands
        self._activator = Activator(
            self.station_cache,
            self._vault,
            commands,
            ListedTokens(tokens),
            self._settings,
            engine=self._work,
            slots=slots,
            is_charging=is_charging,
            first=first,
        )
        self._hours = HoursKeeper(
            self.station_cache, commands, self._work, self._settings, first=first, slots=slots
        )
        self._windows = WindowKeeper(self.station_cache, commands, self._work, self._settings, slots)
        self._windows.open_transactions = open_transactions
        self._drift = DriftCheck(
            self.station_cache,
            commands,
            self.use_cases.operation,
            self._activator.aim,
            self._settings,
            first=first,
            slots=slots,
            is_quiet=self._quiet,
        )
        self.use_cases.operation.is_quiet = self._quiet
        self.boot_policy.link_of = commands.link
        self.station_cache.is_online = lambda station_id: commands.link(station_id) is not None
        self.station_cache.is_quiet = self._quiet
        self.station_cache.may_charge = self._may_charge
        self.details.link_of = self.power_ups.link_of = commands.link
        self.power_ups.state_of = self._stored
        self.station_cache.gone_listeners += [self.observed.forget, self._send_back]

    async def token_changed(self, id_token: IdToken, by: str, stored: ChangePart) -> int:
        """Store the central system's verdict on a token; stations that keep it get it anew; how many."""
        return await self.use_cases.sites.token_changed(id_token, by, stored)

    async def choice_made(self, station_id: StationId, is_quiet: bool | None, stored: ChangePart) -> None:  # noqa: FBT001 - as the port has it
        """Store what somebody chose for a station, with how far it is under test or no longer so."""
        change = ChangeSet("chosen", parts=[stored], about={station_id})
        if is_quiet is not None:
            change.quiet[station_id] = is_quiet
        await self.station_cache.change(lambda _: None, lambda _: change)

    async def _stored(self, station_id: StationId) -> StationState | None:
        if self.memory is None:
            return None
        return (await self.memory.states((station_id,))).get(station_id)

    async def _recall(self) -> None:
        """Read from the central system's storage what the stations were like; again when news was lost."""
        self._newcomers.clear()
        if self.memory is None:
            return
        last: StationId | None = None
        while page := await self.memory.station_ids(last, READ_AT_ONCE):
            last = page[-1]
            for state in (await self.memory.states(page)).values():
                self.observed.recall(state)
            await self._note_untold(page)

    async def _note_untold(self, station_ids: Collection[StationId]) -> None:
        """Read what these stations tell nothing of: a price on it would bring nothing."""
        if self.memory is not None:
            for station_id, untold in (await self.memory.untold(station_ids)).items():
                self.observed.note_untold(station_id, untold)

    def turned_away(self, identity: str, address: str, *, is_certain: bool) -> None:
        """Somebody wanted in under the id of a station that is connected, and was not let in.

        `is_certain`: the station was there at that moment, and answered. Without that, whoever comes from its
        own address may be the station itself, with another password.
        """
        try:
            station_id = self.resolver.resolve(identity)
        except IdentityRefused:
            return
        at = self.station_cache.clock.now()
        link = self._link_of(station_id)
        if link is None or (link.peer == address and not is_certain):
            return
        if self.observed.turned_away(station_id, address, at):
            self.announce(StationEvent("station.duplicate", station_id, at, {"address": address}))

    async def run(self) -> None:
        """Activate stations and keep the hours until cancelled."""
        if not (self._activator and self._hours and self._drift and self._windows):
            raise RuntimeError("attach the station commands before running provisioning")
        async with asyncio.TaskGroup() as group:
            self._group = group
            self._drift.attach(group)
            edges = survive(self._hours.begin(), event="edges_not_asked_for")
            activations = survive(self._activator.begin(), event="activations_not_asked_for")
            windows = survive(self._windows.begin(), event="test_windows_not_ended")
            group.create_task(windows, name="test windows")
            group.create_task(edges, name="edges")
            group.create_task(activations, name="open activations")
            try:
                await self._listen(self._activator, self._hours)
            finally:
                # What people do while the rest stops is stored, and worked on after the next start.
                self._group = None
                self._drift.attach(None)

    async def _listen(self, activator: Activator, hours: HoursKeeper) -> None:
        with self._bus.subscribe(NEWS_LIMIT, self._concerns_us) as events:
            lost = 0
            await survive(self._recall(), event="stations_not_known")
            async for each in events:
                # Supervision: what one station's news does must not end provisioning for all others.
                await survive(
                    self._receive(each, activator, hours), event="news_not_taken", station_id=each.station_id
                )
                if events.dropped > lost:
                    lost = events.dropped
                    self.observed.begin_anew()
                    await survive(self._recall(), event="stations_not_known")
                    for station_id in list(self.station_cache.devices):
                        attempt(
                            self._look_again,
                            station_id,
                            activator,
                            hours,
                            event="news_not_taken",
                            station_id=station_id,
                        )

    async def _receive(self, event: StationEvent, activator: Activator, hours: HoursKeeper) -> None:
        if event.event == STATUS_NEWS:
            self.observed.status_reported(event)
            activator.statuses.reported(event)
            if self._first is not None:
                self._first.reported(event)
            await self._seen.reported(event)
        elif event.event == LIFECYCLE_NEWS:
            newcomers, self._newcomers = self._newcomers, set()
            await self._note_untold(newcomers)
        elif event.event == ENDED_NEWS:
            if self.observed.is_unexpected(event):  # still: the one before may have taught it already
                await self._note_untold((event.station_id,))
        else:
            await self._observe(event)
            if event.station_id in self.station_cache.devices:
                await self._link_changed(event, activator, hours)

    async def _observe(self, event: StationEvent) -> None:
        if event.station_id in self.station_cache.devices:
            self.observed.link_changed(event)
        link = self._link_of(event.station_id)
        if event.event == BOOT_NEWS and link is not None:
            box = self.observed.booted(event, link.peer)
            if self.observed.is_twin(box) and (first_seen_at := await self._first_seen(event.station_id)):
                self.observed.settled(box, first_seen_at)

    async def _first_seen(self, station_id: StationId) -> datetime | None:
        device = self.station_cache.devices.get(station_id)
        if device is not None:
            return device.first_seen_at
        state = await self._stored(station_id)
        return state.record.first_seen_at if state is not None and state.record is not None else None

    @staticmethod
    def _look_again(station_id: StationId, activator: Activator, hours: HoursKeeper) -> None:
        activator.wake(station_id)
        hours.check(station_id, is_fresh=True)

    async def _link_changed(self, event: StationEvent, activator: Activator, hours: HoursKeeper) -> None:
        try:
            await self.station_cache.settle((event.station_id,), event.event)
        except Exception:
            # Supervision: a full disk must not end provisioning; the next change tells it again.
            log.exception("standing_not_told", station_id=event.station_id)
        is_boot = event.event == BOOT_NEWS
        if is_boot and self._drift is not None:
            self._drift.booted(event.station_id)
        activator.wake(event.station_id, is_boot=is_boot)
        hours.check(event.station_id, is_fresh=is_boot)

    def _concerns_us(self, event: StationEvent) -> bool:
        """Asked as the news is told: the statuses that follow a boot are listened for from the boot on."""
        if event.event not in CONCERNING or self._activator is None or self._first is None:
            return False
        if event.event == STATUS_NEWS:
            listeners = self._activator.statuses, self._first, self._seen
            is_expected = any(each.is_expected(event.station_id) for each in listeners)
            return is_expected or self.observed.is_concerned(event)
        if event.event == LIFECYCLE_NEWS:
            return event.payload["previous"] is None and self._is_first_newcomer(event.station_id)
        is_led = event.station_id in self.station_cache.devices
        if event.event == ENDED_NEWS:
            return is_led and self.observed.is_unexpected(event)  # nobody else has a price of ours
        if not is_led:
            return event.event == BOOT_NEWS and self.observed.is_crowded
        if event.event == BOOT_NEWS and event.payload["registration"] == RegistrationStatus.ACCEPTED.value:
            self._first.booted(event.station_id)
        elif event.event == BOOT_NEWS:
            self._first.forget(event.station_id)
        return True

    def _is_first_newcomer(self, station_id: StationId) -> bool:
        """A stranger becomes a station of ours, and what it told is read: once for a thousand of an order."""
        self._newcomers.add(station_id)
        return len(self._newcomers) == 1

    def version_of(self, station_id: StationId) -> str | None:
        """The label of what a station speaks; None while it is offline."""
        link = self._link_of(station_id)
        return link.version.label if link is not None else None

    def _link_of(self, station_id: StationId) -> LinkView | None:
        return self._commands.link(station_id) if self._commands is not None else None

    def _may_charge(self, station_id: StationId) -> bool:
        link = self._link_of(station_id)
        return link is not None and link.registration is RegistrationStatus.ACCEPTED

    def _quiet(self, station_id: StationId) -> bool:
        return self.is_quiet(station_id)

    def _policy_of(self, station_id: StationId) -> UnknownPolicy:
        return self.chosen_policy(station_id) or self._settings.unknown

    def _send_back(self, station_id: StationId) -> None:
        """Its record is gone: its link, if it has one, has to come back under the name it is known by now."""
        if self._group is not None and self._commands is not None and self._commands.link(station_id):
            leaving = self._commands.disconnect(station_id, code=SERVICE_RESTART, reason="connect again")
            self._group.create_task(
                survive(leaving, event="not_sent_back", station_id=station_id),
                name=f"send back {station_id}",
            )


async def _never_seen(station_id: StationId) -> bool:  # noqa: ARG001 - until the wiring knows better
    return False
