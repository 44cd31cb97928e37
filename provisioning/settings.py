"""What provisioning is run with; borne fills it from its own settings."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from csms.domain.records import UnknownPolicy
from ocppj.vocabulary import StationId
from runtime.wording import Phrase

PolicyOf = Callable[[StationId], UnknownPolicy]
"""What to do with a station that nobody ordered: the policy for all, or one chosen for it."""

Quiet = Callable[[StationId], bool]
"""Whether a station is under test: nothing is sent to it that nobody asked for."""

THE_TEAM = Phrase("l'équipe", "the team")
"""Where nobody said whom to ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisioningSettings:
    """Times in seconds. `pepper_path` is made on first use, mode 0600."""

    pepper_path: Path
    unknown: UnknownPolicy = "quarantine"
    pending_interval_s: int = 30
    heartbeat_interval_s: int = 300
    rejected_interval_s: int = 900
    reconnect_within_s: float = 90.0
    """How long one waits for a station to come back with its new secret, or from a restart, before people are
    told; one that takes longer is still expected."""
    secret_patience_s: float = 6.0
    """How long a station that took a new secret is left alone: it connects again by itself (A01), and one
    that is disturbed over it may lose what it was just given."""
    obey_within_s: float = 10.0
    """How long a station that agreed to boot or to restart may take to begin; then something else is
    tried."""
    command_timeout_s: float = 30.0
    quarantine_limit: int = 10_000
    """How many stations nobody ordered are remembered; beyond it they are answered Pending and forgotten."""
    products_folder: Path | None = None
    """Product files of the operator's own, beside those that ship."""
    parallel_commands: int = 64
    """How many commands of provisioning may be open at once, over all stations."""
    public_url: str = ""
    """What links and QR codes carry, without a slash at the end; empty where nobody said."""
    ocpp_url: str = ""
    """Where stations connect, `wss://HOST/ocpp`; each appends `/<station id>`. Empty where nobody said."""
    team_name: str = ""
    team_phone: str = ""
    """Whom installers ring."""


def team_contact(settings: ProvisioningSettings) -> dict[str, str | None] | None:
    """Whom refusals of the API name; None where nobody said."""
    if not settings.team_name and not settings.team_phone:
        return None
    return {"name": settings.team_name or None, "phone": settings.team_phone or None}


def whom_to_ring(settings: ProvisioningSettings) -> Phrase:
    """Name and phone, as far as they are known."""
    told = ", ".join(each for each in (settings.team_name, settings.team_phone) if each)
    return Phrase(told, told) if told else THE_TEAM
