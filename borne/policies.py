"""The ports of the central system, and who fills each."""

from csms.central.central import Central
from csms.handlers.context import Policies
from provisioning.app import Provisioning


def policies_of(central: Central, provisioning: Provisioning) -> Policies:
    """The ports of the central system, filled by provisioning and by what is stored."""
    return Policies(
        resolver=provisioning.resolver,
        admission=provisioning.admission,
        boot=provisioning.boot_policy,
        credentials=provisioning.credentials,
        is_quiet=central.known.is_quiet,
        tokens=central.tokens,
        is_test=provisioning.authorization.is_test,
        authorization=provisioning.authorization,
        tariffs=provisioning.tariffs,
    )
