"""The steps of an activation, except the one for the secret: what each asks of the station."""

from dataclasses import dataclass

from charging.tariff import Tariff, price_text
from csms.domain.commands import ChangeAvailability
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Availability
from provisioning.access import ListSource
from provisioning.activation import desired
from provisioning.activation.access_list import send_list
from provisioning.activation.conversation import Conversation, FeatureLacking
from provisioning.activation.desired import Setting
from provisioning.activation.runs import StepState
from provisioning.catalogue import Code
from provisioning.records import Site


@dataclass(frozen=True, slots=True)
class Aim:
    """What the station should become: the site it is on, its price, and our settings."""

    site: Site | None
    tariff: Tariff | None
    heartbeat_interval_s: int
    lists: ListSource


def is_v16(talk: Conversation) -> bool:
    """Whether the station speaks 1.6."""
    return talk.link.version is OcppVersion.V16


async def set_clock(talk: Conversation, aim: Aim) -> StepState:
    """Clock and heartbeat keys."""
    for setting in desired.clock_settings(aim.site, aim.heartbeat_interval_s, is_v16=is_v16(talk)):
        await _assign(talk, setting)
    return talk.state


async def set_access_list(talk: Conversation, aim: Aim) -> StepState:
    """The authorization list, and the keys that put it in use."""
    tokens = aim.site.tokens if aim.site is not None else ()
    for setting in desired.list_settings(aim.site):
        await _assign(talk, setting)
    await send_list(talk, await aim.lists.entries(tokens), is_v16=is_v16(talk))
    return talk.state


async def set_availability(talk: Conversation, wanted: Availability) -> StepState:
    """Open or closed as the hours say now. `Scheduled` is a yes: it changes when the transaction ends."""
    try:
        answer = await talk.send(ChangeAvailability(wanted))
    except FeatureLacking:
        talk.remark(Code.KEY_LACKING, key="ChangeAvailability")
        return talk.state
    if not answer.is_accepted and answer.status != "Scheduled":
        talk.remark(Code.HOURS_REFUSED, reason=answer.status)
    elif not is_v16(talk):
        # Part of every 2.x station's device model (OCPP 2.0.1 part 1 appendix); 1.6 has nothing to read.
        await _read_availability(talk)
    return talk.state


async def set_tariff(talk: Conversation, aim: Aim) -> StepState:
    """The price on the station's display; SKIPPED where the site has none."""
    if aim.tariff is None:
        return StepState.SKIPPED
    if is_v16(talk):
        await _set_tariff_v16(talk, aim.tariff)
    else:
        for setting in desired.tariff_settings_v201(aim.tariff):
            await _assign(talk, setting)
    return talk.state


async def check_after_restart(talk: Conversation, aim: Aim) -> StepState:
    """Read back what was to come into force with the restart."""
    settings = desired.clock_settings(aim.site, aim.heartbeat_interval_s, is_v16=is_v16(talk))
    settings += desired.list_settings(aim.site)
    if aim.tariff is not None and not is_v16(talk):
        settings += desired.tariff_settings_v201(aim.tariff)
    for setting in settings:
        await talk.confirm(setting.ref, setting.value)
    return talk.state


async def _assign(talk: Conversation, setting: Setting) -> None:
    try:
        await talk.assign(setting.ref, setting.value)
    except FeatureLacking:
        talk.remark(Code.KEY_LACKING, key=setting.ref)


async def _read_availability(talk: Conversation) -> None:
    try:
        await talk.read(desired.AVAILABILITY)
    except FeatureLacking:
        talk.remark(Code.KEY_LACKING, key=desired.AVAILABILITY)


async def _set_tariff_v16(talk: Conversation, tariff: Tariff) -> None:
    """1.6 has no tariff; stations built for California's rules have keys for one (provisioning R43)."""
    keys = (desired.SHOWS_PRICE, desired.DEFAULT_PRICE, desired.DEFAULT_PRICE_TEXT)
    found = await talk.read(*keys)
    if desired.DEFAULT_PRICE not in found and desired.DEFAULT_PRICE_TEXT not in found:
        talk.remark(Code.TARIFF_NOT_REPRESENTABLE, feature="DefaultPrice")
        return
    if desired.DEFAULT_PRICE in found:
        await talk.assign(desired.DEFAULT_PRICE, desired.default_price(tariff))
    if desired.DEFAULT_PRICE_TEXT in found:
        text = price_text(tariff, "fr-CA")
        await talk.assign(desired.DEFAULT_PRICE_TEXT, text[: desired.VALUE_CHARACTERS])
    for feature in desired.features_lost_v16(tariff):
        talk.remark(Code.TARIFF_NOT_REPRESENTABLE, feature=feature)
