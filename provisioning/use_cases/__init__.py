"""What people do: order, set up sites, localize, adopt, activate, suspend. The API is a thin skin on it."""

from provisioning.credentials import Vault
from provisioning.identity import MacResolver
from provisioning.settings import ProvisioningSettings, whom_to_ring
from provisioning.station_cache import StationCache
from provisioning.use_cases.accounts import Accounts
from provisioning.use_cases.delivering import Delivering
from provisioning.use_cases.exchanging import Exchanging
from provisioning.use_cases.jobs import Jobs
from provisioning.use_cases.localization import Localization
from provisioning.use_cases.operation import Operation
from provisioning.use_cases.passwords import Passwords
from provisioning.use_cases.preparing import Preparing
from provisioning.use_cases.purchasing import Purchasing
from provisioning.use_cases.site_plans import SitePlans
from provisioning.use_cases.sites import Sites
from provisioning.use_cases.trying_out import TryingOut


class UseCases:
    """The counters; each takes the name of who asks, for the audit trail."""

    def __init__(
        self,
        station_cache: StationCache,
        vault: Vault,
        resolver: MacResolver,
        settings: ProvisioningSettings,
    ) -> None:
        self.station_cache = station_cache
        self.accounts = Accounts(station_cache)
        self.purchasing = Purchasing(station_cache, vault)
        self.delivering = Delivering(station_cache, resolver)
        self.preparing = Preparing(station_cache)
        self.operation = Operation(station_cache)
        self.passwords = Passwords(station_cache, vault)
        self.trying_out = TryingOut(station_cache)
        self.sites = Sites(station_cache, self.operation)
        self.site_plans = SitePlans(station_cache)
        self.localization = Localization(station_cache, vault, resolver, self.operation)
        self.localization.team = whom_to_ring(settings)
        self.jobs = Jobs(station_cache, resolver, settings)
        self.exchanging = Exchanging(station_cache, self.operation, self.localization)
