"""Who may come in: identity, credentials, version; and what becomes of the link that is already there."""

import contextlib
from dataclasses import dataclass, field

from csms.domain.links import LinkSecurity
from csms.gateway.attempts import Attempts
from csms.gateway.guessing import Guessing
from csms.gateway.link import StationLink
from csms.gateway.link_context import LinkContext
from csms.gateway.ports import VersionMemory
from csms.ports import Admitted, ConnectionRequest, IdentityRefused
from ocppj.aio.endpoint import Refuse, UpgradeRequest
from ocppj.identity import Credentials
from ocppj.versions import OcppVersion
from ocppj.vocabulary import StationId

UNAUTHORIZED = Refuse(
    401,
    "This station is not admitted: check the station id and the password, or register the station first.",
    (("WWW-Authenticate", 'Basic realm="OCPP", charset="UTF-8"'),),
)
"""The same for known and unknown stations (architecture §4, decided)."""

INCUMBENT_ALIVE = "incumbent_alive"
TOO_OFTEN = Refuse(429, "Too many wrong passwords: try again later.", (("Retry-After", "60"),))


@dataclass(frozen=True, slots=True)
class AdmittedStation:
    """A station that may come in."""

    station_id: StationId
    version: OcppVersion
    security: LinkSecurity
    findings: tuple[str, ...]
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What it proved itself with, as it could repeat it in a message."""


class LinkAdmission:
    """Decides about each upgrade."""

    def __init__(self, context: LinkContext, attempts: Attempts, versions: VersionMemory) -> None:
        self._context = context
        self._attempts = attempts
        self._versions = versions
        self._guessing = Guessing(context.clock, context.limits)

    async def decide(self, request: UpgradeRequest) -> AdmittedStation | Refuse:
        """Authenticate before anything else, with the identity resolved once (architecture §4.1)."""
        identity = request.target.identity
        try:
            station_id = self._context.policies.resolver.resolve(identity)
        except IdentityRefused as refused:
            self._note(request, refused.reason)
            return UNAUTHORIZED
        fault = self._credentials_fault(request, station_id)
        if fault is not None:
            self._note(request, fault)
            return UNAUTHORIZED
        verdict = await self._context.policies.admission.admit(_question(request, station_id))
        if not isinstance(verdict, Admitted):
            is_wrong = verdict.status == 401 and request.credentials is not None
            if is_wrong and self._guessing.is_too_often(station_id, request.peer.address):
                self._note(request, verdict.reason)
                return TOO_OFTEN
            self._note(request, verdict.reason)
            return (
                UNAUTHORIZED if verdict.status == 401 else Refuse(verdict.status, "The station is refused.")
            )
        incumbent = self._context.links.get(station_id)
        is_stranger = verdict.security is LinkSecurity.UNAUTHENTICATED
        if incumbent is not None and is_stranger and await self._is_alive(incumbent):
            self._note(request, INCUMBENT_ALIVE)
            return Refuse(
                503, "Try again later.", (("Retry-After", str(self._context.limits.retry_after_s)),)
            )
        version = await self._version(request, station_id)
        findings = (*verdict.findings, *(toleration.value for toleration in request.tolerated))
        return AdmittedStation(
            station_id, version, verdict.security, findings, _spellings(request.credentials)
        )

    def _credentials_fault(self, request: UpgradeRequest, station_id: StationId) -> str | None:
        """Credentials that are there must be readable, and name the station of the URL (A00.FR.204)."""
        credentials = request.credentials
        if credentials is None:
            return "credentials_unreadable" if request.credentials_fault is not None else None
        if credentials.is_identity:
            return None
        try:
            named = self._context.policies.resolver.resolve(credentials.username)
        except IdentityRefused:
            named = None
        return None if named == station_id else "username_is_not_the_station_id"

    async def _is_alive(self, incumbent: StationLink) -> bool:
        """Ask the incumbent for a sign of life: one that a stranger wants to displace stays if it answers."""
        connection = incumbent.connection
        if not connection.is_open:
            return False
        asked_at = connection.last_received_at
        connection.ping()
        deadline = self._context.limits.probe_s
        step = deadline / PROBE_STEPS
        for _ in range(PROBE_STEPS):
            await self._context.clock.sleep(step)
            if connection.last_received_at > asked_at:
                return connection.is_open
        return False

    async def _version(self, request: UpgradeRequest, station_id: StationId) -> OcppVersion:
        """What both speak; a station that offers nothing goes on with its last version, 1.6 for a new one."""
        version = OcppVersion.from_subprotocol(request.negotiated or "")
        if version is None and not request.offered:
            version = await self._versions.last_version(station_id)
        return version or OcppVersion.V16

    def _note(self, request: UpgradeRequest, cause: str) -> None:
        self._attempts.note_cause(request.peer.address, request.peer.port, cause)


PROBE_STEPS = 20


def _spellings(credentials: Credentials | None) -> tuple[str, ...]:
    """A password as a station could write it in JSON: as text, and as 1.6 wants keys written (hex)."""
    if credentials is None or not credentials.password:
        return ()
    password = credentials.password
    spelled = {password.hex(), password.hex().upper()}
    with contextlib.suppress(UnicodeDecodeError):
        spelled.add(password.decode())
    return tuple(sorted(spelled))


def _question(request: UpgradeRequest, station_id: StationId) -> ConnectionRequest:
    credentials = request.credentials
    return ConnectionRequest(
        station_id=station_id,
        identity=request.target.identity,
        username=credentials.username if credentials is not None else None,
        password=credentials.password if credentials is not None else None,
        is_secure=request.peer.is_secure,
        peer=request.peer.address,
    )
