"""The power-up checklist: what is known of a station becomes items. Pure; the order of what is known is none.

An item passes only by its evidence, which it tells; what nobody could see yet is *waiting*, what cannot be
seen here is *cannot be checked*, with who clears it later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from charging.certificate.document import ItemValue
from ocppj.vocabulary import ConnectorStatus, RegistrationStatus
from provisioning.blockers import Clearer
from provisioning.products.files import is_wanted_firmware
from provisioning.products.product import BothTexts, Product, SafetyReading
from provisioning.records import CredentialState, RunMark, RunPhoto, TypedReading
from provisioning.rules.identifying import BOX, elsewhere
from provisioning.rules.photos import wanted_photos
from runtime.wording import Phrase

CLOCK_TOLERANCE_S = 30.0
"""How far a station's clock may be off; what it reports takes seconds to come."""
CHARGED_WH = 1.0
"""Energy from which on a test was a charge."""
SIGNAL = "signal"
"""The reading of the mobile reception, in dBm, where the product needs one."""
TICKED = "check-"
"""Begins the items of the product's checklist: `check-1` is its first line."""


class CheckVerdict(StrEnum):
    """How an item stands; the words of the API."""

    PASSED = "passed"
    FAILED = "failed"
    CANNOT_BE_CHECKED = "cannot_be_checked"
    """Not here, or not yet: no car, needs activation. `who_clears` says who sees to it later."""
    TESTER_ONLY = "tester_only"
    """Started and stopped, 0 kWh: the first real charge completes it."""
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line. `evidence` is what it was judged by; empty while there is none. `values` are the same, one
    by one, and `at` when it was typed or ticked.
    """

    item: str
    title: Phrase
    verdict: CheckVerdict
    evidence: str = ""
    detail: Phrase | None = None
    who_clears: Clearer | None = None
    values: tuple[ItemValue, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkFailure:
    """Why a connection failed, and what to do. One that named no station is not surely this station's."""

    text: Phrase
    is_its_own: bool = True


@dataclass(frozen=True, slots=True)
class SeenConnector:
    """A connector as it last reported itself, and its error."""

    evse_id: int
    connector_id: int
    status: ConnectorStatus
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SeenCharge:
    """A transaction of the test window: whether it ended, and its energy."""

    transaction_id: str
    is_over: bool
    energy_wh: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerUpFacts:
    """All that the items follow from."""

    product: Product
    address: str | None = None
    """From where it is connected; None: it is not."""
    failure: LinkFailure | None = None
    """Its last try to connect."""
    credential: CredentialState = CredentialState.NONE
    registration: RegistrationStatus | None = None
    firmware: str | None = None
    clock_error_s: float | None = None
    """How much its clock is ahead; None: it has told no time."""
    connectors: Sequence[SeenConnector] = ()
    is_configured: bool = False
    steps_left: tuple[str, ...] = ()
    """Steps of its activation that are not done, where one is asked for."""
    is_requested: bool = False
    charges: Sequence[SeenCharge] = ()
    readings: Sequence[TypedReading] = ()
    """What was measured; of several of one kind the last counts."""
    marks: Sequence[RunMark] = ()
    """What was ticked; the same."""
    photos: Sequence[RunPhoto] = ()


def power_up_items(facts: PowerUpFacts) -> list[CheckItem]:
    """Every item that there is for this product, in the order in which an installer gets there."""
    return [
        _link(facts),
        _credential(facts),
        _boot(facts),
        _box(facts),
        _firmware(facts),
        _clock(facts),
        *_connectors(facts),
        *_signal(facts),
        *_readings(facts),
        *_ticks(facts),
        *_photos(facts),
        _configuration(facts),
        _charge(facts),
    ]


def overall_verdict(items: Sequence[CheckItem]) -> CheckVerdict:
    """What the items come to: one that failed decides, then one that is open."""
    found = {each.verdict for each in items}
    for verdict in (CheckVerdict.FAILED, CheckVerdict.WAITING, CheckVerdict.CANNOT_BE_CHECKED):
        if verdict in found:
            return verdict
    return CheckVerdict.TESTER_ONLY if CheckVerdict.TESTER_ONLY in found else CheckVerdict.PASSED


