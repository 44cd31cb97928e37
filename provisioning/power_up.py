"""`PowerUps`: the power-up checklist of a station: begun, measured, looked at, ended with a record."""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from csms.domain.audit import Change
from csms.domain.flags import TEST, TOKEN_REFUSED
from csms.domain.links import LinkView
from csms.domain.records import StationState, TransactionRecord, TransactionsWanted
from csms.ports import ChangePart
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.hand_over import HandOver, SeenNow
from provisioning.products.files import Products
from provisioning.products.product import Product
from provisioning.records import CertificateNote, Device, PowerUpRun, RunMark, StoredCertificate, TypedReading
from provisioning.rules.identifying import BOX
from provisioning.rules.power_up import (
    TICKED,
    CheckItem,
    LinkFailure,
    PowerUpFacts,
    SeenCharge,
    SeenConnector,
    clock_error_s,
    overall_verdict,
    power_up_items,
    wanted_readings,
)
from provisioning.run_frames import RunFrames
from provisioning.station_cache import StationCache
from provisioning.storage.power_up import load_power_up, write_certificate, write_power_up
from provisioning.use_cases.photos import RunPhotos
from runtime.audit import Act
from runtime.near import nearest
from runtime.texts import instant_text

TESTS_READ = 100
RECORD_FORMAT = "borne-power-up-run/1"


@dataclass(frozen=True, slots=True)
class PowerUpState:
    """A station's checklist as it stands: of a run that is over, as it was then."""

    station_id: StationId
    product: Product
    run: PowerUpRun | None
    items: Sequence[CheckItem]
    certificate: CertificateNote | None = None
    """Of the last run that ended."""


