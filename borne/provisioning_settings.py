"""What provisioning needs to know of the settings of `borne up`."""

from borne.settings import ServerSettings
from provisioning.settings import ProvisioningSettings


def provisioning_settings(settings: ServerSettings) -> ProvisioningSettings:
    """The same, in its own words."""
    return ProvisioningSettings(
        pepper_path=settings.var / "pepper",
        unknown=settings.unknown_policy,
        pending_interval_s=settings.pending_interval_s,
        heartbeat_interval_s=settings.heartbeat_interval_s,
        command_timeout_s=settings.command_timeout_s,
        secret_patience_s=settings.secret_patience_s,
        obey_within_s=settings.obey_within_s,
        products_folder=settings.products,
        public_url=settings.public_url or "",
        ocpp_url=settings.ocpp_url,
        team_name=settings.team_name or "",
        team_phone=settings.team_phone or "",
    )
