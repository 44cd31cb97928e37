"""Plain answers to the questions of `csms.ports`: a central system that runs alone, without provisioning.

`UnknownPolicy` is the whole configuration: `accept` answers Accepted without any lifecycle (benches, load),
`quarantine` answers Pending, `reject` answers Rejected, `refuse` lets nobody in whom it does not know (401).
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

from access.principals import SERVER, Resource
from csms.domain.links import LinkSecurity
from csms.ports import Admitted, BootDecision, ConnectionRequest, Denied
from ocppj.model.boot import BootNotification
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo, RegistrationStatus, StationId

UnknownPolicy = Literal["accept", "quarantine", "reject", "refuse"]

Chosen = Callable[[StationId], str | None]
"""What an administrator chose for a station, in the words of `UnknownPolicy`; None: as for all."""

_REGISTRATIONS = {
    "accept": RegistrationStatus.ACCEPTED,
    "quarantine": RegistrationStatus.PENDING,
    "reject": RegistrationStatus.REJECTED,
    "refuse": RegistrationStatus.REJECTED,
}


def _nothing_chosen(station_id: StationId) -> str | None:  # noqa: ARG001 - a Chosen
    return None


class CaseFoldResolver:
    """Identities differ in more than the case of ASCII letters (identifierString, OCPP 2.0.1 part 2)."""

    def resolve(self, identity: str) -> StationId:
        """The identity in lower case; `identity` holds ASCII only (`ocppj.identity`)."""
        return StationId(identity.lower())


class OneOwner:
    """Everything belongs to who runs the server."""

    def of_station(self, station_id: StationId) -> Resource:  # noqa: ARG002 - the port's
        """Whichever it is."""
        return SERVER

    def of_site(self, site_id: str) -> Resource | None:  # noqa: ARG002 - the port's
        """Nobody keeps sites here."""
        return None


class PlainAdmission:
    """Lets stations in without credentials; under `refuse` only those that `is_known`.

    What was `chosen` for a station comes before the policy for all.
    """

    def __init__(
        self,
        policy: UnknownPolicy,
        is_known: Callable[[StationId], bool] = lambda _: False,
        *,
        chosen: Chosen = _nothing_chosen,
    ) -> None:
        self._policy = policy
        self._is_known = is_known
        self._chosen = chosen

    async def admit(self, request: ConnectionRequest) -> Admitted | Denied:
        """Nobody proves anything here, so every link is unauthenticated."""
        policy = self._chosen(request.station_id) or self._policy
        if policy == "refuse" and not self._is_known(request.station_id):
            return Denied(401, "unknown_station")
        return Admitted(LinkSecurity.UNAUTHENTICATED)


class PlainBootPolicy:
    """Answers every boot as the policy says. `stored` tells the last registration of a station."""

    def __init__(
        self,
        policy: UnknownPolicy,
        *,
        heartbeat_interval_s: int = 300,
        pending_interval_s: int = 30,
        stored: Callable[[StationId], Awaitable[RegistrationStatus | None]] | None = None,
        chosen: Chosen = _nothing_chosen,
    ) -> None:
        self._policy = policy
        self._accepted_s = heartbeat_interval_s
        self._waiting_s = pending_interval_s
        self._stored = stored
        self._chosen = chosen

    async def decide(self, station_id: StationId, boot: BootNotification) -> BootDecision:  # noqa: ARG002 - port
        """The same for everyone for whom nothing else was chosen."""
        status = self._status(station_id)
        is_accepted = status is RegistrationStatus.ACCEPTED
        return BootDecision(status, self._accepted_s if is_accepted else self._waiting_s)

    async def restore(self, station_id: StationId) -> RegistrationStatus | None:
        """What it was told last time, if that is known and still what we would say."""
        if self._stored is None:
            return None
        status = await self._stored(station_id)
        return status if status is self._status(station_id) else None

    def _status(self, station_id: StationId) -> RegistrationStatus:
        return _REGISTRATIONS[self._chosen(station_id) or self._policy]


class AnyToken:
    """Accepts every id token: benches and load."""

    async def find(self, id_token: IdToken) -> IdTokenInfo:  # noqa: ARG002 - port
        """Accepted."""
        return IdTokenInfo(AuthorizationStatus.ACCEPTED)


class OpenAccess:
    """Every accepted token may charge everywhere and at any time."""

    async def authorize(
        self,
        station_id: StationId,  # noqa: ARG002 - port
        evse_id: int | None,  # noqa: ARG002
        id_token: IdToken,  # noqa: ARG002
        info: IdTokenInfo,
        at: datetime,  # noqa: ARG002
    ) -> IdTokenInfo:
        """The token's own verdict."""
        return info