class PowerUps:
    """What installers do with the checklist. The callables are given by the wiring."""

    def __init__(self, station_cache: StationCache, products: Products) -> None:
        self._station_cache, self._products = station_cache, products
        self.frames = RunFrames(station_cache.clock)
        self.hand_over = HandOver(station_cache)
        self.photos = RunPhotos(station_cache, products)
        self.link_of: Callable[[StationId], LinkView | None] = lambda _: None
        self.state_of: Callable[[StationId], Awaitable[StationState | None]] = _nothing_stored
        self.transactions_of: Callable[[TransactionsWanted, int], Awaitable[Sequence[TransactionRecord]]] = (
            _no_transactions
        )
        self.failure_of: Callable[[StationId], LinkFailure | None] = lambda _: None
        """The station's last try to connect."""

    async def begin(self, station_id: StationId, by: str) -> PowerUpState:
        """Begin a run: what was measured in an earlier one does not count in it."""
        now, device = self._station_cache.clock.now(), self._device(station_id)
        product = self._product(device)
        run = PowerUpRun(
            run_id=str(self._station_cache.chance.uuid()),
            station_id=station_id,
            product_id=product.product,
            product_version=product.version,
            started_at=now,
            started_by=by,
        )
        await self._store(run, self._act(run, by, Change.POWER_UP_BEGUN))
        self.frames.begin(run.run_id, station_id)
        return await self.look(station_id)

    async def measure(self, station_id: StationId, values: Mapping[str, float], by: str) -> PowerUpState:
        """Type in what was measured. Raises ProvisioningProblem: E_NO_POWER_UP, E_READING_UNKNOWN."""
        now, product = self._station_cache.clock.now(), self._product(self._device(station_id))
        known = [each.reading for each in wanted_readings(product)]
        for name in values:
            if name not in known:
                near = nearest(name, known)
                raise ProvisioningProblem(Code.READING_UNKNOWN, near=(near,) if near else (), reading=name)
        run = await self.open_run(station_id)
        typed = tuple(TypedReading(name, value, now, by) for name, value in values.items())
        act = self._act(run, by, Change.POWER_UP_MEASURED, " ".join(values))
        await self._store(replace(run, readings=(*run.readings, *typed)), act)
        return await self.look(station_id)

    async def tick(self, station_id: StationId, items: Collection[str], by: str) -> PowerUpState:
        """Say of lines of the product's checklist that they are so. Raises ProvisioningProblem:
        E_NO_POWER_UP, E_CHECK_UNKNOWN.
        """
        now, product = self._station_cache.clock.now(), self._product(self._device(station_id))
        known = [f"{TICKED}{number}" for number, _ in enumerate(product.checklist, 1)]
        for item in items:
            if item not in known:
                there = ", ".join(known) or "-"
                raise ProvisioningProblem(Code.CHECK_UNKNOWN, id=station_id, item=item, known=there)
        run = await self.open_run(station_id)
        seen = tuple(RunMark(each, now, by) for each in known if each in items)
        act = self._act(run, by, Change.POWER_UP_TICKED, " ".join(each.item for each in seen))
        await self._store(replace(run, marks=(*run.marks, *seen)), act)
        return await self.look(station_id)

    async def mark_box(self, station_id: StationId, note: str, by: str) -> None:
        """Note at which station an act at the box was seen. Raises ProvisioningProblem: E_NO_POWER_UP."""
        run, now = await self.open_run(station_id), self._station_cache.clock.now()
        marked = replace(run, marks=(*run.marks, RunMark(BOX, now, by, note)))
        await self._store(marked, self._act(run, by, Change.POWER_UP_TICKED, f"{BOX}: {note}"))

    async def finish(self, station_id: StationId, by: str, handed_to: str | None = None) -> PowerUpState:
        """End the run with what is found now, signed; what is open stays open in it. `handed_to`: who takes
        the station over, by name. Raises ProvisioningProblem, IssuerKeyUnusable.
        """
        run, now = await self.open_run(station_id), self._station_cache.clock.now()
        items, device = await self._items(station_id, run), self._device(station_id)
        run = replace(run, finished_at=now, finished_by=by, handed_to=handed_to)
        run = replace(run, record=record_text(device, run, items))
        seen = SeenNow(
            self.link_of(station_id),
            await self.state_of(station_id) or StationState(),
            await self.photos.of_run(run.run_id),
        )
        kept = self.frames.kept(run.run_id, station_id)
        certificate = await self.hand_over.certified(device, run, items, seen, kept)
        act = self._act(run, by, Change.POWER_UP_FINISHED, overall_verdict(items).value)
        await self._store(run, act, certificate)
        self.frames.leave(run.run_id)
        return await self.look(station_id)

    async def look(self, station_id: StationId) -> PowerUpState:
        """The checklist as it stands, whether or not a run was begun."""
        run = await self._run(station_id)
        is_open = run is not None and run.finished_at is None
        if run is not None and is_open:
            self.frames.resume(run.run_id, station_id)
        items = await self._items(station_id, run)
        certificate = await self.hand_over.note(station_id)
        return PowerUpState(station_id, self._product(self._device(station_id)), run, items, certificate)

    async def _items(self, station_id: StationId, run: PowerUpRun | None) -> list[CheckItem]:
        return power_up_items(await self._facts(station_id, run))

    async def _facts(self, station_id: StationId, run: PowerUpRun | None) -> PowerUpFacts:
        device, link, now = (
            self._device(station_id),
            self.link_of(station_id),
            self._station_cache.clock.now(),
        )
        state = await self.state_of(station_id) or StationState()
        activation = self._station_cache.runs.get(station_id)
        left = (
            [each.step.value for each in activation.steps if not each.state.is_settled] if activation else []
        )
        told = [
            (each.at, each.since)
            for each in state.connectors
            if each.at is not None and each.since is not None
        ]
        return PowerUpFacts(
            product=self._product(device),
            address=link.peer if link is not None else None,
            failure=self.failure_of(station_id) if link is None else None,
            credential=device.credential.state,
            registration=link.registration if link is not None else None,
            firmware=device.firmware,
            clock_error_s=clock_error_s(told, now),
            connectors=[
                SeenConnector(each.evse_id, each.connector_id, each.status, _error(each.error_code))
                for each in state.connectors
                if each.evse_id
            ],
            is_configured=device.released_at is not None or device.activated_at is not None,
            steps_left=tuple(left),
            is_requested=device.requested_at is not None,
            charges=await self._charges(device),
            readings=run.readings if run is not None else (),
            marks=run.marks if run is not None else (),
            photos=await self.photos.of_run(run.run_id) if run is not None else (),
        )

    async def _charges(self, device: Device) -> list[SeenCharge]:
        """Those of its last test window, with the test token."""
        window = device.test_window
        if window is None:
            return []
        wanted = TransactionsWanted(station_id=device.station_id, id_token=window.id_token.value)
        found = await self.transactions_of(wanted, TESTS_READ)
        return [
            SeenCharge(each.transaction_id, each.ended_at is not None, each.energy_wh)
            for each in found
            if TEST in each.flags and TOKEN_REFUSED not in each.flags
        ]

    async def open_run(self, station_id: StationId) -> PowerUpRun:
        """The run that goes on. Raises ProvisioningProblem: E_NO_POWER_UP."""
        run = await self._run(station_id)
        if run is None or run.finished_at is not None:
            raise ProvisioningProblem(Code.NO_POWER_UP, id=station_id)
        return run

    async def _run(self, station_id: StationId) -> PowerUpRun | None:
        return await self._station_cache.database.run_read(
            lambda connection: load_power_up(connection, station_id)
        )

    async def _store(self, run: PowerUpRun, act: Act, certificate: StoredCertificate | None = None) -> None:
        def write(connection: Connection) -> None:
            write_power_up(connection, run)
            if certificate is not None:
                write_certificate(connection, certificate)

        part = ChangePart(write, lambda: None)
        change = ChangeSet(act.cause, acts=[act], parts=[part])
        await self._station_cache.change(lambda _: None, lambda _: change)

    def _act(self, run: PowerUpRun, by: str, what: Change, result: str | None = None) -> Act:
        return self._station_cache.act(run.station_id, by, what, result=result, reference=run.run_id)

    def _device(self, station_id: StationId) -> Device:
        return self._station_cache.devices[station_id]

    def _product(self, device: Device) -> Product:
        return self._products.fitting(device.vendor, device.model)


