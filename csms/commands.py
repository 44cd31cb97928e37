"""How the rest of the program commands stations; the gateway fills this protocol."""

from typing import Any, Protocol

from csms.domain.commands import CommandOutcome
from csms.domain.links import LinkView
from ocppj.model.command import Command
from ocppj.vocabulary import StationId

DEFAULT_TIMEOUT_S = 30.0
"""How long a station may take to answer, unless the caller says otherwise."""


class StationCommands(Protocol):
    """Sends commands over a station's current link and waits for the station's own answer."""

    def link(self, station_id: StationId) -> LinkView | None:
        """The live link, or None while the station is offline."""
        ...

    def links(self) -> list[LinkView]:
        """All live links."""
        ...

    def unsupported_reason(self, station_id: StationId, command: Command) -> str | None:
        """Why this station cannot be asked this (its OCPP version has no such command); None: it can."""
        ...

    async def send(
        self,
        station_id: StationId,
        command: Command,
        *,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        origin: str = "api",
        before_accepted: bool = False,
    ) -> CommandOutcome:
        """Send a command; never raises for what the station does. `before_accepted` is for provisioning:
        a Pending station may be commanded once its boot was answered (OCPP 2.0.1 B02.FR.02)."""
        ...

    async def call(
        self,
        station_id: StationId,
        action: str,
        payload: dict[str, Any],
        *,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        origin: str = "api",
    ) -> CommandOutcome:
        """The raw call: any action of the station's version, payload as on the wire, checked strictly.

        Raises ocppj errors for an unknown action or an invalid payload: the caller's fault.
        """
        ...

    async def disconnect(self, station_id: StationId, *, code: int, reason: str) -> bool:
        """Close the station's socket; False if it has none."""
        ...