def clock_error_s(reported: Sequence[tuple[datetime, datetime]], now: datetime) -> float | None:
    """How far ahead the clock is that told these times (its own, and ours when it first said so).

    A status that is repeated later has a later time of its own, so that a time after ours says nothing until
    it lies beyond now; the best of them counts. None: nothing can be said.
    """
    ahead = [
        (at - now).total_seconds() for at, _ in reported if (at - now).total_seconds() > CLOCK_TOLERANCE_S
    ]
    if ahead:
        return max(ahead)
    errors = [(at - since).total_seconds() for at, since in reported]
    near = [each for each in errors if each <= CLOCK_TOLERANCE_S]
    return max(near) if near else None


def _link(facts: PowerUpFacts) -> CheckItem:
    title = Phrase("Liaison", "Link")
    if facts.address is not None:
        seen = (ItemValue("address", facts.address),)
        return CheckItem("link", title, CheckVerdict.PASSED, f"connected from {facts.address}", values=seen)
    failure = facts.failure
    if failure is None:
        return CheckItem("link", title, CheckVerdict.WAITING, who_clears=Clearer.INSTALLER)
    verdict = CheckVerdict.FAILED if failure.is_its_own else CheckVerdict.WAITING
    evidence = failure.text.en if failure.is_its_own else ""
    return CheckItem("link", title, verdict, evidence, failure.text, Clearer.INSTALLER)


def _credential(facts: PowerUpFacts) -> CheckItem:
    title, state = Phrase("Secret", "Credential"), facts.credential
    if state is CredentialState.VERIFIED:
        return CheckItem("credential", title, CheckVerdict.PASSED, "it connected with its own secret")
    if state is CredentialState.REFUSED:
        told = Phrase("la borne a refusé son secret", "the station refused its secret")
        return CheckItem("credential", title, CheckVerdict.FAILED, told.en, told, Clearer.ADMINISTRATOR)
    return _needs_activation("credential", title)


def _boot(facts: PowerUpFacts) -> CheckItem:
    title = Phrase("Présentation (boot)", "Boot")
    if facts.registration is None:
        return CheckItem("boot", title, CheckVerdict.WAITING, who_clears=Clearer.STATION)
    if facts.registration is RegistrationStatus.REJECTED:
        told = Phrase("elle a été refusée", "it was rejected")
        return CheckItem("boot", title, CheckVerdict.FAILED, "Rejected", told, Clearer.ADMINISTRATOR)
    seen = (ItemValue("registration", facts.registration.value),)
    return CheckItem("boot", title, CheckVerdict.PASSED, f"answered {facts.registration.value}", values=seen)


def _box(facts: PowerUpFacts) -> CheckItem:
    """An act at the box that the server saw, here or at another station."""
    title = Phrase("C'est bien cette borne", "It is this box")
    marks = [each for each in facts.marks if each.item == BOX]
    mark = max(marks, key=lambda each: (each.at, each.note), default=None)
    if mark is None:
        return CheckItem(BOX, title, CheckVerdict.WAITING, who_clears=Clearer.INSTALLER)
    other = elsewhere(mark.note)
    seen = (ItemValue("act", mark.note), ItemValue("by", mark.by))
    if other is None:
        return CheckItem(BOX, title, CheckVerdict.PASSED, f"seen: {mark.note}", values=seen, at=mark.at)
    told = Phrase(
        f"le geste a été vu à la borne {other} : les étiquettes sont échangées",
        f"the act was seen at the station {other}: the labels are exchanged",
    )
    evidence = f"seen at {other}"
    return CheckItem(BOX, title, CheckVerdict.FAILED, evidence, told, Clearer.INSTALLER, seen[1:], mark.at)


def _firmware(facts: PowerUpFacts) -> CheckItem:
    title, wanted = Phrase("Micrologiciel", "Firmware"), ", ".join(facts.product.wanted_firmware) or "any"
    if facts.firmware is None:
        return CheckItem("firmware", title, CheckVerdict.WAITING, who_clears=Clearer.STATION)
    evidence = f"reported {facts.firmware}, wanted {wanted}"
    seen = (ItemValue("firmware", facts.firmware),)
    if is_wanted_firmware(facts.product, facts.firmware):
        return CheckItem("firmware", title, CheckVerdict.PASSED, evidence, values=seen)
    told = Phrase(f"{facts.firmware}; voulu : {wanted}", f"{facts.firmware}; wanted: {wanted}")
    return CheckItem("firmware", title, CheckVerdict.FAILED, evidence, told, Clearer.ADMINISTRATOR, seen)