def record_text(device: Device, run: PowerUpRun, items: Sequence[CheckItem]) -> str:
    """All that was found, in one spelling: members sorted, no spaces."""
    record = {
        "format": RECORD_FORMAT,
        "run_id": run.run_id,
        "started_at": instant_text(run.started_at),
        "started_by": run.started_by,
        "finished_at": instant_text(run.finished_at),
        "finished_by": run.finished_by,
        "verdict": overall_verdict(items).value,
        "product": {"id": run.product_id, "version": run.product_version},
        "station": {
            "station_id": device.station_id,
            "macs": list(device.macs),
            "serial": device.serial,
            "vendor": device.vendor,
            "model": device.model,
            "firmware": device.firmware,
        },
        "items": [item_json(each) for each in items],
        "readings": [
            {"reading": each.reading, "value": each.value, "at": instant_text(each.at), "by": each.by}
            for each in run.readings
        ],
        "checks": [
            {"item": each.item, "at": instant_text(each.at), "by": each.by, "note": each.note}
            for each in run.marks
        ],
        "handed_to": run.handed_to,
    }
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def item_json(item: CheckItem) -> dict[str, str | None]:
    """A line of the record."""
    return {
        "item": item.item,
        "title_en": item.title.en,
        "title_fr": item.title.fr,
        "verdict": item.verdict.value,
        "evidence": item.evidence,
        "detail_en": item.detail.en if item.detail is not None else None,
        "detail_fr": item.detail.fr if item.detail is not None else None,
        "who_clears": item.who_clears.value if item.who_clears is not None else None,
    }


def _error(code: str | None) -> str | None:
    return code if code not in (None, "", "NoError") else None


async def _nothing_stored(station_id: StationId) -> StationState | None:  # noqa: ARG001 - until it is wired
    return None


async def _no_transactions(wanted: TransactionsWanted, limit: int) -> Sequence[TransactionRecord]:  # noqa: ARG001
    return ()
