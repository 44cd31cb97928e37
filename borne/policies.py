"""The ports of the central system, and who fills each."""

from borne.settings import ServerSettings
from csms.central.central import Central
from csms.central.tokens import TokenConcurrency
from csms.handlers.context import Policies
from provisioning.app import Provisioning


def policies_of(central: Central, provisioning: Provisioning, settings: ServerSettings) -> Policies:
    """The ports of the central system, filled by provisioning, by what is stored and by the settings."""
    of_token, of_group = settings.concurrent_transactions, settings.concurrent_group_transactions
    is_limited = of_token is not None or of_group is not None
    return Policies(
        resolver=provisioning.resolver,
        admission=provisioning.admission,
        boot=provisioning.boot_policy,
        credentials=provisioning.credentials,
        is_quiet=central.known.is_quiet,
        tokens=central.tokens,
        is_test=provisioning.authorization.is_test,
        authorization=provisioning.authorization,
        concurrency=TokenConcurrency(central.tokens, of_token, of_group) if is_limited else None,
        tariffs=provisioning.tariffs,
    )