def _clock(facts: PowerUpFacts) -> CheckItem:
    title, error_s = Phrase("Horloge", "Clock"), facts.clock_error_s
    if error_s is None:
        return CheckItem("clock", title, CheckVerdict.WAITING, who_clears=Clearer.STATION)
    evidence = f"{error_s:+.0f} s"
    seen = (ItemValue("offset", round(error_s), "s"),)
    if abs(error_s) <= CLOCK_TOLERANCE_S:
        return CheckItem("clock", title, CheckVerdict.PASSED, evidence, values=seen)
    told = Phrase(f"écart de {error_s:+.0f} s", f"off by {error_s:+.0f} s")
    return CheckItem("clock", title, CheckVerdict.FAILED, evidence, told, Clearer.INSTALLER, seen)


def _connectors(facts: PowerUpFacts) -> Iterator[CheckItem]:
    """One for each that reports itself, and for each EVSE of the product that does not."""
    seen = sorted(facts.connectors, key=lambda each: (each.evse_id, each.connector_id))
    for each in seen:
        where = f"connector-{each.evse_id}-{each.connector_id}"
        title = Phrase(
            f"Connecteur {each.evse_id}.{each.connector_id}", f"Connector {each.evse_id}.{each.connector_id}"
        )
        words = " ".join(filter(None, (each.status.value, each.error)))
        is_good = each.status is not ConnectorStatus.FAULTED and each.error is None
        verdict = CheckVerdict.PASSED if is_good else CheckVerdict.FAILED
        detail, who = (None, None) if is_good else (Phrase(words, words), Clearer.INSTALLER)
        told = (ItemValue("status", each.status.value), *_seen_error(each))
        yield CheckItem(where, title, verdict, f"reported {words}", detail, who, told)
    wanted = {each.evse for each in facts.product.connectors} or {1}
    for evse in sorted(wanted - {each.evse_id for each in seen}):
        title = Phrase(f"Connecteur {evse}", f"Connector {evse}")
        yield CheckItem(f"connector-{evse}", title, CheckVerdict.WAITING, who_clears=Clearer.STATION)


def _seen_error(connector: SeenConnector) -> tuple[ItemValue, ...]:
    return (ItemValue("error", connector.error),) if connector.error is not None else ()


def signal_reading(product: Product) -> SafetyReading | None:
    """The mobile reception as something to be measured: OCPP has no word for it, so whoever stands there
    reads it. None where the product needs none.
    """
    if not product.cellular.is_required:
        return None
    weakest = product.cellular.weakest_dbm
    name = BothTexts(fr="Signal cellulaire", en="Mobile signal")
    return SafetyReading(reading=SIGNAL, name=name, unit="dBm", at_least=weakest, at_most=0)


def wanted_readings(product: Product) -> tuple[SafetyReading, ...]:
    """All that is to be measured at a station of this product."""
    signal = signal_reading(product)
    return (*((signal,) if signal is not None else ()), *product.before_power)


def _signal(facts: PowerUpFacts) -> Iterator[CheckItem]:
    wanted = signal_reading(facts.product)
    if wanted is None:
        return
    title = Phrase("Signal", "Signal")
    item = _measured(SIGNAL, title, wanted, facts.readings)
    told = Phrase("à lire sur la borne", "to be read at the station")
    yield item or CheckItem(
        SIGNAL, title, CheckVerdict.CANNOT_BE_CHECKED, detail=told, who_clears=Clearer.INSTALLER
    )


def _readings(facts: PowerUpFacts) -> Iterator[CheckItem]:
    """What the product asks for before power; typed by whoever measured it, judged by its bounds."""
    for wanted in facts.product.before_power:
        item, title = f"reading-{wanted.reading}", Phrase(wanted.name.fr, wanted.name.en)
        measured = _measured(item, title, wanted, facts.readings)
        yield measured or CheckItem(item, title, CheckVerdict.WAITING, who_clears=Clearer.INSTALLER)


