"""What the gateway needs of a version: wire messages to events, replies and commands to wire payloads.

Requests arrive as decoded message structs; what we send leaves as the payload's JSON object, which the codec
checks strictly before it goes out.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

from csms.domain.commands import Command, CommandAnswer
from csms.domain.events import Event, Reply
from ocppj.versions import OcppVersion


@dataclass(frozen=True, slots=True)
class WireCall:
    """One CALL to a station."""

    action: str
    payload: dict[str, Any] = field(repr=False)


class Dialect(Protocol):
    """One version's words."""

    version: OcppVersion
    keeps_billing_before_accepted: bool
    """Whether billing messages of a station that is not accepted are stored and answered, not refused."""

    def event(self, action: str, message: Any, findings: list[str]) -> Event | None:
        """The event a request tells; None for an action without a handler. Adds slugs of what was odd."""
        ...

    def answer(self, action: str, reply: Reply) -> dict[str, Any]:
        """The response payload to a request of `action`."""
        ...

    def unsupported_reason(self, command: Command) -> str | None:
        """Why the version cannot be asked this; None: it can."""
        ...

    def calls(self, command: Command) -> list[WireCall]:
        """What to send for a command, in order; empty where there is nothing to ask the station."""
        ...

    def command_answer(self, command: Command, responses: list[Any]) -> CommandAnswer:
        """What the station said; `responses` are the decoded responses to `calls`, in order."""
        ...

    def invited(self, action: str, payload: dict[str, Any]) -> tuple[str, ...]:
        """Which requests a CALL asks the station for: those are welcome before it is accepted (B02.FR.09)."""
        ...

    def is_billing(self, action: str) -> bool:
        """Whether requests of this action may not get lost (reliability §0)."""
        ...
