"""What provisioning is run with; borne fills it from its own settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

UnknownPolicy = Literal["accept", "quarantine", "reject", "refuse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisioningSettings:
    """Times in seconds. `pepper_path` is made on first use, mode 0600."""

    pepper_path: Path
    unknown: UnknownPolicy = "quarantine"
    pending_interval_s: int = 30
    heartbeat_interval_s: int = 300
    rejected_interval_s: int = 900
    reconnect_within_s: float = 90.0
    """How long a station may take to come back with its new secret, or from a restart."""
    command_timeout_s: float = 30.0
    quarantine_limit: int = 10_000
    """How many stations nobody ordered are remembered; beyond it they are answered Pending and forgotten."""
    parallel_activations: int = 64
