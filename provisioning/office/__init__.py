"""What people do: order, set up sites, localize, adopt, activate, suspend. The API is a thin skin on it."""

from provisioning.credentials import Vault
from provisioning.directory import Directory
from provisioning.identity import MacResolver
from provisioning.office.localization import Localization
from provisioning.office.operation import Operation
from provisioning.office.passwords import Passwords
from provisioning.office.purchasing import Purchasing
from provisioning.office.sites import Sites


class Office:
    """The counters; each takes the name of who asks, for the audit trail."""

    def __init__(self, directory: Directory, vault: Vault, resolver: MacResolver) -> None:
        self.directory = directory
        self.purchasing = Purchasing(directory, vault)
        self.operation = Operation(directory)
        self.passwords = Passwords(directory, vault)
        self.sites = Sites(directory, self.operation)
        self.localization = Localization(directory, vault, resolver, self.operation)