def _measured(
    item: str, title: Phrase, wanted: SafetyReading, readings: Sequence[TypedReading]
) -> CheckItem | None:
    """The last that was typed of a reading, judged; None where nobody typed one."""
    typed = [each for each in readings if each.reading == wanted.reading]
    if not typed:
        return None
    last = max(typed, key=lambda each: (each.at, each.value))
    evidence = f"{last.value:g} {wanted.unit}, measured by {last.by}"
    seen = (ItemValue("measured", last.value, wanted.unit), ItemValue("by", last.by))
    if wanted.is_within(last.value):
        return CheckItem(item, title, CheckVerdict.PASSED, evidence, values=seen, at=last.at)
    bounds = f"{last.value:g} {wanted.unit} ({wanted.bounds_text})"
    detail = Phrase(bounds, bounds)
    return CheckItem(item, title, CheckVerdict.FAILED, evidence, detail, Clearer.INSTALLER, seen, last.at)


def _ticks(facts: PowerUpFacts) -> Iterator[CheckItem]:
    """The lines of the product's checklist, each ticked by whoever looked."""
    for number, line in enumerate(facts.product.checklist, 1):
        item, title = f"{TICKED}{number}", Phrase(line.fr, line.en)
        mark = max(
            (each for each in facts.marks if each.item == item), key=lambda each: each.at, default=None
        )
        if mark is None:
            yield CheckItem(item, title, CheckVerdict.WAITING, who_clears=Clearer.INSTALLER)
        else:
            seen = (ItemValue("by", mark.by),)
            yield CheckItem(item, title, CheckVerdict.PASSED, f"seen by {mark.by}", values=seen, at=mark.at)


def _photos(facts: PowerUpFacts) -> Iterator[CheckItem]:
    """One for each that is wanted; it passes by its hash."""
    for wanted in wanted_photos(facts.product):
        item, title = f"photo-{wanted.photo}", Phrase(wanted.name.fr, wanted.name.en)
        there = [each for each in facts.photos if each.item == wanted.photo and each.is_whole]
        last = max(there, key=lambda each: (each.announced_at, each.sha256), default=None)
        if last is None:
            yield CheckItem(item, title, CheckVerdict.WAITING, who_clears=Clearer.INSTALLER)
        else:
            seen, at = (ItemValue("by", last.by),), last.taken_at or last.announced_at
            evidence = f"sha256 {last.sha256}"
            yield CheckItem(item, title, CheckVerdict.PASSED, evidence, values=seen, at=at)


def _configuration(facts: PowerUpFacts) -> CheckItem:
    title = Phrase("Configuration appliquée", "Configuration applied")
    if facts.is_configured:
        return CheckItem("configuration", title, CheckVerdict.PASSED, "every step read back")
    if not facts.is_requested:
        return _needs_activation("configuration", title)
    left = ", ".join(facts.steps_left)
    return CheckItem(
        "configuration", title, CheckVerdict.WAITING, detail=Phrase(left, left), who_clears=Clearer.STATION
    )


def _charge(facts: PowerUpFacts) -> CheckItem:
    """The best of the tests: with energy, then without a car."""
    title = Phrase("Recharge d'essai", "Test charge")
    over = sorted((each for each in facts.charges if each.is_over), key=lambda each: each.transaction_id)
    for each in over:
        if (each.energy_wh or 0.0) >= CHARGED_WH:
            seen = (*_transaction(each), ItemValue("energy", round(each.energy_wh or 0.0), "Wh"))
            evidence = f"{each.transaction_id}: {each.energy_wh:.0f} Wh"
            return CheckItem("charge", title, CheckVerdict.PASSED, evidence, values=seen)
    if over:
        told = Phrase(
            "démarrée et arrêtée sans énergie; la première vraie recharge la complète",
            "started and stopped without energy; the first real charge completes it",
        )
        evidence = f"{over[0].transaction_id}: started and stopped"
        seen = _transaction(over[0])
        return CheckItem("charge", title, CheckVerdict.TESTER_ONLY, evidence, told, Clearer.OWNER, seen)
    return CheckItem("charge", title, CheckVerdict.WAITING, who_clears=Clearer.INSTALLER)


def _transaction(charge: SeenCharge) -> tuple[ItemValue, ...]:
    return (ItemValue("transaction", charge.transaction_id),)


def _needs_activation(item: str, title: Phrase) -> CheckItem:
    told = Phrase("demande l'activation", "needs activation")
    return CheckItem(item, title, CheckVerdict.CANNOT_BE_CHECKED, detail=told, who_clears=Clearer.OWNER)
