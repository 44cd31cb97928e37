"""What a station suffers from at this moment: faults, silence, a second box under its id, a price for what it
does not tell. Pure.

A lifecycle state does not depend on any of it: an active station that is faulted is active, but does not
charge. What is told of it is derived here, whenever somebody looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from charging.tariff import Component
from csms.domain.records import ConnectorRecord
from csms.domain.station_details import SeenBoxAnswer
from ocppj.vocabulary import ConnectorStatus, StationId
from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.lifecycle import IN_SERVICE, Lifecycle
from runtime.texts import instant_text
from runtime.wording import Phrase

NO_ERROR = "NoError"
"""OCPP 1.6 §7.6: what a connector reports that has none."""
_COMPONENTS: dict[Component, Phrase] = {
    "energy": Phrase("L'énergie", "Energy"),
    "idle": Phrase("Le temps sans recharger", "Idle time"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A connector that reports an error; EVSE 0 is the station itself. `error` is the station's own word."""

    evse_id: int
    connector_id: int
    is_faulted: bool
    error: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A box that came under a station's id: what tells it from others.

    `times` is how often it was turned away; 0 for one that was let in. One that was turned away has not told
    its maker and serial yet.
    """

    address: str
    at: datetime
    times: int = 0
    vendor: str | None = None
    model: str | None = None
    serial_number: str | None = None

    @property
    def view(self) -> SeenBoxAnswer:
        """For the API."""
        return SeenBoxAnswer(
            address=self.address,
            vendor=self.vendor,
            model=self.model,
            serial_number=self.serial_number,
            at=instant_text(self.at),
            turned_away=self.times,
        )


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A component with a price where a station is, and of which it told nothing `since` then, at least."""

    station_id: StationId
    component: Component
    since: datetime
    tariff_id: str
    site_id: str

    @property
    def remark(self) -> Blocker:
        """What is said of it at the tariff or the site."""
        return _unmeasured_remark(self).at(self.station_id)


@dataclass(frozen=True, slots=True)
class SiteShortcoming:
    """What the preparation of a site found not to be as it has to be: where a fault may come from."""

    site_id: str
    site: str
    items: Phrase


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a station is now. `boxes` are all that came under its id lately, where they are more than one."""

    is_online: bool = True
    offline_since: datetime | None = None
    faults: tuple[Fault, ...] = ()
    boxes: tuple[Box, ...] = ()
    unmeasured: tuple[Unmeasured, ...] = ()
    shortcoming: SiteShortcoming | None = None


def remarks_on(state: Lifecycle | None, conditions: Conditions) -> tuple[Blocker, ...]:
    """What people should know of it, the worst first. `state` is None for a station that nobody leads."""
    found: list[Blocker] = []
    if conditions.boxes:
        boxes = [_box_phrase(each) for each in conditions.boxes]
        found.append(blocker(Code.DUPLICATE_IDENTITY, boxes=_joined(boxes)))
    if state in IN_SERVICE and not conditions.is_online:
        found.append(blocker(Code.OFFLINE, since=_since(conditions.offline_since)))
    for fault in sorted(conditions.faults, key=lambda each: not each.is_faulted):
        code = Code.FAULTED if fault.is_faulted else Code.ERROR_REPORTED
        found.append(blocker(code, where=_where(fault), error=fault.error or "–", since=_since(fault.since)))
    short = conditions.shortcoming
    if short is not None and any(each.is_faulted for each in conditions.faults):
        names = {"site": short.site, "site_id": short.site_id}
        found.append(blocker(Code.SITE_ITEM_FAILED, items=short.items, **names))
    found += map(_unmeasured_remark, conditions.unmeasured)
    return tuple(found)


def fault_of(record: ConnectorRecord) -> Fault | None:
    """What this connector's last report says is wrong with it; None where nothing is."""
    is_faulted = record.status is ConnectorStatus.FAULTED
    error = record.error_code if record.error_code not in (None, "", NO_ERROR) else None
    if not is_faulted and error is None:
        return None
    words = " – ".join(each for each in (error, record.info) if each)
    return Fault(record.evse_id, record.connector_id, is_faulted, words or None, record.at)


def _unmeasured_remark(lacking: Unmeasured) -> Blocker:
    """`about` names the component."""
    return blocker(
        Code.NOT_MEASURED,
        key=lacking.component,
        component=_COMPONENTS[lacking.component],
        since=_since(lacking.since),
        site=lacking.site_id,
    )


def _where(fault: Fault) -> Phrase:
    if not fault.evse_id:
        return Phrase("La borne", "The station")
    evse, connector = fault.evse_id, fault.connector_id
    return Phrase(f"Connecteur {connector} de l'EVSE {evse}", f"Connector {connector} of EVSE {evse}")


def _since(at: datetime | None) -> Phrase:
    if at is None:
        return Phrase("depuis un moment inconnu", "since nobody knows when")
    text = _instant(at)
    return Phrase(f"depuis {text}", f"since {text}")


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _box_phrase(box: Box) -> Phrase:
    known = [each for each in (box.vendor, box.model) if each]
    french, english = [box.address, *known], [box.address, *known]
    if box.serial_number:
        french.append(f"n° de série {box.serial_number}")
        english.append(f"serial {box.serial_number}")
    if box.times:
        french.append(f"{box.times} fois renvoyée, la dernière à {_instant(box.at)}")
        times = "once" if box.times == 1 else f"{box.times} times"
        english.append(f"turned away {times}, last at {_instant(box.at)}")
    return Phrase(f"({', '.join(french)})", f"({', '.join(english)})")


def _joined(phrases: Iterable[Phrase]) -> Phrase:
    every = list(phrases)
    return Phrase(" et ".join(each.fr for each in every), " and ".join(each.en for each in every))
