"""`SiteAccess`: hours and the site's list on top of a token's own verdict; and what goes into local lists."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from csms.ports import TokenSource
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo, LocalListEntry, StationId
from provisioning.lifecycle import Lifecycle
from provisioning.records import Site
from provisioning.settings import PolicyOf
from provisioning.station_cache import StationCache


class ListSource(Protocol):
    """Makes a site's tokens into entries of a station's local list."""

    async def entries(self, tokens: Sequence[IdToken]) -> list[LocalListEntry]:
        """One entry per token, in order."""
        ...


class ListedTokens:
    """Every listed token is accepted, unless the central system's own token table says otherwise."""

    def __init__(self, tokens: TokenSource | None = None) -> None:
        self._tokens = tokens

    async def entries(self, tokens: Sequence[IdToken]) -> list[LocalListEntry]:
        """One entry per token, in order."""
        return [LocalListEntry(token, await self._info(token)) for token in tokens]

    async def _info(self, token: IdToken) -> IdTokenInfo:
        accepted = IdTokenInfo(AuthorizationStatus.ACCEPTED)
        if self._tokens is None:
            return accepted
        info = await self._tokens.find(token)
        return accepted if info.status is AuthorizationStatus.UNKNOWN else replace(info, message=None)


class SiteAccess:
    """Fills `csms.ports.AuthorizationPolicy`."""

    def __init__(self, station_cache: StationCache, policy_of: PolicyOf) -> None:
        self._station_cache, self._policy_of = station_cache, policy_of

    async def authorize(
        self,
        station_id: StationId,
        evse_id: int | None,  # noqa: ARG002 - access is the same at every EVSE of a place
        id_token: IdToken,
        info: IdTokenInfo,
        at: datetime,
    ) -> IdTokenInfo:
        """The verdict at this station and time; messages are for the station's screen."""
        lifecycle_status = self._station_cache.lifecycle_status(station_id)
        if lifecycle_status is None or lifecycle_status.state is Lifecycle.QUARANTINE:
            is_open = self._policy_of(station_id) == "accept"
            return info if is_open else IdTokenInfo(AuthorizationStatus.INVALID)
        if lifecycle_status.state is Lifecycle.SUSPENDED:
            return _refused(info, AuthorizationStatus.BLOCKED, lifecycle_status.blocked_by[0].text.fr)
        if lifecycle_status.state is Lifecycle.TESTING:
            return self._in_test(station_id, id_token, info, at)
        if lifecycle_status.state is not Lifecycle.ACTIVE:
            # R7: nobody charges before the station is activated.
            return _refused(info, AuthorizationStatus.INVALID, lifecycle_status.blocked_by[0].text.fr)
        site = self._station_cache.site_of(station_id)
        return info if site is None else _at_site(site, id_token, info, at)

    def is_test(
        self, station_id: StationId, id_token: IdToken | None, at: datetime | None, received_at: datetime
    ) -> bool:
        """Whether a start is a test: in a test window by the station's clock, or told in one with its token.

        What a station kept from before is none, though it tells it in the window.
        """
        device = self._station_cache.devices.get(station_id)
        window = device.test_window if device is not None else None
        if window is None:
            return False
        is_its_token = id_token is not None and id_token.means(window.id_token)
        return window.holds_at(at or received_at) or (is_its_token and window.holds_at(received_at))

    def _in_test(
        self, station_id: StationId, id_token: IdToken, info: IdTokenInfo, at: datetime
    ) -> IdTokenInfo:
        """The test token alone, whatever else is known of it; neither list nor opening hours count."""
        window = self._station_cache.devices[station_id].test_window
        if window is not None and window.holds_at(at) and id_token.means(window.id_token):
            # A station that keeps verdicts forgets this one with the window.
            return IdTokenInfo(AuthorizationStatus.ACCEPTED, expires_at=window.until)
        return _refused(info, AuthorizationStatus.INVALID, "Essai en cours / Being tested")


def _at_site(site: Site, id_token: IdToken, info: IdTokenInfo, at: datetime) -> IdTokenInfo:
    is_listed = any(id_token.means(listed) for listed in site.tokens)
    if info.status is AuthorizationStatus.UNKNOWN and is_listed:
        info = replace(info, status=AuthorizationStatus.ACCEPTED)
    if info.status is not AuthorizationStatus.ACCEPTED:
        return info
    if site.is_list_exclusive and not is_listed:
        return replace(info, status=AuthorizationStatus.NOT_AT_THIS_LOCATION)
    if site.hours is not None and not site.hours.is_open(at):
        return _refused(info, AuthorizationStatus.NOT_AT_THIS_TIME, _opens_text(site, at))
    return info


def _refused(info: IdTokenInfo, status: AuthorizationStatus, message: str) -> IdTokenInfo:
    return replace(info, status=status, message=message)


def _opens_text(site: Site, at: datetime) -> str:
    edge = site.hours.next_edge(at) if site.hours else None
    if edge is None or site.hours is None:
        return "Fermé / Closed"
    local, today = edge.astimezone(site.hours.zone), at.astimezone(site.hours.zone).date()
    when = f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"
    return f"Fermé, ouvre à {when} / Closed, opens at {when}"
