"""What all links of a gateway share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from csms.gateway.deadlines import Deadlines
from csms.gateway.limits import GatewayLimits
from csms.gateway.ports import FrameLog, MessageStore
from csms.handlers.context import Policies
from csms.metrics import Metrics
from ocppj.vocabulary import StationId
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.lifecycle import Background

if TYPE_CHECKING:
    from csms.gateway.link import StationLink


@dataclass(slots=True, kw_only=True)
class LinkContext:
    """The parts that links work with. `links` holds the current link of each station, `node` is what this
    process is called.
    """

    policies: Policies
    message_store: MessageStore
    frame_log: FrameLog
    clock: Clock
    chance: Chance
    metrics: Metrics
    limits: GatewayLimits
    deadlines: Deadlines
    tasks: Background
    storage_failed: Callable[[], None]
    node: str = ""
    links: "dict[StationId, StationLink]" = field(default_factory=dict)
