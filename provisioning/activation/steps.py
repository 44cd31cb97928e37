"""The steps of an activation, except the one for the secret: what each asks of the station."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Protocol

from charging.tariff import Tariff
from ocppj.model.availability import ChangeAvailability
from ocppj.model.remote_control import TriggerMessage
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Availability, StationId, TriggeredMessage, VariableRef
from provisioning.access import ListSource
from provisioning.activation import desired
from provisioning.activation.access_list import send_list
from provisioning.activation.desired import Setting
from provisioning.activation.runs import Evidence, StepName, StepState
from provisioning.activation.station_dialog import FeatureLacking, StationDialog
from provisioning.blockers import Code
from provisioning.records import Site
from runtime.wording import Phrase

AVAILABILITY_WORDS = {
    Availability.OPERATIVE: Phrase("disponible", "available"),
    Availability.INOPERATIVE: Phrase("indisponible", "unavailable"),
}


class Statuses(Protocol):
    """Waits a while for the connectors to report themselves, longer where they were asked to."""

    async def __call__(self, *, is_requested: bool) -> tuple[str, ...]:
        """The states they reported, none if none did."""
        ...


@dataclass(frozen=True, slots=True)
class Aim:
    """What the station should become: the site it is on, its price, and our settings."""

    site: Site | None
    tariff: Tariff | None
    heartbeat_interval_s: int
    lists: ListSource


AimOf = Callable[[StationId], Aim]


def is_v16(dialog: StationDialog) -> bool:
    """Whether the station speaks 1.6."""
    return dialog.link.version is OcppVersion.V16


async def set_clock(dialog: StationDialog, aim: Aim) -> StepState:
    """Clock and heartbeat keys."""
    for setting in desired.clock_settings(aim.site, aim.heartbeat_interval_s, is_v16=is_v16(dialog)):
        await dialog.assign(setting.ref, setting.value)
    return dialog.state


async def set_access_list(dialog: StationDialog, aim: Aim) -> StepState:
    """The authorization list, and the keys that put it in use."""
    tokens = aim.site.tokens if aim.site is not None else ()
    if is_v16(dialog):  # its list has no types: each value once, with the strictest verdict
        tokens = tuple({each.value_key: replace(each, has_type=False) for each in tokens}.values())
    for setting in desired.list_settings(aim.site):
        await dialog.assign(setting.ref, setting.value)
    await send_list(dialog, await aim.lists.entries(tokens), is_v16=is_v16(dialog))
    return dialog.state


async def set_availability(dialog: StationDialog, wanted: Availability, statuses: Statuses) -> StepState:
    """Open or closed as the hours say now. `Scheduled` is a yes: it changes when the transaction ends."""
    try:
        answer = await dialog.send(ChangeAvailability(wanted))
    except FeatureLacking:
        dialog.remark(Code.KEY_LACKING, key=ChangeAvailability.__name__)
        return dialog.state
    if answer.status == "Scheduled":
        return dialog.state
    if not answer.is_accepted:
        dialog.remark(Code.HOURS_REFUSED, reason=answer.status)
        return dialog.state
    states = () if is_v16(dialog) else await _read_state(dialog)
    states = states or await _reported_states(dialog, statuses)
    if not states:
        dialog.remark(Code.STATUS_SILENT, expected=AVAILABILITY_WORDS[wanted])
    elif not desired.shows_availability(wanted, states):
        dialog.remark(
            Code.CONFIG_DRIFT,
            key=Phrase("disponibilité", "availability"),
            asked=AVAILABILITY_WORDS[wanted],
            reported=", ".join(states),
        )
    return dialog.state


async def show_price(dialog: StationDialog, tariff: Tariff) -> bool:
    """The price on the station's display; whether it shows one. What it cannot say is remarked."""
    settings = await _price_settings(dialog, tariff)
    if not settings:
        dialog.remark(Code.TARIFF_NOT_REPRESENTABLE, feature=Phrase("le prix", "the price"))
        return False
    taken = [await dialog.assign(setting.ref, setting.value) for setting in settings]
    if any(taken):
        for feature in desired.features_lost(tariff, is_v16=is_v16(dialog)):
            dialog.remark(Code.TARIFF_NOT_REPRESENTABLE, feature=feature)
    return any(taken)


async def check_after_restart(dialog: StationDialog, aim: Aim, lacking: Collection[str]) -> StepState:
    """Read back what was to come into force with the restart; not what the station was found `lacking`."""
    for setting in await wanted_settings(dialog, aim):
        if str(setting.ref) not in lacking:
            await dialog.confirm(setting.ref, setting.value)
    return dialog.state


async def wanted_settings(dialog: StationDialog, aim: Aim) -> list[Setting]:
    """All that the station should have and can be read."""
    return [each for settings in (await wanted_by_step(dialog, aim)).values() for each in settings]


async def wanted_by_step(dialog: StationDialog, aim: Aim) -> dict[StepName, list[Setting]]:
    """The same, by the step that sets it."""
    return {
        StepName.CLOCK: desired.clock_settings(aim.site, aim.heartbeat_interval_s, is_v16=is_v16(dialog)),
        StepName.ACCESS_LIST: desired.list_settings(aim.site),
        StepName.TARIFF: await _price_settings(dialog, aim.tariff) if aim.tariff is not None else [],
    }


async def _price_settings(dialog: StationDialog, tariff: Tariff) -> list[Setting]:
    """1.6 has no tariff; stations built for California's rules have keys for one (provisioning R43)."""
    if not is_v16(dialog):
        return desired.tariff_settings_v201(tariff)
    keys = (desired.SHOWS_PRICE, desired.LANGUAGES, desired.DEFAULT_PRICE, desired.DEFAULT_PRICE_TEXT)
    try:
        results = await dialog.read(*keys)
    except FeatureLacking:
        return []
    found: dict[VariableRef, str | None] = {ref: result.value for ref, result in results.items()}
    if (found.get(desired.SHOWS_PRICE) or "true").strip().lower() == "false":
        return []
    return desired.tariff_settings_v16(tariff, found)


async def _reported_states(dialog: StationDialog, statuses: Statuses) -> tuple[str, ...]:
    """What the station tells of its connectors because of the change, or because it is asked to.

    1.6 has no variable to read. 2.x asks for one connector at a time (F06.FR.13), and tells every change
    anyway (G04.FR.05).
    """
    said, is_requested = "not asked", False
    if is_v16(dialog):
        try:
            answer = await dialog.send(TriggerMessage(TriggeredMessage.STATUS_NOTIFICATION))
        except FeatureLacking:
            said = "not supported"
        else:
            said, is_requested = answer.status, answer.is_accepted
    states = await statuses(is_requested=is_requested)
    dialog.evidence.append(Evidence("status of the connectors", said, ", ".join(states) or None))
    return states


async def _read_state(dialog: StationDialog) -> tuple[str, ...]:
    """Part of every 2.x station's device model (OCPP 2.0.1 part 1 appendix)."""
    try:
        found = (await dialog.read(desired.AVAILABILITY)).get(desired.AVAILABILITY)
    except FeatureLacking:
        return ()
    value = found.value if found is not None else None
    dialog.evidence[-1] = Evidence(f"read {desired.AVAILABILITY}", dialog.evidence[-1].answered, value)
    return (value,) if value else ()
