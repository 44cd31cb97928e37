"""The front door of the central system: `Gateway` is what the OCPP server calls, and what commands stations.

Placeholder of the signature only while the parts below are being written.
"""

from dataclasses import dataclass

from csms.gateway.needs import CommandLog, FrameLog, Journal
from csms.metrics import Metrics
from csms.ports import (
    Admission,
    AuthorizationPolicy,
    BootPolicy,
    CostSource,
    IdentityResolver,
    TokenSource,
)
from runtime.chance import Chance
from runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Policies:
    """The ports that whoever runs the central system fills; `csms.defaults` has plain ones."""

    resolver: IdentityResolver
    admission: Admission
    boot: BootPolicy
    tokens: TokenSource
    authorization: AuthorizationPolicy
    costs: CostSource


class Gateway:
    """Implements `ocppj.aio.server.Endpoint` and `csms.commands.StationCommands`.

    An async context manager: entering starts its one sweep, leaving closes every link (1012).
    """

    def __init__(
        self,
        *,
        policies: Policies,
        journal: Journal,
        command_log: CommandLog,
        frame_log: FrameLog,
        clock: Clock,
        chance: Chance,
        metrics: Metrics | None = None,
    ) -> None:
        raise NotImplementedError
