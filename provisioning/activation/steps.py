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
from provisioning.activation.conversation import Conversation, FeatureLacking
from provisioning.activation.desired import Setting
from provisioning.activation.runs import Evidence, StepName, StepState
from provisioning.blockers import Code
from provisioning.records import Site
from runtime.wording import Phrase

AVAILABILITY_WORDS = {
    Availability.OPERATIVE: Phrase("disponible", "available"),
    Availability.INOPERATIVE: Phrase("indisponible", "unavailable"),
}


class Statuses(Protocol):
    """Waits a while for the connectors to report themselves, longer where they were asked to."""

    async def __call__(self, *, is_asked: bool) -> tuple[str, ...]:
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


def is_v16(talk: Conversation) -> bool:
    """Whether the station speaks 1.6."""
    return talk.link.version is OcppVersion.V16


async def set_clock(talk: Conversation, aim: Aim) -> StepState:
    """Clock and heartbeat keys."""
    for setting in desired.clock_settings(aim.site, aim.heartbeat_interval_s, is_v16=is_v16(talk)):
        await talk.assign(setting.ref, setting.value)
    return talk.state


async def set_access_list(talk: Conversation, aim: Aim) -> StepState:
    """The authorization list, and the keys that put it in use."""
    tokens = aim.site.tokens if aim.site is not None else ()
    if is_v16(talk):  # its list has no types: each value once, with the strictest verdict
        tokens = tuple({each.value_key: replace(each, has_type=False) for each in tokens}.values())
    for setting in desired.list_settings(aim.site):
        await talk.assign(setting.ref, setting.value)
    await send_list(talk, await aim.lists.entries(tokens), is_v16=is_v16(talk))
    return talk.state


async def set_availability(talk: Conversation, wanted: Availability, statuses: Statuses) -> StepState:
    """Open or closed as the hours say now. `Scheduled` is a yes: it changes when the transaction ends."""
    try:
        answer = await talk.send(ChangeAvailability(wanted))
    except FeatureLacking:
        talk.remark(Code.KEY_LACKING, key=ChangeAvailability.__name__)
        return talk.state
    if answer.status == "Scheduled":
        return talk.state
    if not answer.is_accepted:
        talk.remark(Code.HOURS_REFUSED, reason=answer.status)
        return talk.state
    states = () if is_v16(talk) else await _read_state(talk)
    states = states or await _reported_states(talk, statuses)
    if not states:
        talk.remark(Code.STATUS_SILENT, expected=AVAILABILITY_WORDS[wanted])
    elif not desired.shows_availability(wanted, states):
        talk.remark(
            Code.CONFIG_DRIFT,
            key=Phrase("disponibilité", "availability"),
            asked=AVAILABILITY_WORDS[wanted],
            reported=", ".join(states),
        )
    return talk.state


async def show_price(talk: Conversation, tariff: Tariff) -> bool:
    """The price on the station's display; whether it shows one. What it cannot say is remarked."""
    settings = await _price_settings(talk, tariff)
    if not settings:
        talk.remark(Code.TARIFF_NOT_REPRESENTABLE, feature=Phrase("le prix", "the price"))
        return False
    taken = [await talk.assign(setting.ref, setting.value) for setting in settings]
    if any(taken):
        for feature in desired.features_lost(tariff):
            talk.remark(Code.TARIFF_NOT_REPRESENTABLE, feature=feature)
    return any(taken)


async def check_after_restart(talk: Conversation, aim: Aim, lacking: Collection[str]) -> StepState:
    """Read back what was to come into force with the restart; not what the station was found `lacking`."""
    for setting in await wanted_settings(talk, aim):
        if str(setting.ref) not in lacking:
            await talk.confirm(setting.ref, setting.value)
    return talk.state


async def wanted_settings(talk: Conversation, aim: Aim) -> list[Setting]:
    """All that the station should have and can be read."""
    return [each for settings in (await wanted_by_step(talk, aim)).values() for each in settings]


async def wanted_by_step(talk: Conversation, aim: Aim) -> dict[StepName, list[Setting]]:
    """The same, by the step that sets it."""
    return {
        StepName.CLOCK: desired.clock_settings(aim.site, aim.heartbeat_interval_s, is_v16=is_v16(talk)),
        StepName.ACCESS_LIST: desired.list_settings(aim.site),
        StepName.TARIFF: await _price_settings(talk, aim.tariff) if aim.tariff is not None else [],
    }


async def _price_settings(talk: Conversation, tariff: Tariff) -> list[Setting]:
    """1.6 has no tariff; stations built for California's rules have keys for one (provisioning R43)."""
    if not is_v16(talk):
        return desired.tariff_settings_v201(tariff)
    keys = (desired.SHOWS_PRICE, desired.LANGUAGES, desired.DEFAULT_PRICE, desired.DEFAULT_PRICE_TEXT)
    try:
        results = await talk.read(*keys)
    except FeatureLacking:
        return []
    found: dict[VariableRef, str | None] = {ref: result.value for ref, result in results.items()}
    if (found.get(desired.SHOWS_PRICE) or "true").strip().lower() == "false":
        return []
    return desired.tariff_settings_v16(tariff, found)


async def _reported_states(talk: Conversation, statuses: Statuses) -> tuple[str, ...]:
    """What the station tells of its connectors because of the change, or because it is asked to.

    1.6 has no variable to read. 2.x asks for one connector at a time (F06.FR.13), and tells every change
    anyway (G04.FR.05).
    """
    said, is_asked = "not asked", False
    if is_v16(talk):
        try:
            answer = await talk.send(TriggerMessage(TriggeredMessage.STATUS_NOTIFICATION))
        except FeatureLacking:
            said = "not supported"
        else:
            said, is_asked = answer.status, answer.is_accepted
    states = await statuses(is_asked=is_asked)
    talk.evidence.append(Evidence("status of the connectors", said, ", ".join(states) or None))
    return states


async def _read_state(talk: Conversation) -> tuple[str, ...]:
    """Part of every 2.x station's device model (OCPP 2.0.1 part 1 appendix)."""
    try:
        found = (await talk.read(desired.AVAILABILITY)).get(desired.AVAILABILITY)
    except FeatureLacking:
        return ()
    value = found.value if found is not None else None
    talk.evidence[-1] = Evidence(f"read {desired.AVAILABILITY}", talk.evidence[-1].answered, value)
    return (value,) if value else ()
